//! Undoing imported items.

use db::tables::import_rows::ImportedRow;
use db::tables::items as table;
use db::{Conn, DbError, Tx};
use shared::ItemId;
use shared::inventory::ItemInput;

use super::undo_customers::UndoneRow;
use crate::Actor;
use crate::error::Result;
use crate::inventory::imported_items::{is_used_since_import, remove_imported, restore_imported};

/// Codes of the items that were changed or moved since the import.
pub(super) fn in_use(conn: &mut Conn, rows: &[ImportedRow]) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for row in rows {
        if !is_untouched(conn, row)? {
            let item = table::find(conn, item_id(row))?;
            codes.push(item.map_or_else(|| row.entity_id.to_string(), |item| item.code));
        }
    }
    Ok(codes)
}

fn item_id(row: &ImportedRow) -> ItemId {
    ItemId(row.entity_id)
}

/// Whether an item still is as the import left it.
fn is_untouched(conn: &mut Conn, row: &ImportedRow) -> Result<bool> {
    let id = item_id(row);
    let same = table::find(conn, id)?.is_some_and(|item| item.version == row.version);
    let only_changed = row.before.is_some() && row.movement_id.is_none();
    Ok(same && (only_changed || !is_used_since_import(conn, id, row.movement_id)?))
}

/// Deletes created items, or takes their opening stock back, and restores changed ones.
pub(super) fn undo(tx: &mut Tx<'_>, actor: &Actor, rows: &[ImportedRow]) -> Result<Vec<UndoneRow>> {
    let mut undone = Vec::with_capacity(rows.len());
    for row in rows {
        if !is_untouched(tx.conn(), row)? {
            undone.push(UndoneRow::Kept);
            continue;
        }
        undone.push(match &row.before {
            None => {
                remove_imported(tx, actor, item_id(row), row.movement_id)?;
                UndoneRow::Deleted
            }
            Some(before) => {
                let before: ItemInput = serde_json::from_str(before).map_err(|error| {
                    DbError::Corrupt(format!("import_rows.before {}: {error}", row.id))
                })?;
                restore_imported(tx, actor, item_id(row), &before, row.movement_id)?;
                UndoneRow::Restored
            }
        });
    }
    Ok(undone)
}
