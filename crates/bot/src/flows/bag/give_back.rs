//! Putting together what goes back, and asking the warehouse to take it.

use services::inventory::bag_returns;
use services::inventory::carried::{self, Carried};
use services::{Error, Result};
use shared::inventory::BagReturnStatus;
use shared::{BagReturnId, ErrorCode, Lang};

use super::{Act, BagDialogue, Draft, look, sheet, told};
use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::say;
use crate::update::Input;

const GONE: &str = "Barang itu tidak ada lagi di tas.";

/// Opens the list of what can go back.
///
/// # Errors
/// The caller may not; the database fails.
pub fn begin(here: Here<'_, '_>, message_id: i32) -> Result<Answer> {
    let (actor, technician) = here.technician()?;
    if bag_returns::waiting(here.tx.conn(), technician)?.is_some() {
        let word = ErrorCode::BagReturnWaiting.message(Lang::Id, None);
        return look::instead(here, message_id, &word);
    }
    let bag = carried::carried(here.tx.conn(), &actor)?;
    if bag.is_empty() {
        return look::instead(here, message_id, "Tas Anda kosong.");
    }
    let draft = Draft::default();
    let card = sheet::sheet(here.screen(), &draft, &bag);
    Ok(Answer::redraw(message_id, card).go(giving_back(draft)))
}

fn giving_back(draft: Draft) -> Dialogue {
    Dialogue::Bag(BagDialogue::GivingBack(draft))
}

/// Answers a button of the list.
///
/// # Errors
/// The caller may not; a rule refuses; the database fails.
pub fn press(here: Here<'_, '_>, message_id: i32, draft: &Draft, act: Act) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    match act {
        Act::Leave => {
            return Ok(look::instead(here, message_id, "Tidak jadi dikembalikan.")?.end());
        }
        Act::Send => return send(here, message_id, draft),
        _ => {}
    }
    let bag = carried::carried(here.tx.conn(), &actor)?;
    let mut draft = draft.clone();
    let said = change(&mut draft, &bag, act);
    draft.fit(&bag);
    let answer = Answer::redraw(message_id, sheet::sheet(here.screen(), &draft, &bag));
    let answer = answer.go(giving_back(draft));
    Ok(match said {
        Some(said) => answer.saying(said),
        None => answer,
    })
}

/// Does what a button says; gives a word to show.
fn change(draft: &mut Draft, bag: &[Carried], act: Act) -> Option<&'static str> {
    let find = |id| bag.iter().find(|item| item.item_id == id);
    match act {
        Act::Items(page) => {
            draft.item = None;
            draft.page = page;
        }
        Act::Item(id) => match find(id) {
            Some(_) => draft.item = Some(id),
            None => return Some(GONE),
        },
        Act::Add(id, change) => {
            let Some(item) = find(id) else { return Some(GONE) };
            let wanted = draft.picks.quantity(id).saturating_add(change);
            draft.picks.set_quantity(item, wanted);
            return (wanted > item.quantity).then_some("Di tas tidak ada lagi.");
        }
        Act::Whole(id) => {
            let Some(item) = find(id) else { return Some(GONE) };
            draft.picks.set_quantity(item, item.quantity);
            draft.item = None;
        }
        Act::Unit(id, end) => {
            let serials = find(id).map(|item| item.serial_numbers.as_slice()).unwrap_or_default();
            match serials.iter().find(|serial| serial.ends_with(&end)) {
                Some(serial) => draft.picks.toggle(id, serial),
                None => return Some(GONE),
            }
        }
        Act::Everything => {
            bag.iter().for_each(|item| draft.picks.set_quantity(item, item.quantity));
            draft.item = None;
        }
        // Answered before.
        Act::Send | Act::Leave => {}
    }
    None
}

/// Asks the warehouse. What has left the bag meanwhile is said, and the list stays.
fn send(here: Here<'_, '_>, message_id: i32, draft: &Draft) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    let bag = carried::carried(here.tx.conn(), &actor)?;
    let mut fitting = draft.clone();
    fitting.fit(&bag);
    if fitting.picks.some().next().is_none() || fitting != *draft {
        let said = match draft.picks.some().next().is_none() {
            true => "Pilih dulu barangnya.",
            false => "Isi tas sudah berubah. Periksa lagi, lalu ajukan.",
        };
        let card = sheet::sheet(here.screen(), &fitting, &bag);
        return Ok(Answer::redraw(message_id, card).saying(said).go(giving_back(fitting)));
    }
    match bag_returns::request(here.tx, &actor, &fitting.request()) {
        Ok(one) => {
            let said = format!("Pengembalian #{} dikirim ke gudang.", one.id);
            Ok(look::instead(here, message_id, &said)?.end())
        }
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::BagReturnWaiting => {
            let word = ErrorCode::BagReturnWaiting.message(Lang::Id, None);
            Ok(look::instead(here, message_id, &word)?.end())
        }
        Err(error) => Err(error),
    }
}

/// Takes the request back; one that was decided meanwhile is shown as it is.
///
/// # Errors
/// The caller may not; the database fails.
pub fn withdraw(here: Here<'_, '_>, message_id: i32, id: BagReturnId) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    let before = bag_returns::get(here.tx.conn(), &actor, id)?;
    if before.status != BagReturnStatus::Requested {
        return look::instead(here, message_id, told::word(before.status));
    }
    bag_returns::withdraw(here.tx, &actor, id)?;
    look::instead(here, message_id, "Pengembalian dibatalkan; barang tetap di tas Anda.")
}

/// A quantity was typed for the item that is looked at; anything else gets a line of help.
///
/// # Errors
/// The caller may not; the database fails.
pub fn go_on(here: Here<'_, '_>, draft: &Draft, input: &Input) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    let bag = carried::carried(here.tx.conn(), &actor)?;
    let item = draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id));
    let (Some(item), Input::Text(text)) = (item, input) else {
        return Ok(Answer::text(hint(item)));
    };
    let quantity = text.split_whitespace().next().and_then(|word| word.parse::<i64>().ok());
    let Some(quantity) = quantity.filter(|_| !item.serialized) else {
        return Ok(Answer::text(hint(Some(item))));
    };
    if !(0..=item.quantity).contains(&quantity) {
        let most = say::quantity(item.quantity, item.unit);
        return Ok(Answer::text(format!("Di tas hanya ada {most}. Ketik 0 sampai segitu.")));
    }
    let mut draft = draft.clone();
    draft.picks.set_quantity(item, quantity);
    draft.item = None;
    draft.fit(&bag);
    let card = sheet::sheet(here.screen(), &draft, &bag);
    Ok(Answer::card(card).go(giving_back(draft)))
}

/// What is wanted now, in a line.
fn hint(item: Option<&Carried>) -> &'static str {
    match item {
        Some(item) if item.serialized => "Pilih unitnya dengan tombol di daftar.",
        Some(_) => "Ketik jumlahnya dengan angka, misalnya 35.",
        None => "Pilih barangnya dengan tombol, lalu tekan Ajukan. /cancel membatalkan.",
    }
}
