//! Jobs in the hands of a technician: take, accept, decline, and the way there.

mod lists;
mod reason_picker;
mod transitions;

pub use lists::{offers, own_jobs};
pub use reason_picker::{JobDialogue, JobReason};
pub use transitions::{QuickTransition, unavailable_reason};

use notify::telegram::Message;
use serde::{Deserialize, Serialize};
use services::{Actor, Error, Result, jobs};
use shared::{ErrorCode, JobId};

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::response::BotResponse;
use crate::update::Input;
use crate::views;

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobCallback {
    /// A step that needs nothing else.
    #[serde(rename = "s")]
    Transition(JobId, QuickTransition),
    /// Puts an offer aside.
    #[serde(rename = "k")]
    Skip(JobId),
    /// Shows the job at the end of the chat.
    #[serde(rename = "o")]
    Open(JobId),
    /// Shows the job as it is now, in place.
    #[serde(rename = "f")]
    Refresh(JobId),
    /// Asks why.
    #[serde(rename = "w")]
    AskReason(JobId, JobReason),
    /// One of the ready-made reasons.
    #[serde(rename = "b")]
    ReadyReason(JobId, JobReason, usize),
    /// A reason that has to be typed.
    #[serde(rename = "t")]
    CustomReason(JobId, JobReason),
    /// The job's place as a point on the map.
    #[serde(rename = "m")]
    SendLocation(JobId),
    /// A page of the open jobs.
    #[serde(rename = "p")]
    OfferPage(usize),
    /// A page of the own jobs.
    #[serde(rename = "q")]
    OwnJobsPage(usize),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: JobCallback,
) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    let screen = here.view_ctx();
    // Whoever presses something else types no reason any more.
    let asked = matches!(dialogue, Some(Dialogue::Job(_)));
    let answer = match press {
        JobCallback::Transition(id, way) => {
            transitions::run_transition(here, &actor, message_id, id, way.action())
        }
        JobCallback::Skip(id) => skip(here, &actor, message_id, id),
        JobCallback::Open(id) => {
            Ok(BotResponse::view(views::current_view(here.tx.conn(), screen, &actor, id)?))
        }
        JobCallback::Refresh(id) => refresh(here, &actor, message_id, id),
        JobCallback::AskReason(id, why) => {
            reason_picker::ask_reason(here, &actor, message_id, id, why)
        }
        JobCallback::ReadyReason(id, why, reason) => {
            reason_picker::apply_ready_reason(here, &actor, message_id, id, (why, reason))
        }
        JobCallback::CustomReason(id, why) => {
            return reason_picker::ask_custom_reason(here, &actor, message_id, id, why);
        }
        JobCallback::SendLocation(id) => send_location(here, &actor, id),
        JobCallback::OfferPage(page) => lists::offers_page(here, &actor, Some(message_id), page),
        JobCallback::OwnJobsPage(page) => {
            lists::own_jobs_page(here, &actor, Some(message_id), page)
        }
    }?;
    Ok(if asked { answer.ending_dialogue() } else { answer })
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &JobDialogue,
    input: &Input,
) -> Result<BotResponse> {
    reason_picker::handle_input(here, state, input)
}

fn skip(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let offer = jobs::offer(here.tx.conn(), actor, screen.now, id)?;
    if offer.status != shared::job_state_machine::JobStatus::Open {
        return refresh(here, actor, message_id, id);
    }
    Ok(BotResponse::edit_view(message_id, views::collapsed_offer(screen, &offer)))
}

/// The job as it is now in place of the pressed message.
pub(super) fn refresh(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let card = views::current_view(here.tx.conn(), screen, actor, id)?;
    Ok(BotResponse::edit_view(message_id, card))
}

fn send_location(here: UpdateContext<'_, '_>, actor: &Actor, id: JobId) -> Result<BotResponse> {
    let job = jobs::get(here.tx.conn(), actor, id)?;
    match job.latitude.zip(job.longitude) {
        Some((latitude, longitude)) => {
            Ok(BotResponse::message(Message::Place { latitude, longitude }))
        }
        None => Err(Error::refuse(ErrorCode::NotFound)),
    }
}
