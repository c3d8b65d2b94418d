//! Labels of the codes in the audit log. An unknown code stays as it is.

use shared::audit::{AuditAction, AuditEntity};

use crate::core::i18n;

/// Returns the label of an action.
pub fn action_word(code: &str) -> String {
    code.parse::<AuditAction>()
        .map_or_else(|_| code.to_owned(), |action| action.label(i18n::lang()).to_owned())
}

/// Returns the label of an entity.
pub fn entity_word(code: &str) -> String {
    code.parse::<AuditEntity>()
        .map_or_else(|_| code.to_owned(), |entity| entity.label(i18n::lang()).to_owned())
}

/// Returns the page of a resource, if it has one.
pub fn entity_page(entity: &str, id: i64) -> Option<String> {
    let folder = match entity {
        "job" => "jobs",
        "customer" => "customers",
        "technician" => "technicians",
        "item" => "inventory",
        "user" => "users",
        _ => return None,
    };
    Some(format!("/{folder}/{id}"))
}
