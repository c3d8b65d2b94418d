//! Import of customers and items from spreadsheets.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use services::import::{self, ImportRequest, ImportResponse, Importer, UndoResponse};
use services::{Actor, allocator};
use shared::import::{Import, ImportColumns, ImportKind, ImportMapping, ImportReport, UndoReport};
use shared::{ImportId, Page};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::extractors::authorization::Allowed;
use crate::extractors::json_body::ChangeMeta;
use crate::extractors::permissions;
use crate::extractors::query::{PageQuery, Query};
use crate::extractors::upload::{FileContent, Upload};
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::reply::{self, Reply, request_key, stored_response};
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
    /// How columns and words are understood, as JSON.
    mapping: Option<ImportMapping>,
}

type ImportCall<P> = Allowed<P, (HttpRequest, Query<ImportQuery>, Upload)>;
type UndoCall<P> = Allowed<P, (Path<ImportId>, HttpRequest)>;

/// Imports customers from a spreadsheet.
///
/// Headings may be Indonesian or English; a mapping says what other headings and words mean. Rows are matched
/// with existing customers by customer number, or by phone number and name where the file has none. The report
/// names invalid rows; the others are imported. Importing the same file again changes nothing. Plans have to
/// exist beforehand.
#[utoipa::path(post, path = "/api/customers/import", tag = "customers", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), ProblemResponses))]
pub async fn import_customers(app: App, call: ImportCall<permissions::CustomersWrite>) -> Reply {
    import_file(ImportedFile::new(&app, call, ImportKind::Customers)?).await
}

/// Reads the columns of a file of customers without importing anything: what each of them is taken for, and the
/// words that mean nothing.
#[utoipa::path(post, path = "/api/customers/import/columns", tag = "customers", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportColumns), ProblemResponses))]
pub async fn customer_columns(app: App, call: ImportCall<permissions::CustomersWrite>) -> Reply {
    read_columns(ImportedFile::new(&app, call, ImportKind::Customers)?).await
}

/// Returns the rows of a file of customers that an import would reject, as XLSX with their reasons in an
/// additional column. Nothing is imported.
#[utoipa::path(post, path = "/api/customers/import/rejected-rows", tag = "customers",
    params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), ProblemResponses))]
pub async fn rejected_customers(app: App, call: ImportCall<permissions::CustomersWrite>) -> Reply {
    rejected_rows(ImportedFile::new(&app, call, ImportKind::Customers)?).await
}

/// Lists the imports of customers, newest first.
#[utoipa::path(get, path = "/api/customers/imports", tag = "customers", params(PageQuery),
    responses((status = 200, body = Page<Import>), ProblemResponses))]
pub async fn list_customer_imports(
    app: App,
    call: Allowed<permissions::CustomersWrite, Query<PageQuery>>,
) -> Reply {
    list(&app, ImportKind::Customers, &call.input.0).await
}

/// Undoes an import of customers: deletes what it created and restores what it changed. Possible for 30 days,
/// while none of these customers was changed since, and none that it created has a job.
#[utoipa::path(post, path = "/api/customers/imports/{id}/undo", tag = "customers",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = UndoReport), ProblemResponses))]
pub async fn undo_customer_import(app: App, call: UndoCall<permissions::CustomersWrite>) -> Reply {
    undo(app, call, ImportKind::Customers).await
}

/// Imports items with their opening stock, which is received in the first warehouse.
///
/// Rows are matched with existing items by code; the stock of items that have moved is not changed. The
/// report names invalid rows.
#[utoipa::path(post, path = "/api/inventory/import", tag = "inventory", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), ProblemResponses))]
pub async fn import_items(app: App, call: ImportCall<permissions::InventoryWrite>) -> Reply {
    import_file(ImportedFile::new(&app, call, ImportKind::Items)?).await
}

/// Reads the columns of a file of items without importing anything: what each of them is taken for, and the
/// words that mean nothing.
#[utoipa::path(post, path = "/api/inventory/import/columns", tag = "inventory", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportColumns), ProblemResponses))]
pub async fn item_columns(app: App, call: ImportCall<permissions::InventoryWrite>) -> Reply {
    read_columns(ImportedFile::new(&app, call, ImportKind::Items)?).await
}

/// Returns the rows of a file of items that an import would reject, as XLSX with their reasons in an additional
/// column. Nothing is imported.
#[utoipa::path(post, path = "/api/inventory/import/rejected-rows", tag = "inventory",
    params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), ProblemResponses))]
