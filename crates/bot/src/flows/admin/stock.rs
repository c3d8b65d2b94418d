//! The warehouse: what runs out, and where an item lies.

use notify::telegram::Button;
use services::{Result, inventory};
use shared::inventory::{Item, ItemDetail, ItemQuery, LocationKind};
use shared::{ItemId, Permission};

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::{self, Dialogue};
use crate::flows::admin::{AdminDialogue, AdminPress, office, shown, waiting};
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;
use crate::update::Input;

/// Low items that one message names.
const LOW: i64 = 20;
/// Items that a search shows.
const FOUND: i64 = 8;

/// Items at their minimum or below. After the command, a name can be typed at once.
pub fn low(mut here: Here<'_, '_>, at: Option<i32>) -> Result<Answer> {
    let actor = office(&here, Permission::InventoryRead)?;
    let screen = here.screen();
    let query = ItemQuery {
        low: Some(true),
        limit: Some(LOW),
        with_total: Some(true),
        ..ItemQuery::default()
    };
    let found = inventory::items::list(here.tx.conn(), &actor, &query)?;
    let total = found.total.unwrap_or(found.items.len() as i64);
    let mut parts = vec![bold(&format!("📦 Stok menipis ({total})"))];
    parts.push(match found.items.is_empty() {
        true => "Semua barang di atas minimum.".to_owned(),
        false => found.items.iter().map(low_line).collect::<Vec<_>>().join("\n"),
    });
    if found.next_cursor.is_some() {
        parts.push(format!("… dan {} lagi.", total - LOW));
    }
    let search = screen.button("🔎 Cari barang", &Press::Admin(AdminPress::Search));
    let busy = dialogue::load(here.tx.conn(), here.chat)?
        .is_some_and(|dialogue| !matches!(dialogue, Dialogue::Admin(_)));
    let asks = at.is_none() && !busy;
    if asks {
        parts.push("Ketik nama atau kode barang untuk mencari.".to_owned());
    }
    let mut buttons = vec![vec![search]];
    buttons.extend(waiting::bag_returns_button(&mut here, &actor)?);
    let card = Card { text: parts.join("\n\n"), buttons };
    let answer = shown(at, card);
    Ok(if asks { answer.go(Dialogue::Admin(AdminDialogue::Searching)) } else { answer })
}

fn low_line(item: &Item) -> String {
    let have = say::quantity(item.on_hand, item.unit);
    let least = say::quantity(item.min_stock, item.unit);
    format!("• {} ({}): {have}, minimum {least}", escape(&item.name), escape(&item.code))
}

/// Asks for the name or code of an item.
pub fn ask(here: Here<'_, '_>) -> Result<Answer> {
    office(&here, Permission::InventoryRead)?;
    let next = Dialogue::Admin(AdminDialogue::Searching);
    Ok(Answer::text("Ketik nama atau kode barang.").go(next))
}

/// Looks for what was typed. One item is shown at once; of several one can be chosen.
pub fn search(here: Here<'_, '_>, input: &Input) -> Result<Answer> {
    let actor = office(&here, Permission::InventoryRead)?;
    let text = match input {
        Input::Text(text) if !text.trim().is_empty() => text.trim(),
        _ => return Ok(Answer::text("Ketik nama atau kode barang, atau /cancel.")),
    };
    let screen = here.screen();
    let query = ItemQuery { q: Some(text.to_owned()), limit: Some(FOUND), ..ItemQuery::default() };
    let found = inventory::items::list(here.tx.conn(), &actor, &query)?;
    match found.items.as_slice() {
        [] => {
            let said =
                format!("Tidak ada barang “{}”. Coba kata lain, atau /cancel.", escape(text));
            Ok(Answer::text(said))
        }
        [one] => Ok(item(here, one.id)?.end()),
        several => {
            let more = if found.next_cursor.is_some() {
                " Masih ada yang lain: ketik lebih lengkap."
            } else {
                ""
            };
            let text = format!("Yang mana?{more}");
            let buttons = several.iter().map(|item| vec![choice(screen, item)]).collect();
            Ok(Answer::card(Card { text, buttons }))
        }
    }
}

fn choice(screen: Screen<'_>, item: &Item) -> Button {
    let label = format!("{} · {}", item.name, say::quantity(item.on_hand, item.unit));
    screen.button(label, &Press::Admin(AdminPress::Item(item.id)))
}

/// Where an item lies.
pub fn item(here: Here<'_, '_>, id: ItemId) -> Result<Answer> {
    let actor = office(&here, Permission::InventoryRead)?;
    let screen = here.screen();
    let ItemDetail { item, balances } = inventory::items::get(here.tx.conn(), &actor, id)?;
    let mark = if item.on_hand <= item.min_stock { " ⚠️" } else { "" };
    let mut lines = vec![
        format!("📦 {} ({})", bold(&item.name), escape(&item.code)),
        format!(
            "Di gudang: {}, minimum {}{mark}",
            say::quantity(item.on_hand, item.unit),
            say::quantity(item.min_stock, item.unit)
        ),
    ];
    let stores = balances.iter().filter(|place| place.location_kind == LocationKind::Warehouse);
    lines.extend(stores.map(|place| {
        format!("🏬 {}: {}", escape(&place.location_name), say::quantity(place.quantity, item.unit))
    }));
    let bags: Vec<i64> = balances
        .iter()
        .filter(|place| place.location_kind == LocationKind::Technician && place.quantity > 0)
        .map(|place| place.quantity)
        .collect();
    if !bags.is_empty() {
        let sum = say::quantity(bags.iter().sum(), item.unit);
        lines.push(format!("🎒 Di tas {} teknisi: {sum}", bags.len()));
    }
    let again = screen.button("🔎 Cari lagi", &Press::Admin(AdminPress::Search));
    let low = screen.button("📦 Stok menipis", &Press::Admin(AdminPress::LowStock));
    Ok(Answer::card(Card { text: lines.join("\n"), buttons: vec![vec![again, low]] }))
}
