//! The first login of a new installation, by the code that the server has printed.

use leptos::prelude::*;
use shared::account::SetupRequest;
use shared::error::ErrorCode;

use super::account_fields::{NewLogin, NewLoginFields};
use super::auth_layout::Door;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::Numbers;
use crate::components::new_password::fault_of;
use crate::components::page::use_title;
use crate::core::page_preloader::use_page_preloader;
use crate::core::{auth_options, session};
use crate::{api, tl, tr};

/// The page that stands in the place of the login until somebody can sign in.
#[component]
pub fn SetupPage() -> impl IntoView {
    use_title(|| tr!(auth.setup.title).to_owned());
    view! {
        <Door title=tl!(auth.setup.title) hint=tl!(auth.setup.hint)>
            <SetupForm />
        </Door>
    }
    .into_any()
}

#[component]
fn SetupForm() -> impl IntoView {
    let form = Form::new();
    let preloader = use_page_preloader();
    let empty = || RwSignal::new(String::new());
    let (code, again) = (empty(), empty());
    let login = NewLogin::default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = SetupRequest {
            code: code.get_untracked().trim().to_owned(),
            username: login.username.get_untracked(),
            name: login.name.get_untracked(),
            password: login.password.get_untracked(),
        };
        let mut extra = Numbers::default();
        if request.code.is_empty() {
            extra.fail("code", ErrorCode::Required);
        }
        extra.note(fault_of("password", &request.password));
        if form.check(extra.join(request.parse())).is_none() {
            return;
        }
        if again.with_untracked(|again| *again != request.password) {
            form.mark("repeat_password", tr!(password.differs));
            return;
        }
        preloader.start();
        form.send_or(async move { api::auth::set_up(&request).await }, session::accept, |error| {
            if error.code() == Some(ErrorCode::SetupDone) {
                auth_options::load();
            }
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="setup-form">
            <FormError form=form />
            <TextField
                form=form
                name="code"
                label=tl!(auth.setup.code)
                hint=tl!(auth.setup.code_hint)
                value=code
                required=true
                autofocus=true
            />
            <NewLoginFields form=form login=login />
            <TextField
                form=form
                name="repeat_password"
                label=tl!(password.again)
                value=again
                kind="password"
                autocomplete="new-password"
                required=true
            />
            <SubmitButton
                form=form
                label=tl!(auth.setup.submit)
                class="btn btn-primary btn-block"
            />
        </form>
    }
}
