//! Who did what.

use shared::Page;
use shared::audit::{AuditEntry, AuditExportQuery, AuditQuery};

use super::{ApiResult, client};

/// A page of the entries, newest first.
pub async fn list(query: &AuditQuery) -> ApiResult<Page<AuditEntry>> {
    client::query("audit", query).await
}

/// Every entry of the filter as a table for a spreadsheet: the address of the file in memory, to be
/// revoked after use.
pub async fn export(query: &AuditExportQuery) -> ApiResult<String> {
    client::object_url(&format!("audit/export?{}", client::query_string(query))).await
}
