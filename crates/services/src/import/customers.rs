//! Import of customers.

use db::Db;

use super::batches::{self, ImportResponse};
use super::customer_upsert::CustomerImport;
use super::request::ImportRequest;
use crate::Actor;
use crate::encryption::Cipher;
use crate::error::Result;

/// Imports a file of customers: creates new ones and updates changed ones. Rows are matched by
/// number, or without one by phone number and name. An empty cell or a missing column keeps the
/// stored value. Runs as long as the file is large, so call it from a task of its own.
///
/// Invalid rows are no error: the report lists them. After a failure the completed batches stay;
/// importing the same file again adds the rest.
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableFile`, `TooMany` (rows), `PayloadTooLarge`, `MissingColumn`,
/// `ImportRunning`, `RequestInProgress`, `IdempotencyKeyReused`.
pub async fn import(
    db: &Db,
    cipher: &Cipher,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
) -> Result<ImportResponse> {
    batches::run(
        db,
        actor,
        file,
        order,
        CustomerImport::new(cipher.clone(), order.replace_customers),
    )
    .await
}
