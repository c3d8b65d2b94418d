//! Types that the parts of the audit page share.

use shared::audit::{AuditEntry, AuditQuery};

use crate::core::list::List;

/// The list of audit entries.
pub type AuditList = List<AuditQuery, AuditEntry>;
