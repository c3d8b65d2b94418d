//! Jobs of a technician: offers, own jobs, and the actions on them.

pub mod dialogue;
mod lists;
mod reasons;
mod transitions;

use crate::callback_data::jobs::JobCallback;
use dialogue::JobDialogue;
pub use lists::{offers, own_jobs};
use notify::telegram::Message;
use services::jobs::{self, Offer};
use services::{Actor, Error, Result};
use shared::job_state_machine::JobStatus;
use shared::{ErrorCode, JobId};

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::incoming_update::Input;
use crate::response::BotResponse;
use crate::views::{TechnicianJob, collapsed_offer};

/// Handles a button.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of the action.
pub fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    callback: &JobCallback,
) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    // A press on another button ends the wait for a typed reason.
    let waiting = matches!(dialogue, Some(Dialogue::Job(_)));
    let response = match *callback {
        JobCallback::Transition(id, step) => {
            transitions::run_transition(ctx, &actor, message_id, id, step.action())
        }
        JobCallback::Skip(id) => skip(ctx, &actor, message_id, id),
        JobCallback::Open(id) => show(ctx, &actor, None, id),
        JobCallback::Refresh(id) => show(ctx, &actor, Some(message_id), id),
        JobCallback::AskReason(id, reason) => reasons::ask(ctx, &actor, message_id, id, reason),
        JobCallback::ReadyReason(id, reason, index) => {
            reasons::apply_ready(ctx, &actor, message_id, id, (reason, index))
        }
        JobCallback::CustomReason(id, reason) => {
            return reasons::ask_custom(ctx, &actor, message_id, id, reason);
        }
        JobCallback::SendLocation(id) => send_location(ctx, &actor, id),
        JobCallback::OfferPage(page) => lists::offers_page(ctx, &actor, Some(message_id), page),
        JobCallback::OwnJobsPage(page) => lists::own_jobs_page(ctx, &actor, Some(message_id), page),
    }?;
    Ok(if waiting { response.ending_dialogue() } else { response })
}

/// Handles input to the dialogue.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of the action.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    dialogue: &JobDialogue,
    input: &Input,
) -> Result<BotResponse> {
    reasons::apply_typed(ctx, dialogue, input)
}

fn skip(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let view = match TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)? {
        TechnicianJob::Offer(offer @ Offer { status: JobStatus::Open, .. }) => {
            collapsed_offer(view_ctx, &offer)
        }
        job => job.view(ctx.tx.conn(), view_ctx, actor)?,
    };
    Ok(BotResponse::edit_view(message_id, view))
}

/// The present state of the job in the message `replaces`, or in a new one.
fn show(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    replaces: Option<i32>,
    id: JobId,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let job = TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)?;
    Ok(BotResponse::show_view(replaces, job.view(ctx.tx.conn(), view_ctx, actor)?))
}

fn send_location(ctx: UpdateContext<'_, '_>, actor: &Actor, id: JobId) -> Result<BotResponse> {
    let job = jobs::get(ctx.tx.conn(), actor, id)?;
    match job.latitude.zip(job.longitude) {
        Some((latitude, longitude)) => {
            Ok(BotResponse::message(Message::Place { latitude, longitude }))
        }
        None => Err(Error::refuse(ErrorCode::NotFound)),
    }
}
