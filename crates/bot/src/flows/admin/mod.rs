//! The office: overview, jobs, stock, technicians, reports and approvals.
//!
//! Permissions are checked when a button is pressed, so somebody who lost one is refused.

mod access;
mod approvals;
mod assign;
pub mod dialogue;
mod inventory;
mod job;
mod list;
mod overview;
mod reasons;
mod report;
mod technicians;

use crate::callback_data::admin::{AdminCallback, JobFilter, ReportPeriod};
use dialogue::AdminDialogue;
use services::Result;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::incoming_update::Input;
use crate::response::BotResponse;

/// Handles a button.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of the action.
pub fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    callback: &AdminCallback,
) -> Result<BotResponse> {
    // A press on another button ends the wait for a typed text.
    let waiting = matches!(dialogue, Some(Dialogue::Admin(_)));
    let replaces = Some(message_id);
    let response = match *callback {
        AdminCallback::Overview => overview::show(ctx, replaces),
        AdminCallback::JobPage(filter, page) => list::list_page(ctx, replaces, filter, page),
        AdminCallback::Open(id) => job::open(ctx, id),
        AdminCallback::Refresh(id) => job::refresh(ctx, message_id, id),
        AdminCallback::Candidates(id) => assign::candidates(ctx, message_id, id),
        AdminCallback::Assign(id, technician) => assign::assign(ctx, message_id, id, technician),
        AdminCallback::Verify(id) => job::verify(ctx, message_id, id),
        AdminCallback::AskReason(id, reason) => reasons::ask(ctx, message_id, id, reason),
        AdminCallback::ReadyReason(id, reason, index) => {
            reasons::apply_ready(ctx, message_id, id, (reason, index))
        }
        AdminCallback::CustomReason(id, reason) => {
            return reasons::ask_custom(ctx, message_id, id, reason);
        }
        AdminCallback::LowStock => inventory::low_stock(ctx, replaces),
        AdminCallback::Item(id) => inventory::show_item(ctx, id),
        AdminCallback::SearchItem => return inventory::ask_search(ctx),
        AdminCallback::TechnicianPage(page) => technicians::technician_page(ctx, replaces, page),
        AdminCallback::Report(period) => report::show(ctx, period),
        AdminCallback::Applicants => approvals::applications(ctx),
        AdminCallback::BagReturns => approvals::bag_returns(ctx),
    }?;
    Ok(if waiting { response.ending_dialogue() } else { response })
}

/// Handles input to the dialogue.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of the action.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    dialogue: &AdminDialogue,
    input: &Input,
) -> Result<BotResponse> {
    match *dialogue {
        AdminDialogue::Searching => inventory::search(ctx, input),
        AdminDialogue::Reason { job, why, message_id } => {
            reasons::apply_typed(ctx, (job, why, message_id), input)
        }
    }
}

/// `/admin`: today's overview.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn overview(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    overview::show(ctx, None)
}

/// `/jobs_admin`: the unfinished jobs.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn jobs(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    list::list_page(ctx, None, JobFilter::Unfinished, 0)
}

/// `/inventory`: items that run low.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn inventory(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    inventory::low_stock(ctx, None)
}

/// `/reports`: the report of the last week.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn reports(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    report::show(ctx, ReportPeriod::Week)
}

/// `/technicians`: who is on duty and where.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn technicians(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    technicians::technician_page(ctx, None, 0)
}
