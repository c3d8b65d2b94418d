//! Options of a role select.

use leptos::prelude::*;
use shared::Role;

use crate::core::labels::Label;
use crate::core::session;

/// Returns the roles that the signed-in person may assign.
pub fn role_options(wanted: fn(Role) -> bool) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let roles = Role::ALL.iter().filter(|role| session::may_manage(**role) && wanted(**role));
        roles.map(|role| (role.to_string(), role.label().to_owned())).collect()
    })
}
