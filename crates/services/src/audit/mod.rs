//! Audit log: every change, and every unmasked read of identity data.

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
use shared::audit::AuditAction;

use crate::Actor;
use crate::error::{Result, to_json};

/// An audited action and the entity that it concerns.
#[derive(Debug, Clone, Copy)]
pub struct AuditEvent {
    /// The action; it determines the kind of entity.
    pub action: AuditAction,
    /// 0 if it concerns several entities, for instance an import.
    pub entity_id: i64,
}

/// Records an action with the entity before and after it.
///
/// Callers pass values that may be read later: no password and no full identity number. The values
/// must serialise to JSON objects, because a bare text or list would not say what it is.
pub fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    event: AuditEvent,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<()> {
    let entry = NewAuditEntry {
        at: tx.now().naive_utc(),
        actor_id: Some(actor.user_id),
        actor_name: actor.name.clone(),
        action: event.action.as_str(),
        entity: event.action.entity().as_str(),
        entity_id: Some(event.entity_id),
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
    debug_assert!(text.starts_with('{'), "audit snapshots are JSON objects, not {text}");
    Ok(text)
}
