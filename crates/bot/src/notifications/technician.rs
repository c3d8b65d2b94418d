//! Notices to technicians about jobs and returns.

use services::inventory::bag_returns;
use services::{Actor, Conn, Result, jobs, telegram};
use shared::job_state_machine::JobStatus;
use shared::{BagReturnId, JobId, Lang};

use crate::callback_data::jobs::JobCallback;
use crate::flows::bag;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::texts::{self, notices};
use crate::view_context::ViewContext;
use crate::views::{TechnicianJob, open_offer, own_job};

/// The technician of the chat; `None` if it belongs to none any more.
fn recipient(conn: &mut Conn, view_ctx: ViewContext<'_>) -> Result<Option<Actor>> {
    let actor = telegram::actor_for_chat(conn, view_ctx.chat)?;
    Ok(actor.filter(|actor| actor.technician_id.is_some()))
}

/// A job is open. Technicians who have declined it are not offered it again.
pub fn job_offered(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, view_ctx)? else { return Ok(None) };
    let offer = jobs::offer(conn, &actor, view_ctx.now, id)?;
    if offer.status != JobStatus::Open || jobs::has_declined(conn, &actor, id)? {
        return Ok(None);
    }
    open_offer(conn, view_ctx, &offer).map(Some)
}

/// Brings an offer in the chat up to date: who has the job now. A technician who was assigned gets
/// another message with the job itself.
pub fn offer_closed(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, view_ctx)? else { return Ok(None) };
    let job = TechnicianJob::load(conn, view_ctx, &actor, id)?;
    if let TechnicianJob::Own(own) = &job
        && own.status == JobStatus::Assigned
    {
        let text = notices::offer_assigned_to_you(view_ctx.lang, bold(&own.number));
        let open = view_ctx.button(texts::common::open(view_ctx.lang), JobCallback::Open(id));
        return Ok(Some(MessageView { text, buttons: vec![vec![open]] }));
    }
    job.view(conn, view_ctx, &actor).map(Some)
}

/// The office has assigned the job to the technician, who has not answered yet.
pub fn job_assigned(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, view_ctx)? else { return Ok(None) };
    if !jobs::is_assigned(conn, &actor, id)? {
        return Ok(None);
    }
    let job = jobs::get(conn, &actor, id)?;
    if job.status != JobStatus::Assigned {
        return Ok(None);
    }
    own_job(conn, view_ctx, &actor, &job).map(Some)
}

/// The office has assigned the job to somebody else, or withdrawn it.
pub fn job_taken_away(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
    number: &str,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, view_ctx)? else { return Ok(None) };
    if jobs::is_assigned(conn, &actor, id)? {
        return Ok(None);
    }
    let offer = jobs::offer(conn, &actor, view_ctx.now, id)?;
    Ok(Some(MessageView::text(match offer.lead {
        Some(lead) => notices::handed_over(view_ctx.lang, bold(number), bold(&lead)),
        None => notices::taken_back(view_ctx.lang, bold(number)),
    })))
}

/// The office has cancelled the job.
pub fn job_cancelled(
    conn: &mut Conn,
    lang: Lang,
    id: JobId,
    number: &str,
) -> Result<Option<MessageView>> {
    let reason = jobs::cancel_reason(conn, id)?;
    let reason = reason.map(|reason| notices::cancel_reason(lang, escape(&reason)));
    let first = notices::cancelled(lang, bold(number));
    let lines: Vec<String> = std::iter::once(first).chain(reason).collect();
    Ok(Some(MessageView::text(lines.join("\n"))))
}

/// The warehouse has decided on a return.
pub fn bag_return_decided(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: BagReturnId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, view_ctx)? else { return Ok(None) };
    let bag_return = bag_returns::get(conn, &actor, id)?;
    Ok(Some(bag::decision_view(view_ctx.lang, &bag_return)))
}
