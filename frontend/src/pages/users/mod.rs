//! Logins of people.

mod account_access;
mod approval;
mod create_dialog;
pub mod detail;
mod edit;
mod list;
mod password_reset;
pub mod roles;

pub use list::UsersPage;

use leptos::prelude::*;
use shared::Role;
use shared::user::User;

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::core::labels::Label;
use crate::core::session;
use crate::tr;

/// The roles that the signed-in person may give, as choices of a select.
fn role_options(wanted: fn(Role) -> bool) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let roles = Role::ALL.iter().filter(|role| session::may_manage(**role) && wanted(**role));
        roles.map(|role| (role.to_string(), role.label().to_owned())).collect()
    })
}

fn status_label(user: &User) -> &'static str {
    match (user.pending, user.active, user.must_change_password) {
        (true, ..) => tr!(users.pending),
        (_, false, _) => tr!(users.inactive),
        (_, true, true) => tr!(users.first_password),
        (_, true, false) => tr!(users.active),
    }
}

/// Where a login stands.
#[component]
fn AccountStatusBadge(user: User) -> impl IntoView {
    let (tone, icon) = match (user.pending, user.active, user.must_change_password) {
        (true, ..) => (Tone::Accent, IconName::Clock),
        (_, false, _) => (Tone::Neutral, IconName::Ban),
        (_, true, true) => (Tone::Warning, IconName::Lock),
        (_, true, false) => (Tone::Success, IconName::Check),
    };
    view! { <Badge tone=tone icon=icon text=move || status_label(&user) /> }
}
