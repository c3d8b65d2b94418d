//! Dialog that creates an account.

use leptos::prelude::*;
use shared::Role;
use shared::error::ErrorCode;
use shared::user::UserCreate;

use super::role_options::role_options;
use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::{SelectField, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::new_password::{NewPasswordField, new_password_fault};
use crate::core::auth_options::use_auth_options;
use crate::core::toast;
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

#[component]
fn CreateForm(open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let empty = || RwSignal::new(String::new());
    let (name, username, role, password) = (empty(), empty(), empty(), empty());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut parser = FormParser::default();
        let chosen = role.get_untracked().parse().ok();
        if chosen.is_none() {
            parser.add_fault("role", ErrorCode::Required);
        }
        parser.add_faults(new_password_fault(options, "password", &password.get_untracked()));
        let request = UserCreate {
            username: username.get_untracked(),
            name: name.get_untracked(),
            role: chosen.unwrap_or(Role::User),
            password: password.get_untracked(),
        };
        if form.check(parser.merge(request.parse())).is_none() {
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
                options=role_options(|role| role != Role::User)
                required=true
                empty=true
            />
            <NewPasswordField
                form=form
                name="password"
                label=tl!(users.password)
                value=password
                known=Signal::derive(move || vec![username.get(), name.get()])
            />
            <p class="text-sm text-muted">{tl!(users.password_hint)}</p>
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(common.save) />
            </DialogButtons>
        </form>
    }
}
