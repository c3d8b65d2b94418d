//! Form that changes the own password.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::session::PasswordChange;
use shared::validate::Validator;

use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::new_password::{NewPasswordField, check_repeated};
use crate::core::auth_options::use_auth_options;
use crate::core::password_change::change_password;
use crate::core::{session, toast};
use crate::{tl, tr};

/// The current password, and the new one twice.
#[component]
pub fn PasswordForm(
    /// Whether the form is shown before the application.
    #[prop(optional)]
    standalone: bool,
) -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let empty = || RwSignal::new(String::new());
    let (current, new, again) = (empty(), empty(), empty());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let change = PasswordChange {
            current_password: current.get_untracked(),
            new_password: new.get_untracked(),
        };
        let mut check = Validator::default();
        if change.current_password.is_empty() {
            check.fail::<()>("current_password", ErrorCode::Required);
        }
        let new_one = ("new_password", change.new_password.as_str());
        if !check_repeated(
            form,
            options,
            check,
            new_one,
            ("repeat_password", &again.get_untracked()),
        ) {
            return;
        }
        let Some(user) = session::user() else { return };
        form.send(change_password(user.username, change), move |still_in| {
            toast::success(if still_in { tr!(password.done) } else { tr!(password.done_again) });
            for field in [current, new, again] {
                field.try_set(String::new());
            }
        });
    };
    let known = Signal::derive(|| {
        session::user().map(|user| vec![user.username, user.name]).unwrap_or_default()
    });
    let (class, button) = if standalone {
        ("flex flex-col gap-4", "btn btn-primary btn-block")
    } else {
        ("flex flex-col gap-4 p-4", "btn btn-primary self-end")
    };
    view! {
        <form class=class on:submit=submit novalidate data-testid="password-form">
            <FormError form=form />
            <TextField
                form=form
                name="current_password"
                label=tl!(password.current)
                value=current
                kind="password"
                autocomplete="current-password"
                required=true
                autofocus=standalone
            />
            <NewPasswordField
                form=form
                name="new_password"
                label=tl!(password.new)
                value=new
                known=known
            />
            <TextField
                form=form
                name="repeat_password"
                label=tl!(password.again)
                value=again
                kind="password"
                autocomplete="new-password"
                required=true
            />
            {(!standalone).then(|| view! { <p class="text-sm text-muted">{tl!(password.hint)}</p> })}
            <SubmitButton form=form label=tl!(password.save) class=button testid="save-password" />
        </form>
    }
}
