//! The office in the chat.

mod approvals;
mod assign;
mod inventory;
mod job;
mod list;
mod overview;
mod reason_picker;
mod report;
mod technicians;

pub use list::JobFilter;
pub use reason_picker::AdminReason;
pub use report::ReportPeriod;

use serde::{Deserialize, Serialize};
use services::{Actor, Error, Result};
use shared::{ErrorCode, ItemId, JobId, Permission, Scope, TechnicianId};

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::response::BotResponse;
use crate::update::Input;
use crate::views::MessageView;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AdminDialogue {
    /// The name or code of an item.
    Searching,
    /// A typed reason; `message_id` is the card that asked for it.
    Reason { job: JobId, why: AdminReason, message_id: i32 },
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminCallback {
    /// Today at a glance, in place.
    #[serde(rename = "t")]
    Overview,
    /// A page of the jobs of one choice.
    #[serde(rename = "j")]
    JobPage(JobFilter, usize),
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
    AskReason(JobId, AdminReason),
    /// One of the ready-made reasons.
    #[serde(rename = "b")]
    ReadyReason(JobId, AdminReason, usize),
    /// A reason that has to be typed.
    #[serde(rename = "x")]
    CustomReason(JobId, AdminReason),
    /// Items that run out, in place.
    #[serde(rename = "l")]
    LowStock,
    /// Where an item lies.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Asks for the name or code of an item.
    #[serde(rename = "s")]
    SearchItem,
    /// A page of the technicians.
    #[serde(rename = "e")]
    TechnicianPage(usize),
    /// The report of some days.
    #[serde(rename = "r")]
    Report(ReportPeriod),
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
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: AdminCallback,
) -> Result<BotResponse> {
    // Whoever presses something else types nothing any more.
    let asked = matches!(dialogue, Some(Dialogue::Admin(_)));
    let at = Some(message_id);
    let answer = match press {
        AdminCallback::Overview => overview::show(here, at),
        AdminCallback::JobPage(choice, page) => list::list_page(here, at, choice, page),
        AdminCallback::Open(id) => job::open(here, id),
        AdminCallback::Refresh(id) => job::refresh(here, message_id, id),
        AdminCallback::Candidates(id) => assign::candidates(here, message_id, id),
        AdminCallback::Assign(id, technician) => assign::assign(here, message_id, id, technician),
        AdminCallback::Verify(id) => job::verify(here, message_id, id),
        AdminCallback::AskReason(id, why) => reason_picker::ask_reason(here, message_id, id, why),
        AdminCallback::ReadyReason(id, why, reason) => {
            reason_picker::apply_ready_reason(here, message_id, id, (why, reason))
        }
        AdminCallback::CustomReason(id, why) => {
            return reason_picker::ask_custom_reason(here, message_id, id, why);
        }
        AdminCallback::LowStock => inventory::low_stock(here, at),
        AdminCallback::Item(id) => inventory::show_item(here, id),
        AdminCallback::SearchItem => return inventory::ask_search(here),
        AdminCallback::TechnicianPage(page) => technicians::technician_page(here, at, page),
        AdminCallback::Report(span) => report::show(here, span),
        AdminCallback::Applicants => approvals::applications(here),
        AdminCallback::BagReturns => approvals::bag_returns(here),
    }?;
    Ok(if asked { answer.ending_dialogue() } else { answer })
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &AdminDialogue,
    input: &Input,
) -> Result<BotResponse> {
    match *state {
        AdminDialogue::Searching => inventory::search(here, input),
        AdminDialogue::Reason { job, why, message_id } => {
            reason_picker::handle_reason_text(here, (job, why, message_id), input)
        }
    }
}

/// Today at a glance.
///
/// # Errors
/// The caller may not; the database fails.
pub fn overview(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    overview::show(here, None)
}

/// All jobs, the unfinished ones first.
///
/// # Errors
/// The caller may not; the database fails.
pub fn jobs(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    list::list_page(here, None, JobFilter::Unfinished, 0)
}

/// Stock.
///
/// # Errors
/// The caller may not; the database fails.
pub fn inventory(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    inventory::low_stock(here, None)
}

/// Reports.
///
/// # Errors
/// The caller may not; the database fails.
pub fn reports(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    report::show(here, ReportPeriod::Week)
}

/// Technicians: who is where.
///
/// # Errors
/// The caller may not; the database fails.
pub fn technicians(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    technicians::technician_page(here, None, 0)
}

/// Who acts, with this permission for the whole organisation: what a technician may do with the
/// own things stands in the technician's menus.
///
/// # Errors
/// [`ErrorCode::Forbidden`] without it.
fn office_actor(here: &UpdateContext<'_, '_>, permission: Permission) -> Result<Actor> {
    let actor = here.actor()?;
    match actor.scope(permission)? {
        Scope::All => Ok(actor),
        Scope::Own => Err(Error::refuse(ErrorCode::Forbidden)),
    }
}

/// In place of the message, or at the end of the chat.
fn show_view(at: Option<i32>, card: MessageView) -> BotResponse {
    match at {
        Some(message_id) => BotResponse::edit_view(message_id, card),
        None => BotResponse::view(card),
    }
}
