//! Importing spreadsheets.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde::Deserialize;
use services::import::{customers, items};
use shared::import::ImportReport;
use tokio::task::spawn_blocking;

use crate::guard::Allowed;
use crate::params::Params;
use crate::perm;
use crate::problem::ApiError;
use crate::refusals::Problems;
use crate::reply::{self, Reply};
use crate::state::App;
use crate::trace::language;
use crate::upload::Upload;

/// How an import runs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Only says what would be done.
    pub dry_run: Option<bool>,
}

/// The form of an import.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; `Upload` reads it")]
pub struct ImportForm {
    /// CSV (any usual delimiter and encoding) or XLSX.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

type Call<P> = Allowed<P, (HttpRequest, Params<ImportQuery>, Upload)>;

/// Imports customers. Headings may be Indonesian or English; rows are matched by customer number,
/// or by phone number and name where the file has none. Bad rows are named in the report, the
/// others are imported. The same file again changes nothing. Plans have to exist beforehand.
#[utoipa::path(post, path = "/api/customers/import", tag = "customers", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), Problems))]
pub async fn customers(app: App, call: Call<perm::CustomersWrite>) -> Reply {
    let Allowed { actor, input: (request, Params(query), upload), .. } = call;
    let (lang, dry_run) = (language(&request), query.dry_run.unwrap_or(false));
    let Upload { file, file_name, meta, .. } = upload;
    let checked = blocking(move || customers::check(&file)).await?;
    let (by, vault) = (actor.clone(), app.vault.clone());
    reply::create(&app, &by, meta, StatusCode::OK, move |tx| {
        customers::apply(tx, &vault, &actor, &checked, &file_name, lang, dry_run)
    })
    .await
}

/// Imports items with their opening stock, which arrives in the first warehouse. Items are matched
/// by code; the stock of known ones is left alone. Bad rows are named in the report.
#[utoipa::path(post, path = "/api/inventory/import", tag = "inventory", params(ImportQuery),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport), Problems))]
pub async fn items(app: App, call: Call<perm::InventoryWrite>) -> Reply {
    let Allowed { actor, input: (request, Params(query), upload), .. } = call;
    let (lang, dry_run) = (language(&request), query.dry_run.unwrap_or(false));
    let Upload { file, file_name, meta, .. } = upload;
    let checked = blocking(move || items::check(&file)).await?;
    let by = actor.clone();
    reply::create(&app, &by, meta, StatusCode::OK, move |tx| {
        items::apply(tx, &actor, &checked, &file_name, lang, dry_run)
    })
    .await
}

/// Large files take a while to read: not on a thread that answers requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> services::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    let done = spawn_blocking(work).await;
    Ok(done.map_err(|error| ApiError::Internal(error.to_string()))??)
}
