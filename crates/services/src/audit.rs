//! The trace that every change leaves.

use db::Tx;
use db::tables::audit::{NewAudit, insert};
use serde::Serialize;

use crate::Actor;
use crate::error::Result;

/// What was done to what.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    /// For instance `job.complete`.
    pub action: &'static str,
    /// For instance `job`.
    pub entity: &'static str,
    pub entity_id: i64,
}

/// Notes who did what, with the entity before and after. Callers pass what may be read later: no
/// password, no full identity number.
///
/// # Errors
/// The database fails.
pub fn record<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    deed: Deed,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<()> {
    let entry = NewAudit {
        at: tx.now().naive_utc(),
        actor_id: Some(actor.user_id),
        actor_name: &actor.name,
        action: deed.action,
        entity: deed.entity,
        entity_id: Some(deed.entity_id),
        before: before.map(json),
        after: after.map(json),
        ip: actor.ip.as_deref(),
        request_id: actor.request_id.as_deref(),
    };
    Ok(insert(tx.conn(), &entry)?)
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("\"not serialisable: {error}\""))
}
