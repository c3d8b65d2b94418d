//! Replacement of a temporary password at the first sign-in.

use leptos::prelude::*;

use super::auth_layout::AuthLayout;
use crate::components::page::use_title;
use crate::core::session;
use crate::pages::profile::password::PasswordForm;
use crate::{tl, tr};

/// Requires a new password before anything else.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    use_title(|| tr!(auth.new.title).to_owned());
    view! {
        <AuthLayout title=tl!(auth.new.title) hint=tl!(auth.new.hint)>
            <PasswordForm standalone=true />
            <button
                type="button"
                class="btn btn-ghost mt-2 w-full"
                on:click=move |_| session::sign_out()
            >
                {tl!(common.user.sign_out)}
            </button>
        </AuthLayout>
    }
    .into_any()
}
