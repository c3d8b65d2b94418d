//! The trace that every change leaves, and every unmasked look at an identity.

mod csv_export;
mod mac_keys;
mod queries;
mod verify;

pub use csv_export::{CSV_HEADER, csv_rows};
pub use mac_keys::AuditKeys;
pub use queries::{AuditExport, list};
pub use verify::{ChainFault, ChainReport, verify};

use db::{NewAuditEntry, Tx};
use serde::Serialize;

use crate::Actor;
use crate::error::{Result, to_json};

/// What was done to what.
#[derive(Debug, Clone, Copy)]
pub struct AuditEvent {
    /// For instance `job.complete`.
    pub action: &'static str,
    /// For instance `job`.
    pub entity: &'static str,
    pub entity_id: i64,
}

/// Notes who did what, with the entity before and after. Callers pass what may be read later: no
/// password, no full identity number. What they pass has fields: a bare text or list would not say
/// what it is.
///
/// # Errors
/// What is passed has no form in JSON.
pub fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    deed: AuditEvent,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<()> {
    let entry = NewAuditEntry {
        at: tx.now().naive_utc(),
        actor_id: Some(actor.user_id),
        actor_name: actor.name.clone(),
        action: deed.action,
        entity: deed.entity,
        entity_id: Some(deed.entity_id),
        before: before.map(json).transpose()?,
        after: after.map(json).transpose()?,
        ip: actor.ip.clone(),
        request_id: actor.request_id.clone(),
    };
    tx.audit(entry);
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    let text = to_json(value)?;
    debug_assert!(text.starts_with('{'), "the audit keeps things with fields, not {text}");
    Ok(text)
}
