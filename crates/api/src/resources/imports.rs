//! Import of customers and items from spreadsheets.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use services::import::{ImportRequest, ImportResponse, customers, items};
use services::{Actor, allocator};
use shared::import::ImportReport;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::extractors::authorization::Allowed;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::extractors::upload::{FileContent, Upload};
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::reply::{Reply, request_key, stored_response};
use crate::request_context::language;
use crate::state::App;

/// Query string of an import.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Whether to only report what the import would do.
    pub dry_run: Option<bool>,
    /// Whether a row may replace both name and phone number of the customer that has its number; otherwise
    /// it is refused as `different_customer`. Customers only.
    pub replace_customers: Option<bool>,
}

/// The form of an import.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; `Upload` reads it")]
pub struct ImportForm {
    /// CSV (any usual delimiter and encoding) or XLSX.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

type ImportCall<P> = Allowed<P, (HttpRequest, Query<ImportQuery>, Upload)>;

/// Imports customers from a spreadsheet.
///
/// Headings may be Indonesian or English. Rows are matched with existing customers by customer
/// number, or by phone number and name where the file has none. The report names invalid rows; the
/// others are imported. Importing the same file again changes nothing. Plans have to exist
/// beforehand.
#[utoipa::path(post, path = "/api/customers/import", tag = "customers", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), ProblemResponses))]
pub async fn import_customers(app: App, call: ImportCall<permissions::CustomersWrite>) -> Reply {
    let (actor, file, order) = import_order(call);
    let (db, cipher) = (app.db.clone(), app.cipher.clone());
    run_detached(async move || customers::import(&db, &cipher, &actor, file, &order).await).await
}

/// Imports items with their opening stock, which is received in the first warehouse.
///
/// Rows are matched with existing items by code; the stock of existing items is not changed. The
/// report names invalid rows.
#[utoipa::path(post, path = "/api/inventory/import", tag = "inventory", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), ProblemResponses))]
pub async fn import_items(app: App, call: ImportCall<permissions::InventoryWrite>) -> Reply {
    let (actor, file, order) = import_order(call);
    let db = app.db.clone();
    run_detached(async move || items::import(&db, &actor, file, &order).await).await
}

fn import_order<P>(call: ImportCall<P>) -> (Actor, FileContent, ImportRequest) {
    let Allowed { actor, input: (request, Query(query), upload), .. } = call;
    let order = ImportRequest {
        file_name: upload.file_name,
        lang: language(&request),
        dry_run: query.dry_run.unwrap_or(false),
        replace_customers: query.replace_customers.unwrap_or(false),
        request: request_key(&actor, upload.meta, None),
    };
    (actor, upload.file, order)
}

/// Runs an import on a blocking thread: it takes a while, and continues when the caller
/// disconnects.
async fn run_detached(
    import: impl AsyncFnOnce() -> services::Result<ImportResponse> + Send + 'static,
) -> Reply {
    let runtime = Handle::current();
    let done = spawn_blocking(move || {
        let done = runtime.block_on(import());
        allocator::trim_heap();
        done
    });
    let done = done.await.map_err(|error| ApiError::Internal(error.to_string()))??;
    Ok(match done {
        ImportResponse::Report(report) => HttpResponse::Ok().json(report),
        ImportResponse::Repeated(status, body) => stored_response(status, body),
    })
}
