//! Fields of a new account, for registration and first set-up.

use leptos::prelude::*;

use crate::components::field::TextField;
use crate::components::form::Form;
use crate::components::new_password::NewPasswordField;
use crate::tl;

/// The input about the account.
#[derive(Clone, Copy, Default)]
pub struct AccountDraft {
    pub name: RwSignal<String>,
    pub username: RwSignal<String>,
    pub password: RwSignal<String>,
}

/// Name, user name and password.
#[component]
pub fn AccountFields(
    form: Form,
    account: AccountDraft,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let AccountDraft { name, username, password } = account;
    view! {
            <TextField
                form=form
                name="name"
                label=tl!(auth.register.name)
                value=name
                autocomplete="name"
                required=true
                autofocus=autofocus
            />
            <TextField
                form=form
                name="username"
                label=tl!(auth.username)
                hint=tl!(users.username_hint)
                value=username
                autocomplete="username"
                required=true
            />
            <NewPasswordField
                form=form
                name="password"
                label=tl!(auth.password)
                value=password
                known=Signal::derive(move || vec![username.get(), name.get()])
            />
    }
}
