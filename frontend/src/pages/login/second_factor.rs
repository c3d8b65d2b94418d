//! Set-up of a second factor that the organisation requires.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::auth_layout::AuthLayout;
use crate::components::page::use_title;
use crate::core::session;
use crate::pages::profile::second_factor::SetupSteps;
use crate::{api, tl, tr};

/// The set-up steps; afterwards the application opens.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    use_title(|| tr!(auth.second_factor.title).to_owned());
    let done = move |()| {
        spawn_local(async {
            if !api::client::refresh().await {
                session::expire();
            }
        });
    };
    view! {
        <AuthLayout title=tl!(auth.second_factor.title) hint=tl!(auth.second_factor.hint)>
            <SetupSteps on_done=done />
            <button
                type="button"
                class="btn btn-ghost mt-4 w-full"
                on:click=move |_| session::sign_out()
            >
                {tl!(common.user.sign_out)}
            </button>
        </AuthLayout>
    }
    .into_any()
}
