//! A file whose columns are mapped, ready to be checked row by row.

use db::{Conn, Db};
use shared::import::UnknownValues;

use super::columns::Columns;
use super::reader;
use super::request::ImportRequest;
use super::target::ImportTarget;
use super::vocabulary::unknown_values;
use crate::error::Result;
use crate::spreadsheet::Sheet;

/// A file whose columns are mapped.
pub(super) struct PreparedFile<T> {
    pub sheet: Sheet,
    pub columns: Columns,
    pub target: T,
    pub unknown_values: Vec<UnknownValues>,
}

/// Reads a file and maps its columns.
///
/// # Errors
/// As [`reader::read`] and [`Columns::map`]; `MissingColumn`.
pub(super) async fn prepare<T: ImportTarget>(
    db: &Db,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    target: T,
) -> Result<PreparedFile<T>> {
    let sheet = reader::read(file.as_ref(), T::COLUMNS, &order.mapping)?;
    drop(file);
    let columns = Columns::map(&sheet, T::COLUMNS, &order.mapping)?;
    columns.check_complete()?;
    complete(db, order, target, sheet, columns).await
}

/// Prepares a file that is read and whose columns are mapped.
pub(super) async fn complete<T: ImportTarget>(
    db: &Db,
    order: &ImportRequest,
    mut target: T,
    sheet: Sheet,
    mut columns: Columns,
) -> Result<PreparedFile<T>> {
    target.scan_file(&mut columns, &sheet, &order.mapping);
    let begin = move |conn: &mut Conn| target.begin(conn).map(|()| target);
    let target = db.read(begin).await?;
    let unknown_values =
        unknown_values(&sheet, &mut columns, &order.mapping, T::VOCABULARIES, &target, order.lang);
    Ok(PreparedFile { sheet, columns, target, unknown_values })
}
