//! Imports of customers and items.

use shared::import::{Import, ImportColumns, ImportKind, ImportMapping, ImportReport, UndoReport};
use shared::{ImportId, Page};
use web_sys::File;

use super::page_query::PageQuery;
use super::{ApiError, ApiResult, client, upload};

/// A file with what was chosen for it.
#[derive(Clone)]
pub struct ImportFile {
    pub kind: ImportKind,
    pub file: File,
    pub mapping: ImportMapping,
    /// Lets a row replace both name and phone number of a customer.
    pub replace_customers: bool,
}

/// Returns the columns of a file and how they are understood.
pub async fn columns(
    order: &ImportFile,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<ImportColumns> {
    let path = format!("{}/import/columns", folder(order.kind));
    upload::file(&path, &[("mapping", &order.mapping()?)], &order.file, progress).await
}

/// Imports a file; with `dry_run` nothing is changed.
pub async fn run(
    order: &ImportFile,
    dry_run: bool,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<ImportReport> {
    let path = format!("{}/import?dry_run={dry_run}&{}", folder(order.kind), order.query());
    upload::file(&path, &[("mapping", &order.mapping()?)], &order.file, progress).await
}

/// Returns the object URL of an XLSX file with the rows that are rejected.
pub async fn rejected_rows(order: &ImportFile) -> ApiResult<String> {
    let path = format!("{}/import/rejected-rows?{}", folder(order.kind), order.query());
    upload::converted(&path, &[("mapping", &order.mapping()?)], &order.file).await
}

/// Returns a page of the imports, newest first.
pub async fn list(kind: ImportKind, query: &PageQuery) -> ApiResult<Page<Import>> {
    client::query(&format!("{}/imports", folder(kind)), query).await
}

/// Undoes an import.
pub async fn undo(kind: ImportKind, id: ImportId) -> ApiResult<UndoReport> {
    client::decode(&client::post_empty(&format!("{}/imports/{id}/undo", folder(kind))).await?)
}

impl ImportFile {
    fn mapping(&self) -> ApiResult<String> {
        serde_json::to_string(&self.mapping).map_err(|_| ApiError::InvalidResponse)
    }

    fn query(&self) -> String {
        format!("replace_customers={}", self.replace_customers)
    }
}

const fn folder(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Customers => "customers",
        ImportKind::Items => "inventory",
    }
}
