//! Putting together what goes back, and asking the warehouse to take it.

use services::inventory::bag_returns;
use services::inventory::technician_stock::{self, TechnicianStockItem};
use services::{Error, Result};
use shared::inventory::BagReturnStatus;
use shared::{BagReturnId, ErrorCode, Lang};

use super::{BagDialogue, ReturnAction, ReturnDraft, return_form, return_notices, stock_view};
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::format;
use crate::response::BotResponse;
use crate::update::Input;

const ITEM_GONE: &str = "Barang itu tidak ada lagi di tas.";

/// Opens the list of what can go back.
///
/// # Errors
/// The caller may not; the database fails.
pub fn start(here: UpdateContext<'_, '_>, message_id: i32) -> Result<BotResponse> {
    let (actor, technician) = here.technician()?;
    if bag_returns::pending_return(here.tx.conn(), technician)?.is_some() {
        let word = ErrorCode::BagReturnWaiting.message(Lang::Id, None);
        return stock_view::replace_with_stock(here, message_id, &word);
    }
    let bag = technician_stock::own_stock(here.tx.conn(), &actor)?;
    if bag.is_empty() {
        return stock_view::replace_with_stock(here, message_id, "Tas Anda kosong.");
    }
    let draft = ReturnDraft::default();
    let card = return_form::render(here.view_ctx(), &draft, &bag);
    Ok(BotResponse::edit_view(message_id, card).with_dialogue(to_dialogue(draft)))
}

fn to_dialogue(draft: ReturnDraft) -> Dialogue {
    Dialogue::Bag(BagDialogue::GivingBack(draft))
}

/// Answers a button of the list.
///
/// # Errors
/// The caller may not; a rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    draft: &ReturnDraft,
    act: ReturnAction,
) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    match act {
        ReturnAction::Cancel => {
            return Ok(stock_view::replace_with_stock(
                here,
                message_id,
                "Tidak jadi dikembalikan.",
            )?
            .ending_dialogue());
        }
        ReturnAction::Submit => return submit(here, message_id, draft),
        _ => {}
    }
    let bag = technician_stock::own_stock(here.tx.conn(), &actor)?;
    let mut draft = draft.clone();
    let said = apply_action(&mut draft, &bag, act);
    draft.retain_available(&bag);
    let answer =
        BotResponse::edit_view(message_id, return_form::render(here.view_ctx(), &draft, &bag));
    let answer = answer.with_dialogue(to_dialogue(draft));
    Ok(match said {
        Some(said) => answer.with_toast(said),
        None => answer,
    })
}

/// Does what a button says; gives a word to show.
fn apply_action(
    draft: &mut ReturnDraft,
    bag: &[TechnicianStockItem],
    act: ReturnAction,
) -> Option<&'static str> {
    let find = |id| bag.iter().find(|item| item.item_id == id);
    match act {
        ReturnAction::ItemPage(page) => {
            draft.item = None;
            draft.page = page;
        }
        ReturnAction::Item(id) => match find(id) {
            Some(_) => draft.item = Some(id),
            None => return Some(ITEM_GONE),
        },
        ReturnAction::Add(id, change) => {
            let Some(item) = find(id) else { return Some(ITEM_GONE) };
            let wanted = draft.picks.quantity(id).saturating_add(change);
            draft.picks.set_quantity(item, wanted);
            return (wanted > item.quantity).then_some("Di tas tidak ada lagi.");
        }
        ReturnAction::AddAll(id) => {
            let Some(item) = find(id) else { return Some(ITEM_GONE) };
            draft.picks.set_quantity(item, item.quantity);
            draft.item = None;
        }
        ReturnAction::ToggleUnit(id, end) => {
            let serials = find(id).map(|item| item.serial_numbers.as_slice()).unwrap_or_default();
            match serials.iter().find(|serial| serial.ends_with(&end)) {
                Some(serial) => draft.picks.toggle(id, serial),
                None => return Some(ITEM_GONE),
            }
        }
        ReturnAction::AddEverything => {
            bag.iter().for_each(|item| draft.picks.set_quantity(item, item.quantity));
            draft.item = None;
        }
        // Answered before.
        ReturnAction::Submit | ReturnAction::Cancel => {}
    }
    None
}

