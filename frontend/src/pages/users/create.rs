//! A new login of a role below the own one.

use leptos::prelude::*;
use shared::Role;
use shared::error::ErrorCode;
use shared::user::UserCreate;

use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::{SelectField, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::typed::Numbers;
use crate::core::labels::Label;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The dialog with the form.
#[component]
pub fn CreateDialog(open: RwSignal<bool>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    view! {
        <Dialog open=open title=tl!(users.new) testid="user-dialog">
            <CreateForm open=open on_done=on_done />
        </Dialog>
    }
}

/// The roles that the signed-in person may give. Technicians are not made here: they need a
/// technician record and a bag as well.
fn roles() -> Signal<Vec<(String, String)>> {
    Signal::derive(|| {
        let Some(own) = session::user().map(|user| user.role) else { return Vec::new() };
        let below = Role::ALL.iter().filter(|role| own.may_manage(**role) && **role != Role::User);
        below.map(|role| (role.to_string(), role.label().to_owned())).collect()
    })
}

#[component]
fn CreateForm(open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let empty = || RwSignal::new(String::new());
    let (name, username, role, password) = (empty(), empty(), empty(), empty());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut extra = Numbers::default();
        let chosen = role.get_untracked().parse().ok();
        if chosen.is_none() {
            extra.fail("role", ErrorCode::Required);
        }
        if password.with_untracked(String::is_empty) {
            extra.fail("password", ErrorCode::Required);
        }
        let request = UserCreate {
            username: username.get_untracked(),
            name: name.get_untracked(),
            role: chosen.unwrap_or(Role::User),
            password: password.get_untracked(),
        };
        if form.check(extra.join(request.parse())).is_none() {
            return;
        }
        form.send(async move { api::users::create(&request).await }, move |user| {
            open.set(false);
            toast::success(tr!(users.created, name = user.name).to_string());
            on_done.run(());
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="user-form">
            <FormError form=form />
            <TextField form=form name="name" label=tl!(users.name) value=name required=true autofocus=true />
            <TextField
                form=form
                name="username"
                label=tl!(users.username)
                hint=tl!(users.username_hint)
                value=username
                required=true
            />
            <SelectField
                form=form
                name="role"
                label=tl!(users.role)
                hint=tl!(users.role_hint)
                value=role
                options=roles()
                required=true
                empty=true
            />
            <TextField
                form=form
                name="password"
                label=tl!(users.password)
                hint=tl!(users.password_hint)
                value=password
                kind="password"
                autocomplete="new-password"
                required=true
            />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(common.save) />
            </DialogButtons>
        </form>
    }
}
