//! The office in the chat.

mod assign;
mod glance;
mod job;
mod list;
mod reasons;
mod report;
mod stock;
mod team;
mod waiting;

pub use list::Choice;
pub use reasons::Why;
pub use report::Span;

use serde::{Deserialize, Serialize};
use services::{Actor, Error, Result};
use shared::{ErrorCode, ItemId, JobId, Permission, Scope, TechnicianId};

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AdminDialogue {
    /// The name or code of an item.
    Searching,
    /// A typed reason; `message_id` is the card that asked for it.
    Reason { job: JobId, why: Why, message_id: i32 },
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminPress {
    /// Today at a glance, in place.
    #[serde(rename = "t")]
    Today,
    /// A page of the jobs of one choice.
    #[serde(rename = "j")]
    Jobs(Choice, usize),
    /// Shows a job at the end of the chat.
    #[serde(rename = "o")]
    Open(JobId),
    /// Shows the job as it is now, in place.
    #[serde(rename = "f")]
    Refresh(JobId),
    /// Who could do the job.
    #[serde(rename = "c")]
    Candidates(JobId),
    /// Gives the job to a technician.
    #[serde(rename = "g")]
    Assign(JobId, TechnicianId),
    /// The work was done well.
    #[serde(rename = "v")]
    Verify(JobId),
    /// Asks why.
    #[serde(rename = "w")]
    Ask(JobId, Why),
    /// One of the ready-made reasons.
    #[serde(rename = "b")]
    Because(JobId, Why, usize),
    /// A reason that has to be typed.
    #[serde(rename = "x")]
    Other(JobId, Why),
    /// Items that run out, in place.
    #[serde(rename = "l")]
    LowStock,
    /// Where an item lies.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Asks for the name or code of an item.
    #[serde(rename = "s")]
    Search,
    /// A page of the technicians.
    #[serde(rename = "e")]
    Team(usize),
    /// The report of some days.
    #[serde(rename = "r")]
    Report(Span),
    /// Those who ask to become technicians, a card each.
    #[serde(rename = "p")]
    Applicants,
    /// What technicians hand back, a card each.
    #[serde(rename = "q")]
    BagReturns,
}

/// Answers a button. What it takes to use it is looked up now: who has lost the right meanwhile is
/// refused.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: AdminPress,
) -> Result<Answer> {
    // Whoever presses something else types nothing any more.
    let asked = matches!(dialogue, Some(Dialogue::Admin(_)));
    let at = Some(message_id);
    let answer = match press {
        AdminPress::Today => glance::show(here, at),
        AdminPress::Jobs(choice, page) => list::page(here, at, choice, page),
        AdminPress::Open(id) => job::open(here, id),
        AdminPress::Refresh(id) => job::redraw(here, message_id, id),
        AdminPress::Candidates(id) => assign::candidates(here, message_id, id),
        AdminPress::Assign(id, technician) => assign::assign(here, message_id, id, technician),
        AdminPress::Verify(id) => job::verify(here, message_id, id),
        AdminPress::Ask(id, why) => reasons::ask(here, message_id, id, why),
        AdminPress::Because(id, why, reason) => {
            reasons::because(here, message_id, id, (why, reason))
        }
        AdminPress::Other(id, why) => return reasons::other(here, message_id, id, why),
        AdminPress::LowStock => stock::low(here, at),
        AdminPress::Item(id) => stock::item(here, id),
        AdminPress::Search => return stock::ask(here),
        AdminPress::Team(page) => team::page(here, at, page),
        AdminPress::Report(span) => report::show(here, span),
        AdminPress::Applicants => waiting::applicants(here),
        AdminPress::BagReturns => waiting::bag_returns(here),
    }?;
    Ok(if asked { answer.end() } else { answer })
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &AdminDialogue, input: &Input) -> Result<Answer> {
    match *state {
        AdminDialogue::Searching => stock::search(here, input),
        AdminDialogue::Reason { job, why, message_id } => {
            reasons::typed(here, (job, why, message_id), input)
        }
    }
}

/// Today at a glance.
///
/// # Errors
/// The caller may not; the database fails.
pub fn today(here: Here<'_, '_>) -> Result<Answer> {
    glance::show(here, None)
}

/// All jobs, the unfinished ones first.
///
/// # Errors
/// The caller may not; the database fails.
pub fn jobs(here: Here<'_, '_>) -> Result<Answer> {
    list::page(here, None, Choice::Unfinished, 0)
}

/// Stock.
///
/// # Errors
/// The caller may not; the database fails.
pub fn inventory(here: Here<'_, '_>) -> Result<Answer> {
    stock::low(here, None)
}

/// Reports.
///
/// # Errors
/// The caller may not; the database fails.
pub fn reports(here: Here<'_, '_>) -> Result<Answer> {
    report::show(here, Span::Week)
}

/// Technicians: who is where.
///
/// # Errors
/// The caller may not; the database fails.
pub fn technicians(here: Here<'_, '_>) -> Result<Answer> {
    team::page(here, None, 0)
}

/// Who acts, with this permission for the whole organisation: what a technician may do with the
/// own things stands in the technician's menus.
///
/// # Errors
/// [`ErrorCode::Forbidden`] without it.
fn office(here: &Here<'_, '_>, permission: Permission) -> Result<Actor> {
    let actor = here.actor()?;
    match actor.scope(permission)? {
        Scope::All => Ok(actor),
        Scope::Own => Err(Error::refuse(ErrorCode::Forbidden)),
    }
}

/// In place of the message, or at the end of the chat.
fn shown(at: Option<i32>, card: Card) -> Answer {
    match at {
        Some(message_id) => Answer::redraw(message_id, card),
        None => Answer::card(card),
    }
}
