//! Asking for a login. It works once somebody has approved it.

use leptos::prelude::*;
use shared::account::RegisterRequest;
use shared::error::ErrorCode;

use super::account_fields::{NewLogin, NewLoginFields};
use super::auth_layout::Door;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::Numbers;
use crate::components::icon::{Icon, IconName};
use crate::components::new_password::fault_of;
use crate::components::page::use_title;
use crate::core::auth_options;
use crate::{api, tl, tr};

/// The page of whoever has no login yet.
#[component]
pub fn RegisterPage() -> impl IntoView {
    use_title(|| tr!(auth.register.title).to_owned());
    let sent = RwSignal::new(false);
    let closed = || auth_options::options().is_some_and(|options| !options.registration_open);
    let page = move || {
        if sent.get() {
            view! {
                <Door title=tl!(auth.register.sent) hint=tl!(auth.register.sent_hint)>
                    <div class="flex flex-col gap-4" data-testid="registered">
                        <Icon name=IconName::CheckCircle class="size-8 text-success" />
                        <ToLogin />
                    </div>
                </Door>
            }
            .into_any()
        } else if closed() {
            view! {
                <Door title=tl!(auth.register.title) hint=tl!(auth.register.closed)>
                    <ToLogin />
                </Door>
            }
            .into_any()
        } else {
            view! {
                <Door title=tl!(auth.register.title) hint=tl!(auth.register.hint)>
                    <RegisterForm sent=sent />
                </Door>
            }
            .into_any()
        }
    };
    page.into_any()
}

#[component]
fn ToLogin() -> impl IntoView {
    view! {
        <a href="/" class="btn btn-block" data-testid="to-login">
            {tl!(auth.register.to_login)}
        </a>
    }
}

#[component]
fn RegisterForm(sent: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let login = NewLogin::default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = RegisterRequest {
            username: login.username.get_untracked(),
            name: login.name.get_untracked(),
            password: login.password.get_untracked(),
        };
        let mut extra = Numbers::default();
        extra.note(fault_of("password", &request.password));
        if form.check(extra.join(request.parse())).is_none() {
            return;
        }
        form.send_or(
            async move { api::auth::register(&request).await },
            move |_| sent.set(true),
            |error| {
                if error.code() == Some(ErrorCode::RegistrationClosed) {
                    auth_options::load();
                }
            },
        );
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="register-form">
            <FormError form=form />
            <NewLoginFields form=form login=login autofocus=true />
            <SubmitButton
                form=form
                label=tl!(auth.register.submit)
                class="btn btn-primary btn-block"
            />
            <a href="/" class="btn btn-ghost">
                {tl!(auth.register.to_login)}
            </a>
        </form>
    }
}
