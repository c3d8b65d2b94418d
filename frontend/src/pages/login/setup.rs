//! First account of a new installation, with the code that the server prints.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::signup::SetupRequest;

use super::account_fields::{AccountDraft, AccountFields};
use super::auth_layout::AuthLayout;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::new_password::new_password_fault;
use crate::components::page::use_title;
use crate::core::auth_options::use_auth_options;
use crate::core::page_preloader::use_page_preloader;
use crate::core::session;
use crate::{api, tl, tr};

/// The page in place of the sign-in until there is an account.
#[component]
pub fn SetupPage() -> impl IntoView {
    use_title(|| tr!(auth.setup.title).to_owned());
    view! {
        <AuthLayout title=tl!(auth.setup.title) hint=tl!(auth.setup.hint)>
            <SetupForm />
        </AuthLayout>
    }
    .into_any()
}

#[component]
fn SetupForm() -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let preloader = use_page_preloader();
    let empty = || RwSignal::new(String::new());
    let (code, again) = (empty(), empty());
    let account = AccountDraft::default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = SetupRequest {
            code: code.get_untracked().trim().to_owned(),
            username: account.username.get_untracked(),
            name: account.name.get_untracked(),
            password: account.password.get_untracked(),
        };
        let mut parser = FormParser::default();
        if request.code.is_empty() {
            parser.add_fault("code", ErrorCode::Required);
        }
        parser.add_faults(new_password_fault(options, "password", &request.password));
        if form.check(parser.merge(request.parse())).is_none() {
            return;
        }
        if again.with_untracked(|again| *again != request.password) {
            form.set_fault("repeat_password", tr!(password.differs));
            return;
        }
        preloader.start();
        form.send_or_else(
            async move { api::auth::initial_setup(&request).await },
            session::begin,
            move |error| {
                if error.code() == Some(ErrorCode::SetupAlreadyCompleted) {
                    options.load();
                }
            },
        );
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
            <AccountFields form=form account=account />
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
