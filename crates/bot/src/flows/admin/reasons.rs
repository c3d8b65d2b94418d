//! Reasons for cancelling or reopening a job, and for removing its technician.

use services::{Actor, Result, jobs};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::{JobId, Lang, Permission};

use super::access::office_actor;
use super::dialogue::AdminDialogue;
use super::job::{job_view, stale_response};
use crate::callback_data::admin::{AdminCallback, AdminReason};
use crate::context::UpdateContext;
use crate::html::escape;
use crate::incoming_update::Input;
use crate::pickers::reason_picker::{ReasonChoice, ReasonPicker, custom_reason_view, typed_reason};
use crate::response::BotResponse;
use crate::texts::{self, reasons};

const fn action(reason: AdminReason) -> JobAction {
    match reason {
        AdminReason::Cancel => JobAction::Cancel,
        AdminReason::Reopen => JobAction::Reopen,
        AdminReason::Unassign => JobAction::Unassign,
    }
}

const fn permission(reason: AdminReason) -> Permission {
    match reason {
        AdminReason::Cancel => Permission::JobsCancel,
        AdminReason::Reopen => Permission::JobsVerify,
        AdminReason::Unassign => Permission::JobsAssign,
    }
}

const fn question(lang: Lang, reason: AdminReason) -> &'static str {
    match reason {
        AdminReason::Cancel => reasons::cancel_question(lang),
        AdminReason::Reopen => reasons::reopen_question(lang),
        AdminReason::Unassign => reasons::unassign_question(lang),
    }
}

const fn confirmation(lang: Lang, reason: AdminReason) -> &'static str {
    match reason {
        AdminReason::Cancel => reasons::cancel_done(lang),
        AdminReason::Reopen => reasons::reopen_done(lang),
        AdminReason::Unassign => reasons::unassign_done(lang),
    }
}

const fn ready_reasons(lang: Lang, reason: AdminReason) -> &'static [&'static str] {
    match reason {
        AdminReason::Cancel => reasons::cancel(lang),
        AdminReason::Reopen => reasons::reopen(lang),
        AdminReason::Unassign => reasons::unassign(lang),
    }
}

/// Loads the job for somebody who may take the action; the flag tells whether it is possible now.
fn load(
    ctx: &mut UpdateContext<'_, '_>,
    id: JobId,
    reason: AdminReason,
) -> Result<(Actor, Job, bool)> {
    let actor = office_actor(ctx, permission(reason))?;
    let job = jobs::get(ctx.tx.conn(), &actor, id)?;
    let possible = jobs::allowed_actions_for(&actor, &job).contains(&action(reason));
    Ok((actor, job, possible))
}

/// Shows the reasons below the job.
pub fn ask(
    mut ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    reason: AdminReason,
) -> Result<BotResponse> {
    let (actor, job, possible) = load(&mut ctx, id, reason)?;
    if !possible {
        return Ok(stale_response(&ctx, &actor, message_id, &job));
    }
    let view_ctx = ctx.view_ctx();
    let picker = ReasonPicker {
        question: question(ctx.lang, reason),
        ready: ready_reasons(ctx.lang, reason),
        per_row: 1,
        back_label: texts::common::back(ctx.lang),
    };
    let text = job_view(view_ctx, &actor, &job).text;
    let view = picker.view(view_ctx, &text, |choice| match choice {
        ReasonChoice::Ready(index) => AdminCallback::ReadyReason(id, reason, index),
        ReasonChoice::Custom => AdminCallback::CustomReason(id, reason),
        ReasonChoice::Back => AdminCallback::Refresh(id),
    });
    Ok(BotResponse::edit_view(message_id, view))
}

/// Takes the action with a ready-made reason.
pub fn apply_ready(
    mut ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    (reason, index): (AdminReason, usize),
) -> Result<BotResponse> {
    let (actor, job, possible) = load(&mut ctx, id, reason)?;
    match ready_reasons(ctx.lang, reason).get(index) {
        Some(text) if possible => {
            let response = apply(&mut ctx, &actor, message_id, id, (reason, text))?;
            Ok(response.with_toast(confirmation(ctx.lang, reason)))
        }
        _ => Ok(stale_response(&ctx, &actor, message_id, &job)),
    }
}

/// Asks for a typed reason.
pub fn ask_custom(
    mut ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    reason: AdminReason,
) -> Result<BotResponse> {
    let (actor, job, possible) = load(&mut ctx, id, reason)?;
    if !possible {
        return Ok(stale_response(&ctx, &actor, message_id, &job).ending_dialogue());
    }
    let question = question(ctx.lang, reason);
    let back = AdminCallback::Refresh(id);
    let view = custom_reason_view(ctx.view_ctx(), &job.number, question, back);
    let dialogue = AdminDialogue::Reason { job: id, why: reason, message_id };
    Ok(BotResponse::edit_view(message_id, view).with_dialogue(dialogue))
}

/// Takes the action with a typed reason.
pub fn apply_typed(
    mut ctx: UpdateContext<'_, '_>,
    (id, reason, message_id): (JobId, AdminReason, i32),
    input: &Input,
) -> Result<BotResponse> {
    office_actor(&ctx, permission(reason))?;
    let text = match typed_reason(ctx.lang, input) {
        Ok(text) => text,
        Err(text) => return Ok(BotResponse::text(text)),
    };
    let (actor, job, possible) = load(&mut ctx, id, reason)?;
    if !possible {
        return Ok(stale_response(&ctx, &actor, message_id, &job).ending_dialogue());
    }
    let response = apply(&mut ctx, &actor, message_id, id, (reason, text))?;
    let confirmation = format!("{} {}", confirmation(ctx.lang, reason), escape(text));
    Ok(BotResponse::text(confirmation).then(response).ending_dialogue())
}

/// Takes the action and shows the job afterwards.
fn apply(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    (reason, text): (AdminReason, &str),
) -> Result<BotResponse> {
    let request = TransitionRequest {
        reason: Some(text.to_owned()),
        ..TransitionRequest::for_action(action(reason))
    };
    let job = jobs::transition(ctx.tx, actor, id, None, &request)?;
    Ok(BotResponse::edit_view(message_id, job_view(ctx.view_ctx(), actor, &job)))
}
