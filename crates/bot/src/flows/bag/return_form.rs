//! The list of what goes back, and one item of it.

use notify::telegram::Button;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::inventory::ItemUnit;

use super::{BagCallback, ReturnAction, ReturnDraft};
use crate::callback_data::{CallbackData, serial_suffix};
use crate::format;
use crate::html::{bold, escape};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Items on one page.
const PAGE_SIZE: usize = 8;
/// Units of an item that can be ticked.
const MAX_UNITS: usize = 12;

/// The list, or the item that is looked at.
pub fn render(
    screen: ViewContext<'_>,
    draft: &ReturnDraft,
    bag: &[TechnicianStockItem],
) -> MessageView {
    match draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id)) {
        Some(item) => item_detail(screen, draft, item),
        None => item_list(screen, draft, bag),
    }
}

fn button(screen: ViewContext<'_>, label: impl Into<String>, act: ReturnAction) -> Button {
    screen.button(label, &CallbackData::Bag(BagCallback::Edit(act)))
}

fn item_list(
    screen: ViewContext<'_>,
    draft: &ReturnDraft,
    bag: &[TechnicianStockItem],
) -> MessageView {
    let pages = bag.len().div_ceil(PAGE_SIZE).max(1);
    let page = draft.page.min(pages - 1);
    let there = bag.iter().skip(page * PAGE_SIZE).take(PAGE_SIZE);
    let row = |item: &TechnicianStockItem| {
        let chosen = draft.picks.quantity(item.item_id);
        let mark = if chosen > 0 { "☑️" } else { "⬜️" };
        let of = format::quantity(item.quantity, item.unit);
        let label = format!("{mark} {} · {chosen}/{of}", item.name);
        vec![button(screen, label, ReturnAction::Item(item.item_id))]
    };
    let mut buttons: Vec<Vec<Button>> = there.map(row).collect();
    if pages > 1 {
        let next = (page + 1) % pages;
        let label = format!("Halaman {}/{pages} ➡️", next + 1);
        buttons.push(vec![button(screen, label, ReturnAction::ItemPage(next))]);
    }
    let count = draft.picks.selected().count();
    if bag.iter().any(|item| draft.picks.quantity(item.item_id) < item.quantity) {
        buttons.push(vec![button(screen, "🎒 Semua isi tas", ReturnAction::AddEverything)]);
    }
    let leave = button(screen, "✖️ Batal", ReturnAction::Cancel);
    buttons.push(match count {
        0 => vec![leave],
        count => {
            vec![leave, button(screen, format!("✅ Ajukan {count} barang"), ReturnAction::Submit)]
        }
    });
    let text = format!(
        "↩️ {}\nPilih barang dan jumlahnya, lalu ajukan. Serahkan barangnya ke gudang untuk dihitung.{}",
        bold("Apa yang dikembalikan?"),
        selection_summary(draft, bag)
    );
    MessageView { text, buttons }
}

/// What is chosen, a line per item.
fn selection_summary(draft: &ReturnDraft, bag: &[TechnicianStockItem]) -> String {
    let lines = draft.picks.selected().filter_map(|chosen| {
        let item = bag.iter().find(|item| item.item_id == chosen.item)?;
        let quantity = format::quantity(chosen.quantity, item.unit);
        let serials = match chosen.serials.is_empty() {
            true => String::new(),
            false => format!(" ({})", super::stock_view::serial_list(&chosen.serials)),
        };
        Some(format!("• {quantity} {}{serials}", escape(&item.name)))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("\n\n{}", lines.join("\n")) }
}

fn item_detail(
    screen: ViewContext<'_>,
    draft: &ReturnDraft,
    item: &TechnicianStockItem,
) -> MessageView {
    let id = item.item_id;
    let in_bag = format::quantity(item.quantity, item.unit);
    let back = button(screen, "⬅️ Kembali", ReturnAction::ItemPage(draft.page));
    let whole = button(screen, format!("Semua ({in_bag})"), ReturnAction::AddAll(id));
    let name = bold(&item.name);
    if item.serialized {
        let taken = draft.picks.serials(id);
        let units = item.serial_numbers.iter().take(MAX_UNITS).map(|serial| {
            let mark = if taken.contains(serial) { "☑️" } else { "⬜️" };
            vec![button(
                screen,
                format!("{mark} {serial}"),
                ReturnAction::ToggleUnit(id, serial_suffix(serial)),
            )]
        });
        let text = format!("{name}: unit mana yang dikembalikan? (tas: {in_bag})");
        return MessageView { text, buttons: units.chain([vec![back, whole]]).collect() };
    }
    let step = if item.unit == ItemUnit::Metre { 5 } else { 1 };
    let add = |change: i64| {
        let label = format!("{}{}", if change < 0 { "−" } else { "+" }, change.abs());
        button(screen, label, ReturnAction::Add(id, change))
    };
    let quantity = format::quantity(draft.picks.quantity(id), item.unit);
    let text =
        format!("{name}: kembalikan <b>{quantity}</b> (tas: {in_bag})\nAtau ketik jumlahnya.");
    let buttons =
        vec![vec![add(-10 * step), add(-step), add(step), add(10 * step)], vec![back, whole]];
    MessageView { text, buttons }
}
