//! The first thing after a first login: an own password.

use leptos::prelude::*;
use shared::auth::PasswordChange;
use shared::error::ErrorCode;
use shared::validate::Checker;

use super::Door;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::page::use_title;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// Demands a new password before anything else.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    use_title(|| tr!(auth.new.title).to_owned());
    let form = Form::new();
    let current = RwSignal::new(String::new());
    let (new, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let change = PasswordChange {
            current_password: current.get_untracked(),
            new_password: new.get_untracked(),
        };
        if form.check(check(&change, &again.get_untracked())).is_none() {
            return;
        }
        let Some(user) = session::user() else { return };
        form.send(api::auth::change_password(user.username, change), |answer| {
            toast::success(tr!(auth.new.done));
            session::accept(answer);
        });
    };
    view! {
        <Door title=tl!(auth.new.title) hint=tl!(auth.new.hint)>
            <form class="flex flex-col gap-4" on:submit=submit novalidate>
                <FormError form=form />
                <TextField
                    form=form
                    name="current_password"
                    label=tl!(auth.new.current)
                    value=current
                    kind="password"
                    autocomplete="current-password"
                    autofocus=true
                />
                <TextField
                    form=form
                    name="new_password"
                    label=tl!(auth.new.new)
                    value=new
                    kind="password"
                    autocomplete="new-password"
                />
                <TextField
                    form=form
                    name="repeat_password"
                    label=tl!(auth.new.again)
                    value=again
                    kind="password"
                    autocomplete="new-password"
                />
                <SubmitButton form=form label=tl!(auth.new.save) class="btn btn-primary btn-block" />
                <button type="button" class="btn btn-ghost" on:click=move |_| session::sign_out()>
                    {tl!(common.user.sign_out)}
                </button>
            </form>
        </Door>
    }
}

fn check(change: &PasswordChange, again: &str) -> Result<(), Vec<shared::validate::FieldFault>> {
    let mut check = Checker::default();
    if change.current_password.is_empty() {
        check.fail::<()>("current_password", ErrorCode::Required);
    }
    if change.new_password.is_empty() {
        check.fail::<()>("new_password", ErrorCode::Required);
    } else if change.new_password != again {
        check.fail_with::<()>("repeat_password", ErrorCode::WrongType, tr!(auth.new.differs));
    }
    check.finish(Some(()))
}
