//! Signing in.

mod new_password;

use leptos::prelude::*;
use shared::auth::LoginRequest;
use shared::error::ErrorCode;
use shared::validate::Checker;

pub use new_password::NewPasswordPage;

use crate::api;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::icon::{Icon, IconName};
use crate::components::menus::{LanguageSwitch, ThemeSwitch};
use crate::components::page::use_title;
use crate::core::{pages, session};
use crate::{tl, tr};

/// The page for whoever is not signed in. The address stays, so that one lands where one wanted.
#[component]
pub fn LoginPage() -> impl IntoView {
    use_title(|| tr!(auth.title).to_owned());
    let form = Form::new();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = LoginRequest {
            username: username.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            otp: None,
        };
        let mut check = Checker::default();
        if request.username.is_empty() {
            check.fail::<()>("username", ErrorCode::Required);
        }
        if request.password.is_empty() {
            check.fail::<()>("password", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_some() {
            pages::load_current();
            form.send_or(
                async move { api::auth::login(&request).await },
                session::accept,
                move |_| password.set(String::new()),
            );
        }
    };
    view! {
        <Door title=tl!(auth.title) hint=tl!(auth.hint)>
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
            </form>
        </Door>
    }
}

/// The frame of the pages before the application.
#[component]
fn Door(
    #[prop(into)] title: TextProp,
    #[prop(into)] hint: TextProp,
    children: Children,
) -> impl IntoView {
    view! {
        <main class="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 p-4">
            <div class="flex items-center gap-2">
                <Icon name=IconName::Wifi class="size-7 text-primary" />
                <span class="grow text-lg font-semibold">{tl!(common.app)}</span>
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
            <div class="rounded-box border border-base-300 bg-base-100 p-6 shadow-sm">
                <h1 class="text-xl font-semibold">{move || title.get()}</h1>
                <p class="mb-4 text-muted">{move || hint.get()}</p>
                {children()}
            </div>
        </main>
    }
}
