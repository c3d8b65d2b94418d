//! Password reset by an administrator.

use leptos::prelude::*;
use shared::user::{PasswordReset, User};

use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::components::new_password::{NewPasswordField, new_password_fault};
use crate::components::reveal_once::SecretText;
use crate::core::auth_options::use_auth_options;
use crate::core::load::Load;
use crate::core::temporary_password::temporary_password;
use crate::{api, tl, tr};

/// The dialog: first the temporary password, then the note to hand over.
#[component]
pub fn ResetPasswordDialog(open: RwSignal<bool>, load: Load<User>) -> impl IntoView {
    view! {
        <Dialog open=open title=tl!(users.reset.title) testid="reset-dialog">
            <Steps open=open load=load />
        </Dialog>
    }
}

#[component]
fn Steps(open: RwSignal<bool>, load: Load<User>) -> impl IntoView {
    let done = RwSignal::new(None::<String>);
    move || match (load.value.get_untracked(), done.get()) {
        (Some(user), Some(password)) => {
            view! { <PasswordSlip user=user password=password open=open /> }.into_any()
        }
        (Some(user), None) => {
            view! { <ResetForm user=user open=open load=load done=done /> }.into_any()
        }
        (None, _) => ().into_any(),
    }
}

#[component]
fn ResetForm(
    user: User,
    open: RwSignal<bool>,
    load: Load<User>,
    done: RwSignal<Option<String>>,
) -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let password = RwSignal::new(temporary_password().unwrap_or_default());
    let known = vec![user.username.clone(), user.name.clone()];
    let (id, user_version) = (user.id, user.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reset = PasswordReset { password: password.get_untracked() };
        let mut parser = FormParser::default();
        parser.add_faults(new_password_fault(options, "password", &reset.password));
        if form.check(parser.merge(Ok(()))).is_none() {
            return;
        }
        let given = reset.password.clone();
        let version = load
            .value
            .with_untracked(|user| user.as_ref().map_or(user_version, |user| user.version));
        form.send_or_else(
            async move { api::users::reset_password(id, &reset, version).await },
            move |user| {
                load.set(user);
                done.try_set(Some(given));
            },
            move |error| load.reload_if_stale(error),
        );
    };
    let again = move |_| {
        if let Some(other) = temporary_password() {
            password.set(other);
            form.clear_fault("password");
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="reset-form">
            <p class="text-muted">{tr!(users.reset.hint, name = user.name).to_string()}</p>
            <FormError form=form />
            <NewPasswordField
                form=form
                name="password"
                label=tl!(users.reset.password)
                value=password
                known=Signal::stored(known)
                revealed=true
                autofocus=true
            />
            <button type="button" class="btn btn-sm self-start" on:click=again data-testid="another-password">
                <Icon name=IconName::Refresh />
                {tl!(users.reset.another)}
            </button>
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(users.reset.title) />
            </DialogButtons>
        </form>
    }
}

#[component]
fn PasswordSlip(user: User, password: String, open: RwSignal<bool>) -> impl IntoView {
    let text = tr!(users.reset.slip, username = user.username.clone(), password = password.clone());
    let text = StoredValue::new(text.to_string());
    view! {
        <div class="flex flex-col gap-4" data-testid="hand-over">
            <p>{tr!(users.reset.done, name = user.name).to_string()}</p>
            <SecretText text=text.get_value() label=tl!(users.reset.slip_label) testid="slip" />
            <p class="text-sm text-muted">{tl!(users.reset.once)}</p>
            <button
                type="button"
                class="btn btn-primary self-end"
                on:click=move |_| open.set(false)
                data-testid="handed-over"
            >
                {tl!(common.close)}
            </button>
        </div>
    }
}
