//! Jobs as messages: one card per job, always as the job stands now.

mod job_view;
mod offer_view;

pub use job_view::own_job;
pub use offer_view::{closed_offer, collapsed_offer, open_offer};

use notify::telegram::Button;
use services::{Actor, Conn, Result, jobs};
use shared::JobId;
use shared::job_state_machine::JobStatus;

use crate::view_context::ViewContext;

/// A text and the buttons below it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MessageView {
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
}

/// A job as it concerns this technician now: the own job, an offer, or a line that says who has it.
///
/// # Errors
/// There is no such job; the actor is no technician.
pub fn current_view(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    id: JobId,
) -> Result<MessageView> {
    let offer = jobs::offer(conn, actor, screen.now, id)?;
    if jobs::is_assigned(conn, actor, id)? {
        return own_job(conn, screen, actor, id);
    }
    match offer.status {
        JobStatus::Open => open_offer(conn, screen, &offer),
        _ => Ok(closed_offer(&offer)),
    }
}
