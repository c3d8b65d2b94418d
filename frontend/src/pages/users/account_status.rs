//! Status of an account.

use leptos::prelude::*;
use shared::user::User;

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::tr;

/// Returns the status as text.
pub fn status_label(user: &User) -> &'static str {
    match (user.pending, user.active, user.must_change_password) {
        (true, ..) => tr!(users.pending),
        (_, false, _) => tr!(users.inactive),
        (_, true, true) => tr!(users.first_password),
        (_, true, false) => tr!(users.active),
    }
}

/// Badge of the status.
#[component]
pub fn AccountStatusBadge(user: User) -> impl IntoView {
    let (tone, icon) = match (user.pending, user.active, user.must_change_password) {
        (true, ..) => (Tone::Accent, IconName::Clock),
        (_, false, _) => (Tone::Neutral, IconName::Ban),
        (_, true, true) => (Tone::Warning, IconName::Lock),
        (_, true, false) => (Tone::Success, IconName::Check),
    };
    view! { <Badge tone=tone icon=icon text=move || status_label(&user) /> }
}
