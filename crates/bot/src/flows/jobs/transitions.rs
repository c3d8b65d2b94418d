//! Actions of a technician on a job.

use services::{Actor, Error, Result, jobs};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::{JobAction, TRANSITIONS, Transition, TransitionTarget};
use shared::{ErrorCode, JobId};

use crate::context::UpdateContext;
use crate::format;
use crate::response::BotResponse;
use crate::texts;
use crate::views::{TechnicianJob, own_job};

/// Takes an action and shows the job as it is afterwards. An action that is no longer possible changes
/// nothing: the message is brought up to date, and a toast explains why.
///
/// # Errors
/// `NotFound`, and the refusals of the action.
pub fn run_transition(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    action: JobAction,
) -> Result<BotResponse> {
    let request = TransitionRequest::for_action(action);
    let Some(job) = attempt(&mut ctx, actor, id, &request)? else {
        return repeated_or_stale(ctx, actor, message_id, id, action);
    };
    let view_ctx = ctx.view_ctx();
    let view = own_job(ctx.tx.conn(), view_ctx, actor, &job)?;
    let toast = format::action_confirmation(ctx.lang, action);
    Ok(BotResponse::edit_view(message_id, view).with_toast(toast))
}

/// The button was pressed a second time, perhaps on another device, or the job has changed otherwise.
fn repeated_or_stale(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    action: JobAction,
) -> Result<BotResponse> {
    let (lang, view_ctx) = (ctx.lang, ctx.view_ctx());
    let job = TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)?;
    let response = stale_response(ctx, actor, message_id, id)?;
    let leads_here = |row: &&Transition| {
        row.action == action
            && matches!(row.to, TransitionTarget::Status(status) if status == job.status())
    };
    let done =
        matches!(job, TechnicianJob::Own(_)) && TRANSITIONS.iter().any(|row| leads_here(&row));
    Ok(match done {
        true => {
            let done = texts::common::already_done(lang, format::status(lang, job.status()));
            let toast = format!("{done} {}", job.unavailable_reason(lang, actor));
            response.with_toast(toast)
        }
        false => response,
    })
}

/// Takes an action; `None` if it is no longer possible.
///
/// # Errors
/// The other refusals of the action.
pub fn attempt(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    id: JobId,
    request: &TransitionRequest,
) -> Result<Option<Job>> {
    match jobs::transition(ctx.tx, actor, id, None, request) {
        Ok(job) => Ok(Some(job)),
        Err(Error::Refused(refusal)) if is_stale(ctx, actor, id, refusal.code)? => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a refusal means that the job has changed since the button was shown. These codes come from
/// the checks before the first change, so the transaction can go on.
fn is_stale(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    id: JobId,
    code: ErrorCode,
) -> Result<bool> {
    match code {
        ErrorCode::AlreadyClaimed | ErrorCode::IllegalTransition | ErrorCode::Forbidden => Ok(true),
        ErrorCode::NotFound => Ok(!jobs::is_assigned(ctx.tx.conn(), actor, id)?),
        _ => Ok(false),
    }
}

/// Shows the present state of the job and explains why the button has no effect.
///
/// # Errors
/// `NotFound`.
pub fn stale_response(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let job = TechnicianJob::load(ctx.tx.conn(), view_ctx, actor, id)?;
    let view = job.view(ctx.tx.conn(), view_ctx, actor)?;
    let toast = job.unavailable_reason(view_ctx.lang, actor);
    Ok(BotResponse::edit_view(message_id, view).with_toast(toast))
}
