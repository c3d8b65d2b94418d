//! The warehouse: what runs out, and where an item lies.

use notify::telegram::Button;
use services::{Result, inventory};
use shared::inventory::{Item, ItemDetail, ItemQuery, LocationKind};
use shared::{ItemId, Permission};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::dialogue::{self, Dialogue};
use crate::flows::admin::{AdminCallback, AdminDialogue, approvals, office_actor, show_view};
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::update::Input;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Low items that one message names.
const MAX_LOW_ITEMS: i64 = 20;
/// Items that a search shows.
const MAX_RESULTS: i64 = 8;

/// Items at their minimum or below. After the command, a name can be typed at once.
pub fn low_stock(mut here: UpdateContext<'_, '_>, at: Option<i32>) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::InventoryRead)?;
    let screen = here.view_ctx();
    let query = ItemQuery {
        low: Some(true),
        limit: Some(MAX_LOW_ITEMS),
        with_total: Some(true),
        ..ItemQuery::default()
    };
    let found = inventory::items::list(here.tx.conn(), &actor, &query)?;
    let total = found.total.unwrap_or(found.items.len() as i64);
    let mut parts = vec![bold(&format!("📦 Stok menipis ({total})"))];
    parts.push(match found.items.is_empty() {
        true => "Semua barang di atas minimum.".to_owned(),
        false => found.items.iter().map(low_stock_line).collect::<Vec<_>>().join("\n"),
    });
    if found.next_cursor.is_some() {
        parts.push(format!("… dan {} lagi.", total - MAX_LOW_ITEMS));
    }
    let search = screen.button("🔎 Cari barang", &CallbackData::Admin(AdminCallback::SearchItem));
    let busy = dialogue::load(here.tx.conn(), here.chat)?
        .is_some_and(|dialogue| !matches!(dialogue, Dialogue::Admin(_)));
    let asks = at.is_none() && !busy;
    if asks {
        parts.push("Ketik nama atau kode barang untuk mencari.".to_owned());
    }
    let mut buttons = vec![vec![search]];
    buttons.extend(approvals::bag_returns_button(&mut here, &actor)?);
    let card = MessageView { text: parts.join("\n\n"), buttons };
    let answer = show_view(at, card);
    Ok(if asks { answer.with_dialogue(Dialogue::Admin(AdminDialogue::Searching)) } else { answer })
}

fn low_stock_line(item: &Item) -> String {
    let have = format::quantity(item.on_hand, item.unit);
    let least = format::quantity(item.min_stock, item.unit);
    format!("• {} ({}): {have}, minimum {least}", escape(&item.name), escape(&item.code))
}

/// Asks for the name or code of an item.
pub fn ask_search(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    office_actor(&here, Permission::InventoryRead)?;
    let next = Dialogue::Admin(AdminDialogue::Searching);
    Ok(BotResponse::text("Ketik nama atau kode barang.").with_dialogue(next))
}

/// Looks for what was typed. One item is shown at once; of several one can be chosen.
pub fn search(here: UpdateContext<'_, '_>, input: &Input) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::InventoryRead)?;
    let text = match input {
        Input::Text(text) if !text.trim().is_empty() => text.trim(),
        _ => return Ok(BotResponse::text("Ketik nama atau kode barang, atau /cancel.")),
    };
    let screen = here.view_ctx();
    let query =
        ItemQuery { q: Some(text.to_owned()), limit: Some(MAX_RESULTS), ..ItemQuery::default() };
    let found = inventory::items::list(here.tx.conn(), &actor, &query)?;
    match found.items.as_slice() {
        [] => {
            let said =
                format!("Tidak ada barang “{}”. Coba kata lain, atau /cancel.", escape(text));
            Ok(BotResponse::text(said))
        }
        [one] => Ok(show_item(here, one.id)?.ending_dialogue()),
        several => {
            let more = if found.next_cursor.is_some() {
                " Masih ada yang lain: ketik lebih lengkap."
            } else {
                ""
            };
            let text = format!("Yang mana?{more}");
            let buttons = several.iter().map(|item| vec![item_button(screen, item)]).collect();
            Ok(BotResponse::view(MessageView { text, buttons }))
        }
    }
}

fn item_button(screen: ViewContext<'_>, item: &Item) -> Button {
    let label = format!("{} · {}", item.name, format::quantity(item.on_hand, item.unit));
    screen.button(label, &CallbackData::Admin(AdminCallback::Item(item.id)))
}

/// Where an item lies.
pub fn show_item(here: UpdateContext<'_, '_>, id: ItemId) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::InventoryRead)?;
    let screen = here.view_ctx();
    let ItemDetail { item, balances } = inventory::items::get(here.tx.conn(), &actor, id)?;
    let mark = if item.on_hand <= item.min_stock { " ⚠️" } else { "" };
    let mut lines = vec![
        format!("📦 {} ({})", bold(&item.name), escape(&item.code)),
        format!(
            "Di gudang: {}, minimum {}{mark}",
            format::quantity(item.on_hand, item.unit),
            format::quantity(item.min_stock, item.unit)
        ),
    ];
    let stores = balances.iter().filter(|place| place.location_kind == LocationKind::Warehouse);
    lines.extend(stores.map(|place| {
        format!(
            "🏬 {}: {}",
            escape(&place.location_name),
            format::quantity(place.quantity, item.unit)
        )
    }));
    let bags: Vec<i64> = balances
        .iter()
        .filter(|place| place.location_kind == LocationKind::Technician && place.quantity > 0)
        .map(|place| place.quantity)
        .collect();
    if !bags.is_empty() {
        let sum = format::quantity(bags.iter().sum(), item.unit);
        lines.push(format!("🎒 Di tas {} teknisi: {sum}", bags.len()));
    }
    let again = screen.button("🔎 Cari lagi", &CallbackData::Admin(AdminCallback::SearchItem));
    let low = screen.button("📦 Stok menipis", &CallbackData::Admin(AdminCallback::LowStock));
    Ok(BotResponse::view(MessageView { text: lines.join("\n"), buttons: vec![vec![again, low]] }))
}
