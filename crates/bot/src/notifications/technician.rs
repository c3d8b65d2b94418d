//! What technicians hear of jobs, and of what they have handed back.

use services::inventory::bag_returns;
use services::{Actor, Conn, Result, jobs, telegram};
use shared::job_state_machine::JobStatus;
use shared::{BagReturnId, JobId};

use crate::callback_data::CallbackData;
use crate::flows::{JobCallback, bag};
use crate::html::{bold, escape};
use crate::view_context::ViewContext;
use crate::views::{self, MessageView};

/// The technician who reads it; `None` if the chat belongs to none any more.
fn recipient(conn: &mut Conn, screen: ViewContext<'_>) -> Result<Option<Actor>> {
    let actor = telegram::actor_for_chat(conn, screen.chat)?;
    Ok(actor.filter(|actor| actor.technician_id.is_some()))
}

/// A job is open. It is not offered again to whoever has given it back.
pub fn job_offered(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, screen)? else { return Ok(None) };
    let offer = jobs::offer(conn, &actor, screen.now, id)?;
    if offer.status != JobStatus::Open || jobs::has_declined(conn, &actor, id)? {
        return Ok(None);
    }
    views::open_offer(conn, screen, &offer).map(Some)
}

/// An offer in the chat is brought up to date: who has the job now. Whoever it was given to has a
/// card of its own for it.
pub fn offer_closed(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, screen)? else { return Ok(None) };
    let offer = jobs::offer(conn, &actor, screen.now, id)?;
    if offer.status == JobStatus::Assigned && jobs::is_assigned(conn, &actor, id)? {
        let text = format!("{} ditugaskan ke Anda.", bold(&offer.number));
        return Ok(Some(MessageView { text, buttons: vec![vec![open_button(screen, id)]] }));
    }
    views::current_view(conn, screen, &actor, id).map(Some)
}

/// The office gave the job to this technician, who has not answered yet.
pub fn job_assigned(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, screen)? else { return Ok(None) };
    if !jobs::is_assigned(conn, &actor, id)? {
        return Ok(None);
    }
    let job = jobs::get(conn, &actor, id)?;
    if job.status != JobStatus::Assigned {
        return Ok(None);
    }
    views::own_job(conn, screen, &actor, id).map(Some)
}

/// The office gave the job to somebody else, or took it back.
pub fn job_taken_away(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
    number: &str,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, screen)? else { return Ok(None) };
    if jobs::is_assigned(conn, &actor, id)? {
        return Ok(None);
    }
    let offer = jobs::offer(conn, &actor, screen.now, id)?;
    let number = bold(number);
    let text = match offer.lead {
        Some(lead) => {
            format!("↪️ {number} dialihkan ke {}. Anda tidak perlu ke sana.", bold(&lead))
        }
        None => format!("↪️ {number} ditarik kembali oleh kantor. Anda tidak perlu ke sana."),
    };
    Ok(Some(MessageView { text, buttons: Vec::new() }))
}

/// The office has cancelled the job.
pub fn job_cancelled(conn: &mut Conn, id: JobId, number: &str) -> Result<Option<MessageView>> {
    let reason = jobs::cancel_reason(conn, id)?;
    let reason = reason.map(|reason| format!("\nAlasan: {}", escape(&reason)));
    let text = format!(
        "❌ {} dibatalkan oleh kantor. Anda tidak perlu ke sana.{}",
        bold(number),
        reason.unwrap_or_default()
    );
    Ok(Some(MessageView { text, buttons: Vec::new() }))
}

/// The warehouse has decided on a return.
pub fn bag_return_decided(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: BagReturnId,
) -> Result<Option<MessageView>> {
    let Some(actor) = recipient(conn, screen)? else { return Ok(None) };
    Ok(Some(bag::decision_view(&bag_returns::get(conn, &actor, id)?)))
}

fn open_button(screen: ViewContext<'_>, id: JobId) -> notify::telegram::Button {
    screen.button("Buka", &CallbackData::Job(JobCallback::Open(id)))
}
