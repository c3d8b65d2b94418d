//! Changing the own password.

use leptos::prelude::*;
use shared::auth::PasswordChange;
use shared::error::ErrorCode;
use shared::validate::{Checker, FieldFault};

use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The form: the old one, and the new one twice.
#[component]
pub fn Password() -> impl IntoView {
    let form = Form::new();
    let empty = || RwSignal::new(String::new());
    let (current, new, again) = (empty(), empty(), empty());
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
        form.send(api::auth::change_password(user.username, change), move |answer| {
            session::accept(answer);
            toast::success(tr!(profile.password.done));
            for field in [current, new, again] {
                field.try_set(String::new());
            }
        });
    };
    let field = move |name: &'static str, label: TextProp, value, autocomplete: &'static str| {
        view! {
            <TextField
                form=form
                name=name
                label=label
                value=value
                kind="password"
                autocomplete=autocomplete
                required=true
            />
        }
    };
    view! {
        <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="password-form">
            <FormError form=form />
            {field("current_password", tl!(profile.password.current).into(), current, "current-password")}
            {field("new_password", tl!(profile.password.new).into(), new, "new-password")}
            {field("repeat_password", tl!(profile.password.again).into(), again, "new-password")}
            <p class="text-sm text-muted">{tl!(profile.password.hint)}</p>
            <SubmitButton
                form=form
                label=tl!(profile.password.save)
                class="btn btn-primary self-end"
                testid="save-password"
            />
        </form>
    }
}

fn check(change: &PasswordChange, again: &str) -> Result<(), Vec<FieldFault>> {
    let mut check = Checker::default();
    if change.current_password.is_empty() {
        check.fail::<()>("current_password", ErrorCode::Required);
    }
    if change.new_password.is_empty() {
        check.fail::<()>("new_password", ErrorCode::Required);
    } else if change.new_password != again {
        check.fail_with::<()>(
            "repeat_password",
            ErrorCode::WrongType,
            tr!(profile.password.differs),
        );
    }
    check.finish(Some(()))
}
