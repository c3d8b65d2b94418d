//! Registration of an account, which works once it was approved.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::signup::RegisterRequest;

use super::account_fields::{AccountDraft, AccountFields};
use super::auth_layout::AuthLayout;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::components::new_password::new_password_fault;
use crate::components::page::use_title;
use crate::core::auth_options::use_auth_options;
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn RegisterPage() -> impl IntoView {
    use_title(|| tr!(auth.register.title).to_owned());
    let sent = RwSignal::new(false);
    let options = use_auth_options();
    let closed = move || options.get().is_some_and(|options| !options.registration_open);
    let page = move || {
        if sent.get() {
            view! {
                <AuthLayout title=tl!(auth.register.sent) hint=tl!(auth.register.sent_hint)>
                    <div class="flex flex-col gap-4" data-testid="registered">
                        <Icon name=IconName::CheckCircle class="size-8 text-success" />
                        <SignInLink />
                    </div>
                </AuthLayout>
            }
            .into_any()
        } else if closed() {
            view! {
                <AuthLayout title=tl!(auth.register.title) hint=tl!(auth.register.closed)>
                    <SignInLink />
                </AuthLayout>
            }
            .into_any()
        } else {
            view! {
                <AuthLayout title=tl!(auth.register.title) hint=tl!(auth.register.hint)>
                    <RegisterForm sent=sent />
                </AuthLayout>
            }
            .into_any()
        }
    };
    page.into_any()
}

#[component]
fn SignInLink() -> impl IntoView {
    view! {
        <a href="/" class="btn btn-block" data-testid="to-login">
            {tl!(auth.register.to_login)}
        </a>
    }
}

#[component]
fn RegisterForm(sent: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let account = AccountDraft::default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = RegisterRequest {
            username: account.username.get_untracked(),
            name: account.name.get_untracked(),
            password: account.password.get_untracked(),
        };
        let mut parser = FormParser::default();
        parser.add_faults(new_password_fault(options, "password", &request.password));
        if form.check(parser.merge(request.parse())).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::auth::register(&request).await },
            move |_| sent.set(true),
            move |error| {
                if error.code() == Some(ErrorCode::RegistrationClosed) {
                    options.load();
                }
            },
        );
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="register-form">
            <FormError form=form />
            <AccountFields form=form account=account autofocus=true />
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
