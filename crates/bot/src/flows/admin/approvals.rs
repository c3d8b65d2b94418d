//! What waits for a decision of the office: a button with a number, and a card for each.

use notify::telegram::Button;
use services::inventory::bag_returns;
use services::{Actor, Result, technician_registrations};
use shared::Permission;
use shared::inventory::{BagReturnQuery, BagReturnStatus};
use shared::technician_registration::{RegistrationQuery, RegistrationStatus};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::admin::office_actor;
use crate::flows::{AdminCallback, bag, registration};
use crate::response::BotResponse;
use crate::views::MessageView;

/// Cards that are shown at once; the next ones follow when these are decided.
const MAX_CARDS: i64 = 5;

/// The way to those who ask to become technicians; nothing while nobody waits, or for whoever does not
/// decide on them.
pub fn applications_button(
    here: &mut UpdateContext<'_, '_>,
    actor: &Actor,
) -> Result<Option<Vec<Button>>> {
    if !actor.permissions.allows(Permission::TechniciansManage) {
        return Ok(None);
    }
    let page =
        technician_registrations::list(here.tx.conn(), actor, &pending_applications_query())?;
    Ok(button(here, "🙋", "pendaftaran menunggu", page.total, AdminCallback::Applicants))
}

/// The way to what technicians hand back; nothing while nothing waits, or for whoever does not count it.
pub fn bag_returns_button(
    here: &mut UpdateContext<'_, '_>,
    actor: &Actor,
) -> Result<Option<Vec<Button>>> {
    if !actor.permissions.allows(Permission::InventoryWrite) {
        return Ok(None);
    }
    let page = bag_returns::list(here.tx.conn(), actor, &pending_returns_query())?;
    Ok(button(here, "↩️", "pengembalian menunggu", page.total, AdminCallback::BagReturns))
}

fn button(
    here: &UpdateContext<'_, '_>,
    icon: &str,
    word: &str,
    count: Option<i64>,
    press: AdminCallback,
) -> Option<Vec<Button>> {
    let count = count.filter(|count| *count > 0)?;
    Some(vec![
        here.view_ctx().button(format!("{icon} {count} {word}"), &CallbackData::Admin(press)),
    ])
}

fn pending_applications_query() -> RegistrationQuery {
    RegistrationQuery {
        status: Some(RegistrationStatus::Pending),
        limit: Some(MAX_CARDS),
        with_total: Some(true),
        ..RegistrationQuery::default()
    }
}

fn pending_returns_query() -> BagReturnQuery {
    BagReturnQuery {
        status: Some(BagReturnStatus::Requested),
        limit: Some(MAX_CARDS),
        with_total: Some(true),
        ..BagReturnQuery::default()
    }
}

/// Those who ask to become technicians, the oldest first.
pub fn applications(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::TechniciansManage)?;
    let page =
        technician_registrations::list(here.tx.conn(), &actor, &pending_applications_query())?;
    let cards = page.items.iter().map(|one| registration::application_view(here.view_ctx(), one));
    Ok(combine_views(cards.collect(), "Tidak ada pendaftaran yang menunggu."))
}

/// What technicians hand back, the newest first.
pub fn bag_returns(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::InventoryWrite)?;
    let page = bag_returns::list(here.tx.conn(), &actor, &pending_returns_query())?;
    let cards = page.items.iter().map(|one| bag::request_view(here.view_ctx(), one));
    Ok(combine_views(cards.collect(), "Tidak ada pengembalian yang menunggu."))
}

fn combine_views(cards: Vec<MessageView>, none: &'static str) -> BotResponse {
    cards
        .into_iter()
        .map(BotResponse::view)
        .reduce(BotResponse::then)
        .unwrap_or_else(|| BotResponse::toast(none))
}
