//! A return as the warehouse sees it, and what the technician hears of it.

use services::Result;
use services::inventory::bag_returns;
use shared::inventory::{BagReturn, BagReturnConfirmation, BagReturnLine, BagReturnStatus};
use shared::{BagReturnId, Permission};

use super::{BagCallback, stock_view};
use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// What comes back, a line per item; counted quantities where they differ.
pub fn return_lines(one: &BagReturn) -> String {
    one.lines.iter().map(return_line).collect::<Vec<_>>().join("\n")
}

fn return_line(line: &BagReturnLine) -> String {
    let named = format::quantity(line.quantity, line.unit);
    let name = escape(&line.item_name);
    let serials = match line.counted {
        Some(_) => &line.counted_serial_numbers,
        None => &line.serial_numbers,
    };
    let serials = match serials.is_empty() {
        true => String::new(),
        false => format!("\n  {}", stock_view::serial_list(serials)),
    };
    match line.counted {
        Some(counted) if counted != line.quantity => {
            let counted = format::quantity(counted, line.unit);
            format!("• {counted} {name} (diajukan {named}){serials}")
        }
        _ => format!("• {named} {name}{serials}"),
    }
}

/// A state in a line.
pub const fn status_text(status: BagReturnStatus) -> &'static str {
    match status {
        BagReturnStatus::Requested => "Pengembalian ini menunggu gudang.",
        BagReturnStatus::Confirmed => "Gudang sudah menerima pengembalian ini.",
        BagReturnStatus::Rejected => "Gudang tidak menerima pengembalian ini.",
        BagReturnStatus::Withdrawn => "Pengembalian ini sudah dibatalkan.",
    }
}

/// For those who keep the warehouse: what a technician brings, or what came of it.
pub fn request_view(screen: ViewContext<'_>, one: &BagReturn) -> MessageView {
    let who = bold(&one.technician_name);
    let list = return_lines(one);
    let by = one.decided_by.as_deref().map(escape).unwrap_or_default();
    let text = match one.status {
        BagReturnStatus::Requested => {
            let title = bold(&format!("↩️ Pengembalian #{}", one.id));
            format!("{title} dari {who}\n\n{list}\n\nHitung barangnya dulu, lalu terima.")
        }
        BagReturnStatus::Confirmed => {
            format!("✅ Pengembalian #{} dari {who} diterima oleh {by}.\n\n{list}", one.id)
        }
        BagReturnStatus::Rejected => {
            let reason = escape(one.reason.as_deref().unwrap_or_default());
            format!("❌ Pengembalian #{} dari {who} ditolak oleh {by}: {reason}", one.id)
        }
        BagReturnStatus::Withdrawn => {
            format!("✖️ Pengembalian #{} dari {who} dibatalkan oleh {by}.", one.id)
        }
    };
    let buttons = match one.status {
        BagReturnStatus::Requested => {
            let take =
                screen.button("✅ Terima semua", &CallbackData::Bag(BagCallback::Confirm(one.id)));
            let mut rows = vec![vec![take]];
            let path = format!("inventory/returns/{}", one.id);
            rows.extend(screen.web_page_button("Jumlah berbeda / tolak", &path));
            rows
        }
        _ => Vec::new(),
    };
    MessageView { text, buttons }
}

/// For the technician: what the warehouse has decided.
pub fn decision_view(one: &BagReturn) -> MessageView {
    let by = one.decided_by.as_deref().map(escape).unwrap_or_default();
    let id = one.id;
    let differs = one.lines.iter().any(|line| line.counted != Some(line.quantity));
    let text = match one.status {
        BagReturnStatus::Confirmed => {
            let rest = match differs {
                true => "\n\nYang tidak terhitung tetap di tas Anda. Tidak cocok? Hubungi gudang.",
                false => "",
            };
            format!(
                "✅ {} diterima gudang ({by}).\n\n{}{rest}",
                bold(&format!("Pengembalian #{id}")),
                return_lines(one)
            )
        }
        BagReturnStatus::Rejected => {
            let reason = escape(one.reason.as_deref().unwrap_or_default());
            format!(
                "❌ {} tidak diterima gudang: {reason}\n\nBarangnya tetap di tas Anda: /bag",
                bold(&format!("Pengembalian #{id}"))
            )
        }
        status => format!("{}: {}", bold(&format!("Pengembalian #{id}")), status_text(status)),
    };
    MessageView { text, buttons: Vec::new() }
}

/// The warehouse has counted everything that was named.
///
/// # Errors
/// The caller may not; the bag no longer holds that much; the database fails.
pub fn confirm(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: BagReturnId,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    actor.scope(Permission::InventoryWrite)?;
    let before = bag_returns::get(here.tx.conn(), &actor, id)?;
    if before.status != BagReturnStatus::Requested {
        let card = request_view(here.view_ctx(), &before);
        return Ok(BotResponse::edit_view(message_id, card).with_toast(status_text(before.status)));
    }
    let counted = BagReturnConfirmation::default();
    let after = bag_returns::confirm(here.tx, &actor, id, &counted)?;
    Ok(BotResponse::edit_view(message_id, request_view(here.view_ctx(), &after))
        .with_toast("Diterima."))
}
