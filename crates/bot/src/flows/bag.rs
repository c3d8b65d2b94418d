//! What a technician carries.

use serde::{Deserialize, Serialize};
use services::Result;
use services::inventory::carried::{self, Carried};

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::update::Input;

/// Items that are named; a message has room for no more.
const MOST_ITEMS: usize = 25;
/// Serial numbers of an item that are named.
const MOST_UNITS: usize = 8;

/// What this flow waits for: nothing so far, all of it is buttons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum BagDialogue {}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BagPress {
    /// Looks again.
    #[serde(rename = "l")]
    Look,
}

/// Answers a button.
///
/// # Errors
/// The caller may not; the database fails.
pub fn press(
    here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    message_id: i32,
    press: BagPress,
) -> Result<Answer> {
    let BagPress::Look = press;
    Ok(Answer::redraw(message_id, card(here)?).saying("Diperbarui."))
}

/// Goes on with what was asked.
///
/// # Errors
/// None: nothing is asked.
pub fn go_on(_here: Here<'_, '_>, state: &BagDialogue, _input: &Input) -> Result<Answer> {
    match *state {}
}

/// What is in the bag.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::card(card(here)?))
}

fn card(here: Here<'_, '_>) -> Result<Card> {
    let (actor, _) = here.technician()?;
    let all = carried::carried(here.tx.conn(), &actor)?;
    let look = here.screen().button("🔄 Segarkan", &Press::Bag(BagPress::Look));
    Ok(Card { text: text(&all), buttons: vec![vec![look]] })
}

fn text(all: &[Carried]) -> String {
    if all.is_empty() {
        return "🎒 Tas Anda kosong. Material dari gudang akan muncul di sini.".to_owned();
    }
    let mut lines: Vec<String> = all.iter().take(MOST_ITEMS).map(line).collect();
    if all.len() > MOST_ITEMS {
        lines.push(format!("… dan {} barang lain", all.len() - MOST_ITEMS));
    }
    let hint = "Ada sisa? Serahkan ke gudang; tas ini berkurang setelah gudang mencatatnya.";
    format!("🎒 {}\n\n{}\n\n{hint}", bold("Isi tas Anda"), lines.join("\n"))
}

/// One item, with its serial numbers in a second line.
fn line(item: &Carried) -> String {
    let first = format!("• {} {}", say::quantity(item.quantity, item.unit), escape(&item.name));
    if item.serial_numbers.is_empty() {
        return first;
    }
    let named: Vec<&str> =
        item.serial_numbers.iter().take(MOST_UNITS).map(String::as_str).collect();
    let more = match item.serial_numbers.len().saturating_sub(MOST_UNITS) {
        0 => String::new(),
        more => format!(", dan {more} lainnya"),
    };
    format!("{first}\n  {}{more}", escape(&named.join(", ")))
}
