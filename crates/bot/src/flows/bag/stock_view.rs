//! The content of a bag, and the return that waits for the warehouse.

use services::Result;
use services::inventory::bag_returns;
use services::inventory::technician_stock::{self, TechnicianStockItem};
use shared::Lang;
use shared::inventory::BagReturn;

use super::format::serial_list;
use super::return_notices;
use crate::callback_data::bag::BagCallback;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts;

/// Items that are listed; more do not fit into one message.
const MAX_ITEMS: usize = 25;

/// `/bag`: the content of the technician's bag.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn show(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    Ok(BotResponse::view(render(ctx)?))
}

/// Shows the present content in the same message.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn refresh(ctx: UpdateContext<'_, '_>, message_id: i32) -> Result<BotResponse> {
    let toast = texts::bag::refreshed(ctx.lang);
    replace_with_stock(ctx, message_id, toast)
}

/// Replaces a message by the content of the bag; a toast explains why.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn replace_with_stock(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    toast: impl Into<String>,
) -> Result<BotResponse> {
    Ok(BotResponse::edit_view(message_id, render(ctx)?).with_toast(toast))
}

fn render(ctx: UpdateContext<'_, '_>) -> Result<MessageView> {
    let (actor, technician) = ctx.technician()?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let stock = technician_stock::own_stock(ctx.tx.conn(), &actor)?;
    let pending = bag_returns::pending_return(ctx.tx.conn(), technician)?;
    let row = |label: &str, callback| vec![view_ctx.button(label, callback)];
    let refresh = row(texts::common::refresh(lang), BagCallback::Refresh);
    let buttons = match &pending {
        Some(pending) => {
            vec![row(texts::bag::withdraw(lang), BagCallback::Withdraw(pending.id)), refresh]
        }
        None if stock.is_empty() => vec![refresh],
        None => vec![row(texts::bag::give_back(lang), BagCallback::GiveBack), refresh],
    };
    Ok(MessageView { text: stock_text(lang, &stock, pending.as_ref()), buttons })
}

fn stock_text(lang: Lang, stock: &[TechnicianStockItem], pending: Option<&BagReturn>) -> String {
    let pending = pending.map(|pending| pending_text(lang, pending)).unwrap_or_default();
    if stock.is_empty() {
        return format!("{}{pending}", texts::bag::empty(lang));
    }
    let mut lines: Vec<String> =
        stock.iter().take(MAX_ITEMS).map(|item| item_line(lang, item)).collect();
    if stock.len() > MAX_ITEMS {
        lines.push(texts::bag::more_items(lang, stock.len() - MAX_ITEMS));
    }
    format!("🎒 {}\n\n{}{pending}", bold(texts::bag::title(lang)), lines.join("\n"))
}

fn pending_text(lang: Lang, pending: &BagReturn) -> String {
    let title = bold(&texts::bag::waiting_title(lang, pending.id));
    let lines = return_notices::return_lines(lang, pending);
    format!("\n\n{title}\n{lines}\n{}", texts::bag::waiting_hint(lang))
}

/// One item; its serial numbers are in a second line.
fn item_line(lang: Lang, item: &TechnicianStockItem) -> String {
    let first = format!("• {} {}", format::quantity(item.quantity, item.unit), escape(&item.name));
    match item.serial_numbers.is_empty() {
        true => first,
        false => format!("{first}\n  {}", serial_list(lang, &item.serial_numbers)),
    }
}
