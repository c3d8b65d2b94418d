//! Password prompt before a Telegram chat is linked.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::telegram::{TelegramCode, TelegramCodeRequest};
use shared::validate::Validator;

use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::{api, tl};

/// Asks for the password and creates the link code.
#[component]
pub fn PasswordPrompt(#[prop(into)] on_done: Callback<TelegramCode>) -> impl IntoView {
    let form = Form::new();
    let password = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = TelegramCodeRequest { current_password: password.get_untracked() };
        let mut check = Validator::default();
        if request.current_password.is_empty() {
            check.fail::<()>("current_password", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_some() {
            form.send(
                async move { api::telegram::create_link_code(&request).await },
                move |code| on_done.run(code),
            );
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="telegram-password">
            <p class="text-muted">{tl!(profile.telegram.need_password)}</p>
            <FormError form=form />
            <TextField
                form=form
                name="current_password"
                label=tl!(password.current)
                value=password
                kind="password"
                autocomplete="current-password"
                required=true
                autofocus=true
            />
            <SubmitButton form=form label=tl!(profile.telegram.make_code) class="btn btn-primary self-end" />
        </form>
    }
}
