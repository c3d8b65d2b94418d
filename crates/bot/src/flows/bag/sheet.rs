//! The list of what goes back, and one item of it.

use notify::telegram::Button;
use services::inventory::carried::Carried;
use shared::inventory::ItemUnit;

use super::{Act, BagPress, Draft};
use crate::cards::Card;
use crate::html::{bold, escape};
use crate::press::{Press, serial_end};
use crate::say;
use crate::screen::Screen;

/// Items on one page.
const PAGE: usize = 8;
/// Units of an item that can be ticked.
const MOST_UNITS: usize = 12;

/// The list, or the item that is looked at.
pub fn sheet(screen: Screen<'_>, draft: &Draft, bag: &[Carried]) -> Card {
    match draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id)) {
        Some(item) => one(screen, draft, item),
        None => all(screen, draft, bag),
    }
}

fn button(screen: Screen<'_>, label: impl Into<String>, act: Act) -> Button {
    screen.button(label, &Press::Bag(BagPress::Draft(act)))
}

fn all(screen: Screen<'_>, draft: &Draft, bag: &[Carried]) -> Card {
    let pages = bag.len().div_ceil(PAGE).max(1);
    let page = draft.page.min(pages - 1);
    let there = bag.iter().skip(page * PAGE).take(PAGE);
    let row = |item: &Carried| {
        let chosen = draft.picks.quantity(item.item_id);
        let mark = if chosen > 0 { "☑️" } else { "⬜️" };
        let of = say::quantity(item.quantity, item.unit);
        let label = format!("{mark} {} · {chosen}/{of}", item.name);
        vec![button(screen, label, Act::Item(item.item_id))]
    };
    let mut buttons: Vec<Vec<Button>> = there.map(row).collect();
    if pages > 1 {
        let next = (page + 1) % pages;
        let label = format!("Halaman {}/{pages} ➡️", next + 1);
        buttons.push(vec![button(screen, label, Act::Items(next))]);
    }
    let count = draft.picks.some().count();
    if bag.iter().any(|item| draft.picks.quantity(item.item_id) < item.quantity) {
        buttons.push(vec![button(screen, "🎒 Semua isi tas", Act::Everything)]);
    }
    let leave = button(screen, "✖️ Batal", Act::Leave);
    buttons.push(match count {
        0 => vec![leave],
        count => vec![leave, button(screen, format!("✅ Ajukan {count} barang"), Act::Send)],
    });
    let text = format!(
        "↩️ {}\nPilih barang dan jumlahnya, lalu ajukan. Serahkan barangnya ke gudang untuk dihitung.{}",
        bold("Apa yang dikembalikan?"),
        chosen(draft, bag)
    );
    Card { text, buttons }
}

/// What is chosen, a line per item.
fn chosen(draft: &Draft, bag: &[Carried]) -> String {
    let lines = draft.picks.some().filter_map(|chosen| {
        let item = bag.iter().find(|item| item.item_id == chosen.item)?;
        let quantity = say::quantity(chosen.quantity, item.unit);
        let serials = match chosen.serials.is_empty() {
            true => String::new(),
            false => format!(" ({})", super::look::named(&chosen.serials)),
        };
        Some(format!("• {quantity} {}{serials}", escape(&item.name)))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("\n\n{}", lines.join("\n")) }
}

fn one(screen: Screen<'_>, draft: &Draft, item: &Carried) -> Card {
    let id = item.item_id;
    let in_bag = say::quantity(item.quantity, item.unit);
    let back = button(screen, "⬅️ Kembali", Act::Items(draft.page));
    let whole = button(screen, format!("Semua ({in_bag})"), Act::Whole(id));
    let name = bold(&item.name);
    if item.serialized {
        let taken = draft.picks.serials(id);
        let units = item.serial_numbers.iter().take(MOST_UNITS).map(|serial| {
            let mark = if taken.contains(serial) { "☑️" } else { "⬜️" };
            vec![button(screen, format!("{mark} {serial}"), Act::Unit(id, serial_end(serial)))]
        });
        let text = format!("{name}: unit mana yang dikembalikan? (tas: {in_bag})");
        return Card { text, buttons: units.chain([vec![back, whole]]).collect() };
    }
    let step = if item.unit == ItemUnit::Metre { 5 } else { 1 };
    let add = |change: i64| {
        let label = format!("{}{}", if change < 0 { "−" } else { "+" }, change.abs());
        button(screen, label, Act::Add(id, change))
    };
    let quantity = say::quantity(draft.picks.quantity(id), item.unit);
    let text =
        format!("{name}: kembalikan <b>{quantity}</b> (tas: {in_bag})\nAtau ketik jumlahnya.");
    let buttons =
        vec![vec![add(-10 * step), add(-step), add(step), add(10 * step)], vec![back, whole]];
    Card { text, buttons }
}
