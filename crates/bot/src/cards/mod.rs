//! Jobs as messages: one card per job, always as the job stands now.

mod job;
mod offer;

pub use job::own;
pub use offer::{folded, gone, open};

use db::Conn;
use notify::telegram::Button;
use services::{Actor, Result, jobs};
use shared::JobId;
use shared::job_state_machine::JobStatus;

use crate::screen::Screen;

/// A text and the buttons below it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
}

/// A job as it concerns this technician now: the own job, an offer, or a line that says who has it.
///
/// # Errors
/// There is no such job; the actor is no technician.
pub fn present(conn: &mut Conn, screen: Screen<'_>, actor: &Actor, id: JobId) -> Result<Card> {
    let offer = jobs::offer(conn, actor, screen.now, id)?;
    if jobs::is_on(conn, actor, id)? {
        return own(conn, screen, actor, id);
    }
    match offer.status {
        JobStatus::Open => open(conn, screen, &offer),
        _ => Ok(gone(&offer)),
    }
}
