//! What is in the bag, and what waits for the warehouse.

use services::Result;
use services::inventory::bag_returns;
use services::inventory::carried::{self, Carried};
use shared::inventory::BagReturn;

use super::{BagPress, told};
use crate::answer::Answer;
use crate::cards::Card;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;

/// Items that are named; a message has room for no more.
const MOST_ITEMS: usize = 25;
/// Serial numbers of an item that are named.
const MOST_UNITS: usize = 8;

/// What is in the bag.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::card(card(here)?))
}

/// The bag as it is now, in place of an earlier look.
///
/// # Errors
/// The caller may not; the database fails.
pub fn again(here: Here<'_, '_>, message_id: i32) -> Result<Answer> {
    instead(here, message_id, "Diperbarui.")
}

/// The bag as it is now, in place of what stands there, and a word that says why.
///
/// # Errors
/// The caller may not; the database fails.
pub fn instead(here: Here<'_, '_>, message_id: i32, word: &str) -> Result<Answer> {
    Ok(Answer::redraw(message_id, card(here)?).saying(word))
}

fn card(here: Here<'_, '_>) -> Result<Card> {
    let (actor, technician) = here.technician()?;
    let screen = here.screen();
    let all = carried::carried(here.tx.conn(), &actor)?;
    let waiting = bag_returns::waiting(here.tx.conn(), technician)?;
    let button = |label: &str, press| vec![screen.button(label, &Press::Bag(press))];
    let look = button("🔄 Segarkan", BagPress::Look);
    let buttons = match &waiting {
        Some(one) => vec![button("✖️ Batalkan pengembalian", BagPress::Withdraw(one.id)), look],
        None if all.is_empty() => vec![look],
        None => vec![button("↩️ Kembalikan sisa", BagPress::GiveBack), look],
    };
    Ok(Card { text: text(&all, waiting.as_ref()), buttons })
}

fn text(all: &[Carried], waiting: Option<&BagReturn>) -> String {
    let waiting = waiting.map(|one| {
        let title = bold(&format!("⏳ Pengembalian #{} menunggu gudang", one.id));
        let hint = "Serahkan barangnya; tas berkurang setelah gudang menghitungnya.";
        format!("\n\n{title}\n{}\n{hint}", told::lines(one))
    });
    let waiting = waiting.unwrap_or_default();
    if all.is_empty() {
        return format!("🎒 Tas Anda kosong. Material dari gudang akan muncul di sini.{waiting}");
    }
    let mut lines: Vec<String> = all.iter().take(MOST_ITEMS).map(line).collect();
    if all.len() > MOST_ITEMS {
        lines.push(format!("… dan {} barang lain", all.len() - MOST_ITEMS));
    }
    format!("🎒 {}\n\n{}{waiting}", bold("Isi tas Anda"), lines.join("\n"))
}

/// One item, with its serial numbers in a second line.
fn line(item: &Carried) -> String {
    let first = format!("• {} {}", say::quantity(item.quantity, item.unit), escape(&item.name));
    match item.serial_numbers.is_empty() {
        true => first,
        false => format!("{first}\n  {}", named(&item.serial_numbers)),
    }
}

/// Serial numbers, as many as there is room for.
pub(super) fn named(serials: &[String]) -> String {
    let shown: Vec<&str> = serials.iter().take(MOST_UNITS).map(String::as_str).collect();
    let more = match serials.len().saturating_sub(MOST_UNITS) {
        0 => String::new(),
        more => format!(", dan {more} lainnya"),
    };
    format!("{}{more}", escape(&shown.join(", ")))
}
