//! Second step of signing in: the code of the authenticator app, or a recovery code.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::session::LoginRequest;
use shared::validate::Validator;

use super::types::Credentials;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::error_text::ErrorText;
use crate::core::page_preloader::use_page_preloader;
use crate::core::session;
use crate::{api, tl, tr};

/// Asks for the code and signs in with it and the password.
#[component]
pub fn CodeForm(credentials: Credentials) -> impl IntoView {
    let form = Form::new();
    let preloader = use_page_preloader();
    let code = RwSignal::new(String::new());
    let recovery = RwSignal::new(false);
    let Credentials { username, password, asks_code } = credentials;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let otp = code.get_untracked().trim().to_owned();
        let mut check = Validator::default();
        if otp.is_empty() {
            check.fail::<()>("otp", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_none() {
            return;
        }
        let request = LoginRequest {
            username: username.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            otp: Some(otp),
        };
        preloader.start();
        form.send_or_else(
            async move { api::auth::login(&request).await },
            session::begin,
            move |error| match error.code() {
                Some(ErrorCode::SecondFactorWrong) => {
                    code.set(String::new());
                    form.error.set(None);
                    form.set_fault("otp", &error.message());
                }
                // The password was changed meanwhile: start again.
                Some(ErrorCode::InvalidCredentials) => {
                    password.set(String::new());
                    asks_code.set(false);
                }
                _ => {}
            },
        );
    };
    let switch = move |_| {
        code.set(String::new());
        form.clear_fault("otp");
        recovery.update(|recovery| *recovery = !*recovery);
    };
    let back = move |_| {
        password.set(String::new());
        asks_code.set(false);
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="code-form">
            <FormError form=form />
            {move || {
                if recovery.get() {
                    view! {
                        <TextField
                            form=form
                            name="otp"
                            label=tl!(auth.code.recovery)
                            hint=tl!(auth.code.recovery_hint)
                            value=code
                            autocomplete="off"
                            autofocus=true
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <TextField
                            form=form
                            name="otp"
                            label=tl!(auth.code.app)
                            value=code
                            inputmode="numeric"
                            autocomplete="one-time-code"
                            placeholder="000000"
                            autofocus=true
                        />
                    }
                        .into_any()
                }
            }}
            <SubmitButton
                form=form
                label=tl!(auth.sign_in)
                class="btn btn-primary btn-block"
                testid="send-code"
            />
            <div class="flex flex-col gap-1">
                <button
                    type="button"
                    class="btn btn-ghost"
                    on:click=switch
                    data-testid="other-code"
                >
                    {move || if recovery.get() { tr!(auth.code.use_app) } else { tr!(auth.code.use_recovery) }}
                </button>
                <button type="button" class="btn btn-ghost" on:click=back>
                    {tl!(common.back)}
                </button>
            </div>
        </form>
    }
}