/// Asks the warehouse. What has left the bag meanwhile is said, and the list stays.
fn submit(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    draft: &ReturnDraft,
) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    let bag = technician_stock::own_stock(here.tx.conn(), &actor)?;
    let mut fitting = draft.clone();
    fitting.retain_available(&bag);
    if fitting.picks.selected().next().is_none() || fitting != *draft {
        let said = match draft.picks.selected().next().is_none() {
            true => "Pilih dulu barangnya.",
            false => "Isi tas sudah berubah. Periksa lagi, lalu ajukan.",
        };
        let card = return_form::render(here.view_ctx(), &fitting, &bag);
        return Ok(BotResponse::edit_view(message_id, card)
            .with_toast(said)
            .with_dialogue(to_dialogue(fitting)));
    }
    match bag_returns::request(here.tx, &actor, &fitting.to_request()) {
        Ok(one) => {
            let said = format!("Pengembalian #{} dikirim ke gudang.", one.id);
            Ok(stock_view::replace_with_stock(here, message_id, &said)?.ending_dialogue())
        }
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::BagReturnWaiting => {
            let word = ErrorCode::BagReturnWaiting.message(Lang::Id, None);
            Ok(stock_view::replace_with_stock(here, message_id, &word)?.ending_dialogue())
        }
        Err(error) => Err(error),
    }
}

/// Takes the request back; one that was decided meanwhile is shown as it is.
///
/// # Errors
/// The caller may not; the database fails.
pub fn withdraw(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: BagReturnId,
) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    let before = bag_returns::get(here.tx.conn(), &actor, id)?;
    if before.status != BagReturnStatus::Requested {
        return stock_view::replace_with_stock(
            here,
            message_id,
            return_notices::status_text(before.status),
        );
    }
    bag_returns::withdraw(here.tx, &actor, id)?;
    stock_view::replace_with_stock(
        here,
        message_id,
        "Pengembalian dibatalkan; barang tetap di tas Anda.",
    )
}

/// A quantity was typed for the item that is looked at; anything else gets a line of help.
///
/// # Errors
/// The caller may not; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    draft: &ReturnDraft,
    input: &Input,
) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    let bag = technician_stock::own_stock(here.tx.conn(), &actor)?;
    let item = draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id));
    let (Some(item), Input::Text(text)) = (item, input) else {
        return Ok(BotResponse::text(input_hint(item)));
    };
    let quantity = text.split_whitespace().next().and_then(|word| word.parse::<i64>().ok());
    let Some(quantity) = quantity.filter(|_| !item.serialized) else {
        return Ok(BotResponse::text(input_hint(Some(item))));
    };
    if !(0..=item.quantity).contains(&quantity) {
        let most = format::quantity(item.quantity, item.unit);
        return Ok(BotResponse::text(format!("Di tas hanya ada {most}. Ketik 0 sampai segitu.")));
    }
    let mut draft = draft.clone();
    draft.picks.set_quantity(item, quantity);
    draft.item = None;
    draft.retain_available(&bag);
    let card = return_form::render(here.view_ctx(), &draft, &bag);
    Ok(BotResponse::view(card).with_dialogue(to_dialogue(draft)))
}

/// What is wanted now, in a line.
fn input_hint(item: Option<&TechnicianStockItem>) -> &'static str {
    match item {
        Some(item) if item.serialized => "Pilih unitnya dengan tombol di daftar.",
        Some(_) => "Ketik jumlahnya dengan angka, misalnya 35.",
        None => "Pilih barangnya dengan tombol, lalu tekan Ajukan. /cancel membatalkan.",
    }
}
