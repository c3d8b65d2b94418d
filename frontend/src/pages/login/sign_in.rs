//! Signing in: user name and password, then the code of accounts with a second factor.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::session::LoginRequest;
use shared::validate::Validator;

use super::auth_layout::AuthLayout;
use super::code_form::CodeForm;
use super::types::Credentials;
use crate::api;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::page::use_title;
use crate::core::auth_options::use_auth_options;
use crate::core::page_preloader::use_page_preloader;
use crate::core::session;
use crate::{tl, tr};

/// The sign-in page. The address stays, so the requested page opens afterwards.
#[component]
pub fn LoginPage() -> impl IntoView {
    use_title(|| tr!(auth.title).to_owned());
    let credentials = Credentials {
        username: RwSignal::new(String::new()),
        password: RwSignal::new(String::new()),
        asks_code: RwSignal::new(false),
    };
    move || {
        if credentials.asks_code.get() {
            view! {
                <AuthLayout title=tl!(auth.code.title) hint=tl!(auth.code.hint)>
                    <CodeForm credentials=credentials />
                </AuthLayout>
            }
            .into_any()
        } else {
            view! {
                <AuthLayout title=tl!(auth.title) hint=tl!(auth.hint)>
                    <PasswordForm credentials=credentials />
                    <RegisterLink />
                </AuthLayout>
            }
            .into_any()
        }
    }
}

#[component]
fn PasswordForm(credentials: Credentials) -> impl IntoView {
    let form = Form::new();
    let preloader = use_page_preloader();
    let Credentials { username, password, asks_code } = credentials;
    // Somebody who types a password is about to need what comes after the sign-in.
    Effect::new(move |started: Option<bool>| {
        let starts = started == Some(true) || password.with(|text| !text.is_empty());
        if starts && started != Some(true) {
            preloader.start();
        }
        starts
    });
    // After too many attempts, password and code together are still accepted.
    let throttled = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = LoginRequest {
            username: username.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            otp: None,
        };
        let mut check = Validator::default();
        if request.username.is_empty() {
            check.fail::<()>("username", ErrorCode::Required);
        }
        if request.password.is_empty() {
            check.fail::<()>("password", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::auth::login(&request).await },
            session::begin,
            move |error| match error.code() {
                Some(ErrorCode::SecondFactorRequired) => asks_code.set(true),
                Some(ErrorCode::TooManyAttempts) => throttled.set(true),
                _ => password.set(String::new()),
            },
        );
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="login-form">
            <FormError form=form />
            <TextField
                form=form
                name="username"
                label=tl!(auth.username)
                value=username
                autocomplete="username"
                autofocus=true
            />
            <TextField
                form=form
                name="password"
                label=tl!(auth.password)
                value=password
                kind="password"
                autocomplete="current-password"
            />
            <SubmitButton
                form=form
                label=tl!(auth.sign_in)
                class="btn btn-primary btn-block"
                testid="sign-in"
            />
            <Show when=move || throttled.get()>
                <button
                    type="button"
                    class="link link-primary"
                    data-testid="with-code"
                    on:click=move |_| asks_code.set(true)
                >
                    {tl!(auth.code.instead)}
                </button>
            </Show>
        </form>
    }
}

#[component]
fn RegisterLink() -> impl IntoView {
    let options = use_auth_options();
    let open = move || options.get().is_some_and(|options| options.registration_open);
    view! {
        <Show when=open>
            <p class="mt-4 border-t border-base-300 pt-4 text-center">
                <span class="text-muted">{tl!(auth.register.question)}</span>
                " "
                <a href="/register" class="link link-primary" data-testid="to-register">
                    {tl!(auth.register.link)}
                </a>
            </p>
        </Show>
    }
}
