//! Low-stock alert: sent once, until the item has recovered.

use db::Tx;
use db::tables::items::{self, ItemStock};
use shared::ItemId;
use shared::live::{LiveEvent, LowStockEvent};

use crate::error::Result;
use crate::outbox::{self, Notice, Recipient};

/// Compares an item's stock with its minimum and sends the alert. `fell` says that stock went down
/// or the minimum up; `dedupe_key` makes the notification unique.
pub(super) fn check_level(
    tx: &mut Tx<'_>,
    item_id: ItemId,
    stock: &ItemStock,
    fell: bool,
    dedupe_key: &str,
) -> Result<()> {
    let low = stock.on_hand <= stock.min_stock;
    if !low && stock.low_alerted {
        items::set_low_alerted(tx.conn(), item_id, false)?;
    }
    if !low || !fell || stock.low_alerted {
        return Ok(());
    }
    items::set_low_alerted(tx.conn(), item_id, true)?;
    let ItemStock { on_hand, min_stock, code, name, .. } = stock.clone();
    tx.emit(LiveEvent::LowStock(LowStockEvent {
        item_id,
        code: code.clone(),
        name: name.clone(),
        on_hand,
        min_stock,
    }));
    let notice = Notice::LowStock { item_id, code, name, on_hand, min_stock };
    outbox::enqueue(tx, Recipient::Admins, &notice, &format!("item:{item_id}:{dedupe_key}"))
}
