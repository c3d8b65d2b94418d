//! Imports by kind.

use db::Db;
use shared::import::{ImportColumns, ImportKind};

use super::batches::{self, ImportResponse};
use super::customer_upsert::CustomerImport;
use super::item_upsert::ItemImport;
use super::request::ImportRequest;
use super::{file_columns, rejected_rows as rejected};
use crate::Actor;
use crate::encryption::Cipher;
use crate::error::Result;

/// Who imports what, and where to.
#[derive(Clone)]
pub struct Importer {
    pub db: Db,
    pub cipher: Cipher,
    pub actor: Actor,
    pub kind: ImportKind,
}

/// Imports a file. Runs as long as the file is large, so call it from a task of its own.
///
/// Customers: creates new ones and updates changed ones. Rows are matched by number, or without one by phone
/// number and name. An empty cell or a missing column keeps the stored value.
///
/// Items: creates new ones with their opening stock and updates known ones, matched by code. The stock of an
/// item that has moved stays unchanged.
///
/// Invalid rows are no error: the report lists them. After a failure the completed batches stay;
/// importing the same file again adds the rest.
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableFile`, `TooMany` (rows), `PayloadTooLarge`, `MissingColumn`,
/// `ImportRunning`, `RequestInProgress`, `IdempotencyKeyReused`; for fields of the mapping `UnknownReference`,
/// `NotOneOf`, `TooMany`.
pub async fn import(
    importer: &Importer,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
) -> Result<ImportResponse> {
    let Importer { db, cipher, actor, kind } = importer;
    match kind {
        ImportKind::Customers => {
            let target = CustomerImport::new(cipher.clone(), order.replace_customers);
            batches::run(db, actor, file, order, target).await
        }
        ImportKind::Items => batches::run(db, actor, file, order, ItemImport::default()).await,
    }
}

/// Reads the columns of a file, how they are understood, and the words that mean nothing. Nothing is written.
///
/// # Errors
/// As [`import`], except for `MissingColumn`.
pub async fn columns_of_file(
    importer: &Importer,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
) -> Result<ImportColumns> {
    let Importer { db, cipher, kind, .. } = importer;
    match kind {
        ImportKind::Customers => {
            let target = CustomerImport::new(cipher.clone(), order.replace_customers);
            file_columns::read(db, file, order, target).await
        }
        ImportKind::Items => file_columns::read(db, file, order, ItemImport::default()).await,
    }
}

/// The rows that an import would reject, as XLSX with their reasons in an additional column.
///
/// # Errors
/// As [`import`].
pub async fn rejected_rows(
    importer: &Importer,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
) -> Result<Vec<u8>> {
    let Importer { db, cipher, actor, kind } = importer;
    match kind {
        ImportKind::Customers => {
            let target = CustomerImport::new(cipher.clone(), order.replace_customers);
            rejected::write(db, actor, file, order, target).await
        }
        ImportKind::Items => rejected::write(db, actor, file, order, ItemImport::default()).await,
    }
}
