//! Audit log: who changed what, with the state before and after.

mod action;
mod entity;

pub use action::AuditAction;
pub use entity::AuditEntity;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::UserId;

/// One audit entry. Entries are never changed or deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Number in the hash chain: from 1, without gaps.
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor_id: Option<UserId>,
    /// Name of the actor at that time.
    pub actor_name: String,
    /// For example `job.complete`. A text, because entries of other versions may hold unknown
    /// codes.
    pub action: String,
    /// For example `job`; may be unknown as well.
    pub entity: String,
    /// 0 if the action concerned several entities, for example an import.
    pub entity_id: Option<i64>,
    /// State before; its structure depends on the entity. Fields that the caller may not read are
    /// null.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// State after; its structure depends on the entity. Fields that the caller may not read are
    /// null.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
    /// Source address of the request; only for callers who manage user accounts.
    pub ip: Option<String>,
    /// Also in the server log.
    pub request_id: Option<String>,
}

/// `GET /api/audit`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Words in the actor's name, before or after; for callers who may not read all of these: words
    /// in the actor's name, the action or the entity.
    pub q: Option<String>,
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub entity: Option<AuditEntity>,
    pub entity_id: Option<i64>,
    /// Earliest time, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Latest time, exclusive.
    pub to: Option<DateTime<Utc>>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

impl AuditQuery {
    /// The filter of the query, without the page.
    pub fn filter(&self) -> AuditExportQuery {
        AuditExportQuery {
            q: self.q.clone(),
            actor: self.actor,
            action: self.action,
            entity: self.entity,
            entity_id: self.entity_id,
            from: self.from,
            to: self.to,
        }
    }
}

/// `GET /api/audit/export`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditExportQuery {
    /// Words in the actor's name, before or after; for callers who may not read all of these: words
    /// in the actor's name, the action or the entity.
    pub q: Option<String>,
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub entity: Option<AuditEntity>,
    pub entity_id: Option<i64>,
    /// Earliest time, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Latest time, exclusive.
    pub to: Option<DateTime<Utc>>,
}