pub async fn rejected_items(app: App, call: ImportCall<permissions::InventoryWrite>) -> Reply {
    rejected_rows(ImportedFile::new(&app, call, ImportKind::Items)?).await
}

/// Lists the imports of items, newest first.
#[utoipa::path(get, path = "/api/inventory/imports", tag = "inventory", params(PageQuery),
    responses((status = 200, body = Page<Import>), ProblemResponses))]
pub async fn list_item_imports(
    app: App,
    call: Allowed<permissions::InventoryWrite, Query<PageQuery>>,
) -> Reply {
    list(&app, ImportKind::Items, &call.input.0).await
}

/// Undoes an import of items: deletes what it created and restores what it changed. Possible for 30 days, while
/// none of these items was changed or moved since. An item whose opening stock was received stays without
/// stock, because the ledger keeps every movement.
#[utoipa::path(post, path = "/api/inventory/imports/{id}/undo", tag = "inventory",
    params(("id" = ImportId, Path)),
    responses((status = 200, body = UndoReport), ProblemResponses))]
pub async fn undo_item_import(app: App, call: UndoCall<permissions::InventoryWrite>) -> Reply {
    undo(app, call, ImportKind::Items).await
}

/// A file to import.
struct ImportedFile {
    importer: Importer,
    file: FileContent,
    order: ImportRequest,
}

impl ImportedFile {
    fn new<P>(app: &App, call: ImportCall<P>, kind: ImportKind) -> Result<Self, ApiError> {
        let Allowed { actor, input: (request, Query(query), upload), .. } = call;
        let mapping = upload.fields.get("mapping").map(String::as_str);
        let dry_run = query.dry_run.unwrap_or(false);
        // Repeating a dry run is harmless, and its preview is too large to be stored.
        let key = request_key(&actor, upload.meta, None).filter(|_| !dry_run);
        let order = ImportRequest {
            mapping: mapping.map(import::parse_mapping).transpose()?.unwrap_or_default(),
            file_name: upload.file_name,
            lang: language(&request),
            dry_run,
            replace_customers: query.replace_customers.unwrap_or(false),
            request: key,
        };
        Ok(Self { importer: importer(app, actor, kind), file: upload.file, order })
    }
}

fn importer(app: &App, actor: Actor, kind: ImportKind) -> Importer {
    Importer { db: app.db.clone(), cipher: app.cipher.clone(), actor, kind }
}

async fn import_file(ImportedFile { importer, file, order }: ImportedFile) -> Reply {
    let done = run_detached(async move || import::import(&importer, &file, &order).await).await?;
    Ok(match done {
        ImportResponse::Report(report) => HttpResponse::Ok().json(report),
        ImportResponse::Repeated(status, body) => stored_response(status, body),
    })
}

async fn read_columns(ImportedFile { importer, file, order }: ImportedFile) -> Reply {
    let read = async move || import::columns_of_file(&importer, &file, &order).await;
    Ok(HttpResponse::Ok().json(run_detached(read).await?))
}

async fn rejected_rows(ImportedFile { importer, file, order }: ImportedFile) -> Reply {
    let read = async move || import::rejected_rows(&importer, &file, &order).await;
    let xlsx = run_detached(read).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"rejected-rows.xlsx\""))
        .body(xlsx))
}

async fn list(app: &App, kind: ImportKind, query: &PageQuery) -> Reply {
    let (page, now) = (query.page()?, app.db.clock().now());
    reply::read(app, move |conn| import::list(conn, kind, &page, now)).await
}

async fn undo<P>(app: App, call: UndoCall<P>, kind: ImportKind) -> Reply {
    let Allowed { actor, input: (id, request), .. } = call;
    let request = request_key(&actor, ChangeMeta::read(&request, &[])?, None);
    let importer = importer(&app, actor, kind);
    let done = run_detached(async move || import::undo(&importer, *id, request).await).await?;
    Ok(match done {
        UndoResponse::Report(report) => HttpResponse::Ok().json(report),
        UndoResponse::Repeated(status, body) => stored_response(status, body),
    })
}

/// Runs an import on a blocking thread: it takes a while, and continues when the caller
/// disconnects.
async fn run_detached<T: Send + 'static>(
    work: impl AsyncFnOnce() -> services::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    let runtime = Handle::current();
    let done = spawn_blocking(move || {
        let done = runtime.block_on(work());
        allocator::trim_heap();
        done
    });
    Ok(done.await.map_err(|error| ApiError::Internal(error.to_string()))??)
}
