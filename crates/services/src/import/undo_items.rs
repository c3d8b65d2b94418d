//! Undoing imported items.

use db::tables::import_rows::{self, ImportedRow};
use db::tables::items as table;
use db::{Conn, DbError, Tx};
use shared::ItemId;
use shared::import::ImportKind;
use shared::inventory::ItemInput;

use super::undo_customers::UndoneRow;
use crate::Actor;
use crate::error::Result;
use crate::inventory::imported_items::{
    ItemImport, RemovedItem, is_used_since_import, remove_imported, restore_imported,
};

/// How many items were changed or moved since the import, and the codes of some.
pub(super) fn in_use(
    conn: &mut Conn,
    rows: &[ImportedRow],
    named: usize,
) -> Result<(usize, Vec<String>)> {
    let (mut count, mut codes) = (0, Vec::with_capacity(named));
    for row in rows {
        let import = item_import(row)?;
        if is_used_since_import(conn, &import)? {
            count += 1;
            if codes.len() < named {
                let item = table::find(conn, import.id)?;
                codes.push(item.map_or_else(|| import.id.to_string(), |item| item.code));
            }
        }
    }
    Ok((count, codes))
}

/// What an import has done with an item.
fn item_import(row: &ImportedRow) -> Result<ItemImport> {
    let corrupt = |error| DbError::Corrupt(format!("import_rows.before {}: {error}", row.id));
    let before: Option<ItemInput> =
        row.before.as_deref().map(serde_json::from_str).transpose().map_err(corrupt)?;
    let id = ItemId(row.entity_id);
    Ok(ItemImport { id, version: row.version, before, receipt: row.movement_id })
}

/// Deletes created items, or takes their opening stock back, and restores changed ones.
pub(super) fn undo(tx: &mut Tx<'_>, actor: &Actor, rows: &[ImportedRow]) -> Result<Vec<UndoneRow>> {
    let mut undone = Vec::with_capacity(rows.len());
    for row in rows {
        let import = item_import(row)?;
        // Locks the item, so that no movement comes between the check and the change.
        table::change_on_hand(tx.conn(), import.id, 0)?;
        if is_used_since_import(tx.conn(), &import)? {
            undone.push(UndoneRow::Kept);
            continue;
        }
        undone.push(match &import.before {
            None => match remove_imported(tx, actor, &import)? {
                RemovedItem::Deleted => UndoneRow::Deleted,
                RemovedItem::Emptied => UndoneRow::Emptied,
            },
            Some(before) => {
                let now = restore_imported(tx, actor, &import, before)?;
                let former = row.version - 1;
                let kind = ImportKind::Items;
                import_rows::restored(tx.conn(), kind, import.id.0, former, now)?;
                UndoneRow::Restored
            }
        });
    }
    Ok(undone)
}
