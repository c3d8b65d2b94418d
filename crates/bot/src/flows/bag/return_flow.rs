//! Preparing a return and requesting it from the warehouse.

use services::inventory::bag_returns;
use services::inventory::technician_stock::{self, TechnicianStockItem};
use services::{Error, Result};
use shared::inventory::BagReturnStatus;
use shared::{BagReturnId, ErrorCode, Lang};

use super::dialogue::{BagDialogue, ReturnDraft};
use super::{return_form, return_notices, stock_view};
use crate::callback_data::bag::ReturnAction;
use crate::context::UpdateContext;
use crate::incoming_update::Input;
use crate::pickers::item_picker;
use crate::response::BotResponse;
use crate::texts;

/// Opens the list of what can be returned.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn start(ctx: UpdateContext<'_, '_>, message_id: i32) -> Result<BotResponse> {
    let (actor, technician) = ctx.technician()?;
    let lang = ctx.lang;
    if bag_returns::pending_return(ctx.tx.conn(), technician)?.is_some() {
        let toast = ErrorCode::BagReturnWaiting.message(lang, None);
        return stock_view::replace_with_stock(ctx, message_id, toast);
    }
    let bag = technician_stock::own_stock(ctx.tx.conn(), &actor)?;
    if bag.is_empty() {
        return stock_view::replace_with_stock(ctx, message_id, texts::bag::is_empty(lang));
    }
    Ok(show_draft(&ctx, Some(message_id), ReturnDraft::default(), &bag))
}

/// Shows the draft in the message `replaces`, or in a new one, and continues the dialogue with it.
fn show_draft(
    ctx: &UpdateContext<'_, '_>,
    replaces: Option<i32>,
    draft: ReturnDraft,
    bag: &[TechnicianStockItem],
) -> BotResponse {
    let view = return_form::render(ctx.view_ctx(), &draft, bag);
    BotResponse::show_view(replaces, view).with_dialogue(BagDialogue::GivingBack(draft))
}

/// Handles a button of the list.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, and the refusals of a return.
pub fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    draft: &ReturnDraft,
    action: &ReturnAction,
) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    match action {
        ReturnAction::Cancel => {
            let toast = texts::returns::cancelled(ctx.lang);
            let response = stock_view::replace_with_stock(ctx, message_id, toast)?;
            return Ok(response.ending_dialogue());
        }
        ReturnAction::Submit => return submit(ctx, message_id, draft),
        _ => {}
    }
    let bag = technician_stock::own_stock(ctx.tx.conn(), &actor)?;
    let mut draft = draft.clone();
    let toast = apply_action(&mut draft, ctx.lang, &bag, action);
    draft.retain_available(&bag);
    let response = show_draft(&ctx, Some(message_id), draft, &bag);
    Ok(match toast {
        Some(toast) => response.with_toast(toast),
        None => response,
    })
}

/// Applies a button to the draft; returns a toast.
fn apply_action(
    draft: &mut ReturnDraft,
    lang: Lang,
    bag: &[TechnicianStockItem],
    action: &ReturnAction,
) -> Option<&'static str> {
    let find = |id| bag.iter().find(|item| item.item_id == id);
    match *action {
        ReturnAction::ItemPage(page) => {
            draft.item = None;
            draft.page = page;
        }
        ReturnAction::Item(id) => match find(id) {
            Some(_) => draft.item = Some(id),
            None => return Some(texts::items::gone(lang)),
        },
        ReturnAction::Add(id, change) => {
            return item_picker::add(&mut draft.picks, lang, find(id), change);
        }
        ReturnAction::AddAll(id) => {
            let Some(item) = find(id) else { return Some(texts::items::gone(lang)) };
            draft.picks.set_quantity(item, item.quantity);
            draft.item = None;
        }
        ReturnAction::ToggleUnit(id, ref suffix) => {
            return item_picker::toggle_unit(&mut draft.picks, lang, find(id), suffix);
        }
        ReturnAction::AddEverything => {
            bag.iter().for_each(|item| draft.picks.set_quantity(item, item.quantity));
            draft.item = None;
        }
        // Handled by the caller.
        ReturnAction::Submit | ReturnAction::Cancel => {}
    }
    None
}

/// Requests the return. If something has left the bag meanwhile, a toast says so and the list stays.
fn submit(ctx: UpdateContext<'_, '_>, message_id: i32, draft: &ReturnDraft) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    let lang = ctx.lang;
    let bag = technician_stock::own_stock(ctx.tx.conn(), &actor)?;
    let mut available = draft.clone();
    available.retain_available(&bag);
    if available.picks.selected().next().is_none() || available != *draft {
        let toast = match draft.picks.selected().next().is_none() {
            true => texts::returns::pick_first(lang),
            false => texts::returns::bag_changed(lang),
        };
        return Ok(show_draft(&ctx, Some(message_id), available, &bag).with_toast(toast));
    }
    let toast = match bag_returns::request(ctx.tx, &actor, &available.to_request()) {
        Ok(requested) => texts::returns::sent(lang, requested.id),
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::BagReturnWaiting => {
            ErrorCode::BagReturnWaiting.message(lang, None)
        }
        Err(error) => return Err(error),
    };
    Ok(stock_view::replace_with_stock(ctx, message_id, toast)?.ending_dialogue())
}

/// Withdraws the request; one that was decided meanwhile is only explained.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`.
pub fn withdraw(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: BagReturnId,
) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    let before = bag_returns::get(ctx.tx.conn(), &actor, id)?;
    let toast = if before.status == BagReturnStatus::Requested {
        bag_returns::withdraw(ctx.tx, &actor, id, None)?;
        texts::returns::withdrawn(ctx.lang)
    } else {
        return_notices::status_text(ctx.lang, before.status)
    };
    stock_view::replace_with_stock(ctx, message_id, toast)
}

/// Takes a typed quantity of the item in detail; anything else is answered with a hint.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    draft: &ReturnDraft,
    input: &Input,
) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    let lang = ctx.lang;
    let bag = technician_stock::own_stock(ctx.tx.conn(), &actor)?;
    let item = draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id));
    let (Some(item), Input::Text(text)) = (item.filter(|item| !item.serialized), input) else {
        return Ok(BotResponse::text(input_hint(lang, item)));
    };
    let quantity = match item_picker::typed_quantity(lang, item, text) {
        Ok(quantity) => quantity,
        Err(message) => return Ok(BotResponse::text(message)),
    };
    let mut draft = draft.clone();
    draft.picks.set_quantity(item, quantity);
    draft.item = None;
    draft.retain_available(&bag);
    Ok(show_draft(&ctx, None, draft, &bag))
}

/// What the flow waits for, in one line.
const fn input_hint(lang: Lang, item: Option<&TechnicianStockItem>) -> &'static str {
    match item {
        Some(item) if item.serialized => texts::items::pick_units(lang),
        Some(_) => texts::items::type_quantity(lang),
        None => texts::returns::hint(lang),
    }
}
