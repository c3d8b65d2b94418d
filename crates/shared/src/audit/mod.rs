//! Audit log: who did what, with the state before and after.

mod action;
mod entity;

pub use action::AuditAction;
pub use entity::AuditEntity;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::UserId;

/// One entry. Nobody can change or remove it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The number in the chain, from 1, without gaps.
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor_id: Option<UserId>,
    /// As the actor was called then.
    pub actor_name: String,
    /// For instance `job.complete`. A text, because entries of other versions may hold unknown codes.
    pub action: String,
    /// For instance `job`; may be unknown as well.
    pub entity: String,
    /// 0 if it was about several, for instance an import.
    pub entity_id: Option<i64>,
    /// The entity before; its form depends on the entity. Null in it is also what the caller may
    /// not read.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<Value>,
    /// The entity after; its form depends on the entity. Null in it is also what the caller may
    /// not read.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<Value>,
    /// Where the request came from; only for whoever manages logins.
    pub ip: Option<String>,
    /// Stands in the log too.
    pub request_id: Option<String>,
}

/// `GET /api/audit`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Words in the actor's name, before or after; for callers who may not read everything that
    /// stands there, words in the actor's name, the action or the entity.
    pub q: Option<String>,
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub entity: Option<AuditEntity>,
    pub entity_id: Option<i64>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

impl AuditQuery {
    /// What the query asks for, without the page.
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
    /// Words in the actor's name, before or after; for callers who may not read everything that
    /// stands there, words in the actor's name, the action or the entity.
    pub q: Option<String>,
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub entity: Option<AuditEntity>,
    pub entity_id: Option<i64>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}
