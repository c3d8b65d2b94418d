//! The warehouse: items that run low, and where an item is stored.

use notify::telegram::Button;
use services::{Result, inventory};
use shared::inventory::{Item, ItemDetail, ItemQuery, LocationKind};
use shared::{ItemId, Lang, Permission};

use super::access::office_actor;
use super::approvals;
use super::dialogue::AdminDialogue;
use crate::callback_data::admin::AdminCallback;
use crate::context::UpdateContext;
use crate::dialogue::{self, Dialogue};
use crate::format;
use crate::html::{bold, escape};
use crate::incoming_update::Input;
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::stock;
use crate::view_context::ViewContext;

/// Low items that one message lists.
const MAX_LOW_ITEMS: i64 = 20;
/// Items that a search shows.
const MAX_RESULTS: i64 = 8;

/// Lists items at their minimum or below. After the command, a search term can be typed right away.
pub fn low_stock(mut ctx: UpdateContext<'_, '_>, replaces: Option<i32>) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::InventoryRead)?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let query = ItemQuery {
        low: Some(true),
        limit: Some(MAX_LOW_ITEMS),
        with_total: Some(true),
        ..ItemQuery::default()
    };
    let found = inventory::items::list(ctx.tx.conn(), &actor, &query)?;
    let total = found.total.unwrap_or(found.items.len() as i64);
    let mut parts = vec![bold(&stock::low_title(lang, total))];
    parts.push(match found.items.is_empty() {
        true => stock::none_low(lang).to_owned(),
        false => {
            let lines = found.items.iter().map(|item| low_stock_line(lang, item));
            lines.collect::<Vec<_>>().join("\n")
        }
    });
    if found.next_cursor.is_some() {
        parts.push(stock::more(lang, total - MAX_LOW_ITEMS));
    }
    let busy = dialogue::load(ctx.tx.conn(), ctx.chat)?
        .is_some_and(|dialogue| !matches!(dialogue, Dialogue::Admin(_)));
    let asks = replaces.is_none() && !busy;
    if asks {
        parts.push(stock::type_to_search(lang).to_owned());
    }
    let mut buttons = vec![vec![view_ctx.button(stock::search(lang), AdminCallback::SearchItem)]];
    buttons.extend(approvals::bag_returns_button(&mut ctx, &actor)?);
    let view = MessageView { text: parts.join("\n\n"), buttons };
    let response = BotResponse::show_view(replaces, view);
    Ok(if asks { response.with_dialogue(AdminDialogue::Searching) } else { response })
}

fn low_stock_line(lang: Lang, item: &Item) -> String {
    let quantity = format::quantity(item.on_hand.unwrap_or_default(), item.unit);
    let minimum = format::quantity(item.min_stock.unwrap_or_default(), item.unit);
    stock::low_line(lang, escape(&item.name), escape(&item.code), quantity, minimum)
}

/// Asks for the name or code of an item.
pub fn ask_search(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    office_actor(&ctx, Permission::InventoryRead)?;
    Ok(BotResponse::text(stock::ask(ctx.lang)).with_dialogue(AdminDialogue::Searching))
}

/// Searches for a typed name or code. A single result is shown right away.
pub fn search(ctx: UpdateContext<'_, '_>, input: &Input) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::InventoryRead)?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let text = match input {
        Input::Text(text) if !text.trim().is_empty() => text.trim(),
        _ => return Ok(BotResponse::text(stock::ask_or_cancel(lang))),
    };
    let query =
        ItemQuery { q: Some(text.to_owned()), limit: Some(MAX_RESULTS), ..ItemQuery::default() };
    let found = inventory::items::list(ctx.tx.conn(), &actor, &query)?;
    match found.items.as_slice() {
        [] => Ok(BotResponse::text(stock::not_found(lang, escape(text)))),
        [single] => Ok(show_item(ctx, single.id)?.ending_dialogue()),
        several => {
            let text = match found.next_cursor {
                Some(_) => stock::which_more(lang),
                None => stock::which(lang),
            };
            let buttons = several.iter().map(|item| vec![item_button(view_ctx, item)]).collect();
            Ok(BotResponse::view(MessageView { text: text.to_owned(), buttons }))
        }
    }
}

fn item_button(view_ctx: ViewContext<'_>, item: &Item) -> Button {
    let quantity = format::quantity(item.on_hand.unwrap_or_default(), item.unit);
    let label = format!("{} · {quantity}", item.name);
    view_ctx.button(label, AdminCallback::Item(item.id))
}

/// Shows where an item is stored.
pub fn show_item(ctx: UpdateContext<'_, '_>, id: ItemId) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::InventoryRead)?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let detail = inventory::items::get(ctx.tx.conn(), &actor, id)?;
    let again = view_ctx.button(stock::search_again(lang), AdminCallback::SearchItem);
    let low = view_ctx.button(stock::low_button(lang), AdminCallback::LowStock);
    let text = item_lines(lang, &detail).join("\n");
    Ok(BotResponse::view(MessageView { text, buttons: vec![vec![again, low]] }))
}

fn item_lines(lang: Lang, ItemDetail { item, balances }: &ItemDetail) -> Vec<String> {
    let quantity = |quantity| format::quantity(quantity, item.unit);
    let mark = if item.is_low() { " ⚠️" } else { "" };
    let (on_hand, least) = (item.on_hand.unwrap_or_default(), item.min_stock.unwrap_or_default());
    let in_warehouse = stock::in_warehouse(lang, quantity(on_hand), quantity(least));
    let mut lines = vec![
        format!("📦 {} ({})", bold(&item.name), escape(&item.code)),
        format!("{in_warehouse}{mark}"),
    ];
    let of_kind = |kind| balances.iter().filter(move |balance| balance.location_kind == kind);
    lines.extend(of_kind(LocationKind::Warehouse).map(|balance| {
        format!("🏬 {}: {}", escape(&balance.location_name), quantity(balance.quantity))
    }));
    let bags: Vec<i64> = of_kind(LocationKind::Technician)
        .map(|balance| balance.quantity)
        .filter(|quantity| *quantity > 0)
        .collect();
    if !bags.is_empty() {
        lines.push(stock::in_bags(lang, bags.len(), quantity(bags.iter().sum())));
    }
    lines
}
