//! Reasons for declining a job or putting it on hold.

use services::{Actor, Result};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::{JobId, Lang};

use super::dialogue::JobDialogue;
use super::transitions::{attempt, stale_response};
use crate::callback_data::jobs::{JobCallback, JobReason};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::incoming_update::Input;
use crate::message_view::MessageView;
use crate::pickers::reason_picker::{ReasonChoice, ReasonPicker, custom_reason_view, typed_reason};
use crate::response::BotResponse;
use crate::texts;
use crate::views::{TechnicianJob, own_job};

const fn action(reason: JobReason) -> JobAction {
    match reason {
        JobReason::Hold => JobAction::Hold,
        JobReason::Decline => JobAction::Decline,
    }
}

const fn question(lang: Lang, reason: JobReason) -> &'static str {
    match reason {
        JobReason::Hold => texts::reasons::hold_question(lang),
        JobReason::Decline => texts::reasons::decline_question(lang),
    }
}

const fn ready_reasons(lang: Lang, reason: JobReason) -> &'static [&'static str] {
    match reason {
        JobReason::Hold => texts::reasons::hold(lang),
        JobReason::Decline => texts::reasons::decline(lang),
    }
}

/// Shows the reasons below the job.
pub fn ask(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    reason: JobReason,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let job = TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)?;
    if !job.allowed_actions(actor).contains(&action(reason)) {
        return stale_response(ctx, actor, message_id, id);
    }
    let picker = ReasonPicker {
        question: question(ctx.lang, reason),
        ready: ready_reasons(ctx.lang, reason),
        per_row: 2,
        back_label: texts::common::back(ctx.lang),
    };
    let text = job.view(ctx.tx.conn(), view_ctx, actor)?.text;
    let view = picker.view(view_ctx, &text, |choice| match choice {
        ReasonChoice::Ready(index) => JobCallback::ReadyReason(id, reason, index),
        ReasonChoice::Custom => JobCallback::CustomReason(id, reason),
        ReasonChoice::Back => JobCallback::Refresh(id),
    });
    Ok(BotResponse::edit_view(message_id, view))
}

/// Takes the action with a ready-made reason.
pub fn apply_ready(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    (reason, index): (JobReason, usize),
) -> Result<BotResponse> {
    let view = match ready_reasons(ctx.lang, reason).get(index) {
        Some(text) => apply(&mut ctx, actor, id, reason, text)?,
        None => None,
    };
    match view {
        Some(view) => {
            let toast = format::action_confirmation(ctx.lang, action(reason));
            Ok(BotResponse::edit_view(message_id, view).with_toast(toast))
        }
        None => stale_response(ctx, actor, message_id, id),
    }
}

/// Asks for a typed reason.
pub fn ask_custom(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    reason: JobReason,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let job = TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)?;
    if !job.allowed_actions(actor).contains(&action(reason)) {
        return Ok(stale_response(ctx, actor, message_id, id)?.ending_dialogue());
    }
    let question = question(ctx.lang, reason);
    let view = custom_reason_view(view_ctx, job.number(), question, JobCallback::Refresh(id));
    let dialogue = JobDialogue::Reason { job: id, why: reason, message_id };
    Ok(BotResponse::edit_view(message_id, view).with_dialogue(dialogue))
}

/// Takes the action with a typed reason.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of the action.
pub fn apply_typed(
    mut ctx: UpdateContext<'_, '_>,
    dialogue: &JobDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let JobDialogue::Reason { job, why, message_id } = *dialogue;
    let (actor, _) = ctx.technician()?;
    let reason = match typed_reason(ctx.lang, input) {
        Ok(reason) => reason,
        Err(text) => return Ok(BotResponse::text(text)),
    };
    let Some(view) = apply(&mut ctx, &actor, job, why, reason)? else {
        return Ok(stale_response(ctx, &actor, message_id, job)?.ending_dialogue());
    };
    let confirmation = format::action_confirmation(ctx.lang, action(why));
    let confirmation = BotResponse::text(format!("{confirmation} {}", escape(reason)));
    Ok(confirmation.then(BotResponse::edit_view(message_id, view)).ending_dialogue())
}

/// Takes the action and renders the job afterwards; `None` if it is no longer possible.
fn apply(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    id: JobId,
    reason: JobReason,
    text: &str,
) -> Result<Option<MessageView>> {
    let request = TransitionRequest {
        reason: Some(text.to_owned()),
        ..TransitionRequest::for_action(action(reason))
    };
    let Some(job) = attempt(ctx, actor, id, &request)? else { return Ok(None) };
    let view_ctx = ctx.view_ctx();
    Ok(Some(match reason {
        JobReason::Hold => own_job(ctx.tx.conn(), view_ctx, actor, &job)?,
        JobReason::Decline => declined_job(ctx, &job, text),
    }))
}

/// A declined job: one line, and a button to show it again.
fn declined_job(ctx: &UpdateContext<'_, '_>, job: &Job, reason: &str) -> MessageView {
    let text = texts::jobs::declined(ctx.lang, bold(&job.number), escape(reason));
    let again = texts::common::show_again(ctx.lang);
    let again = ctx.view_ctx().button(again, JobCallback::Refresh(job.id));
    MessageView { text, buttons: vec![vec![again]] }
}
