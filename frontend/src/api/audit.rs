//! Audit log.

use shared::Page;
use shared::audit::{AuditEntry, AuditExportQuery, AuditQuery};

use super::{ApiResult, client};

/// Returns a page of the entries, newest first.
pub async fn list(query: &AuditQuery) -> ApiResult<Page<AuditEntry>> {
    client::query("audit", query).await
}

/// Exports the entries of a filter as CSV; returns the object URL of the file, to be revoked after use.
pub async fn export(query: &AuditExportQuery) -> ApiResult<String> {
    client::object_url(&format!("audit/export?{}", client::query_string(query))).await
}
