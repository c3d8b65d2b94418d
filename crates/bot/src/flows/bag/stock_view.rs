//! What is in the bag, and what waits for the warehouse.

use services::Result;
use services::inventory::bag_returns;
use services::inventory::technician_stock::{self, TechnicianStockItem};
use shared::inventory::BagReturn;

use super::{BagCallback, return_notices};
use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::views::MessageView;

/// Items that are named; a message has room for no more.
const MAX_ITEMS: usize = 25;
/// Serial numbers of an item that are named.
const MAX_SERIALS: usize = 8;

/// What is in the bag.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    Ok(BotResponse::view(render(here)?))
}

/// The bag as it is now, in place of an earlier look.
///
/// # Errors
/// The caller may not; the database fails.
pub fn refresh(here: UpdateContext<'_, '_>, message_id: i32) -> Result<BotResponse> {
    replace_with_stock(here, message_id, "Diperbarui.")
}

/// The bag as it is now, in place of what stands there, and a word that says why.
///
/// # Errors
/// The caller may not; the database fails.
pub fn replace_with_stock(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    word: &str,
) -> Result<BotResponse> {
    Ok(BotResponse::edit_view(message_id, render(here)?).with_toast(word))
}

fn render(here: UpdateContext<'_, '_>) -> Result<MessageView> {
    let (actor, technician) = here.technician()?;
    let screen = here.view_ctx();
    let all = technician_stock::own_stock(here.tx.conn(), &actor)?;
    let waiting = bag_returns::pending_return(here.tx.conn(), technician)?;
    let button = |label: &str, press| vec![screen.button(label, &CallbackData::Bag(press))];
    let look = button("🔄 Segarkan", BagCallback::Refresh);
    let buttons = match &waiting {
        Some(one) => vec![button("✖️ Batalkan pengembalian", BagCallback::Withdraw(one.id)), look],
        None if all.is_empty() => vec![look],
        None => vec![button("↩️ Kembalikan sisa", BagCallback::GiveBack), look],
    };
    Ok(MessageView { text: stock_text(&all, waiting.as_ref()), buttons })
}

fn stock_text(all: &[TechnicianStockItem], waiting: Option<&BagReturn>) -> String {
    let waiting = waiting.map(|one| {
        let title = bold(&format!("⏳ Pengembalian #{} menunggu gudang", one.id));
        let hint = "Serahkan barangnya; tas berkurang setelah gudang menghitungnya.";
        format!("\n\n{title}\n{}\n{hint}", return_notices::return_lines(one))
    });
    let waiting = waiting.unwrap_or_default();
    if all.is_empty() {
        return format!("🎒 Tas Anda kosong. Material dari gudang akan muncul di sini.{waiting}");
    }
    let mut lines: Vec<String> = all.iter().take(MAX_ITEMS).map(item_line).collect();
    if all.len() > MAX_ITEMS {
        lines.push(format!("… dan {} barang lain", all.len() - MAX_ITEMS));
    }
    format!("🎒 {}\n\n{}{waiting}", bold("Isi tas Anda"), lines.join("\n"))
}

/// One item, with its serial numbers in a second line.
fn item_line(item: &TechnicianStockItem) -> String {
    let first = format!("• {} {}", format::quantity(item.quantity, item.unit), escape(&item.name));
    match item.serial_numbers.is_empty() {
        true => first,
        false => format!("{first}\n  {}", serial_list(&item.serial_numbers)),
    }
}

/// Serial numbers, as many as there is room for.
pub(super) fn serial_list(serials: &[String]) -> String {
    let shown: Vec<&str> = serials.iter().take(MAX_SERIALS).map(String::as_str).collect();
    let more = match serials.len().saturating_sub(MAX_SERIALS) {
        0 => String::new(),
        more => format!(", dan {more} lainnya"),
    };
    format!("{}{more}", escape(&shown.join(", ")))
}
