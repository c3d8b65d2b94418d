//! What waits for a decision of the office: a button with a number, and a card for each.

use notify::telegram::Button;
use services::inventory::bag_returns;
use services::{Actor, Result, registrations};
use shared::Permission;
use shared::inventory::{BagReturnQuery, BagReturnStatus};
use shared::registration::{RegistrationQuery, RegistrationStatus};

use crate::answer::Answer;
use crate::cards::Card;
use crate::flows::admin::office;
use crate::flows::{AdminPress, bag, registration};
use crate::here::Here;
use crate::press::Press;

/// Cards that are shown at once; the next ones follow when these are decided.
const MOST: i64 = 5;

/// The way to those who ask to become technicians; nothing while nobody waits, or for whoever does not
/// decide on them.
pub fn applicants_button(here: &mut Here<'_, '_>, actor: &Actor) -> Result<Option<Vec<Button>>> {
    if !actor.rights.allows(Permission::TechniciansManage) {
        return Ok(None);
    }
    let page = registrations::list(here.tx.conn(), actor, &waiting_applicants())?;
    Ok(button(here, "🙋", "pendaftaran menunggu", page.total, AdminPress::Applicants))
}

/// The way to what technicians hand back; nothing while nothing waits, or for whoever does not count it.
pub fn bag_returns_button(here: &mut Here<'_, '_>, actor: &Actor) -> Result<Option<Vec<Button>>> {
    if !actor.rights.allows(Permission::InventoryWrite) {
        return Ok(None);
    }
    let page = bag_returns::list(here.tx.conn(), actor, &waiting_returns())?;
    Ok(button(here, "↩️", "pengembalian menunggu", page.total, AdminPress::BagReturns))
}

fn button(
    here: &Here<'_, '_>,
    icon: &str,
    word: &str,
    count: Option<i64>,
    press: AdminPress,
) -> Option<Vec<Button>> {
    let count = count.filter(|count| *count > 0)?;
    Some(vec![here.screen().button(format!("{icon} {count} {word}"), &Press::Admin(press))])
}

fn waiting_applicants() -> RegistrationQuery {
    RegistrationQuery {
        status: Some(RegistrationStatus::Pending),
        limit: Some(MOST),
        with_total: Some(true),
        ..RegistrationQuery::default()
    }
}

fn waiting_returns() -> BagReturnQuery {
    BagReturnQuery {
        status: Some(BagReturnStatus::Requested),
        limit: Some(MOST),
        with_total: Some(true),
        ..BagReturnQuery::default()
    }
}

/// Those who ask to become technicians, the oldest first.
pub fn applicants(here: Here<'_, '_>) -> Result<Answer> {
    let actor = office(&here, Permission::TechniciansManage)?;
    let page = registrations::list(here.tx.conn(), &actor, &waiting_applicants())?;
    let cards = page.items.iter().map(|one| registration::card(here.screen(), one));
    Ok(all(cards.collect(), "Tidak ada pendaftaran yang menunggu."))
}

/// What technicians hand back, the newest first.
pub fn bag_returns(here: Here<'_, '_>) -> Result<Answer> {
    let actor = office(&here, Permission::InventoryWrite)?;
    let page = bag_returns::list(here.tx.conn(), &actor, &waiting_returns())?;
    let cards = page.items.iter().map(|one| bag::requested(here.screen(), one));
    Ok(all(cards.collect(), "Tidak ada pengembalian yang menunggu."))
}

fn all(cards: Vec<Card>, none: &'static str) -> Answer {
    cards.into_iter().map(Answer::card).reduce(Answer::and).unwrap_or_else(|| Answer::toast(none))
}
