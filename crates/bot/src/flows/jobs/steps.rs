//! The steps of a job that need nothing else.

use db::Conn;
use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs};
use shared::JobId;
use shared::job::TransitionRequest;
use shared::job_state_machine::{JobAction, JobStatus};

use crate::answer::Answer;
use crate::cards;
use crate::here::Here;
use crate::say;
use crate::screen::Screen;

/// A step that one press does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    #[serde(rename = "c")]
    Claim,
    #[serde(rename = "a")]
    Accept,
    #[serde(rename = "d")]
    Depart,
    #[serde(rename = "s")]
    Start,
    #[serde(rename = "r")]
    Resume,
}

impl Way {
    /// What it does to the job.
    pub const fn action(self) -> JobAction {
        match self {
            Way::Claim => JobAction::Claim,
            Way::Accept => JobAction::Accept,
            Way::Depart => JobAction::Depart,
            Way::Start => JobAction::Start,
            Way::Resume => JobAction::Resume,
        }
    }
}

/// Does a step and shows the job as it is then. A step that came too late changes nothing: the card
/// is brought up to date, and a word says what is possible instead.
pub fn take(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    action: JobAction,
) -> Result<Answer> {
    let screen = here.screen();
    let said = if jobs::possible(here.tx.conn(), actor, id)?.contains(&action) {
        jobs::transition(here.tx, actor, id, None, &TransitionRequest::of(action))?;
        say::done(action).to_owned()
    } else {
        instead(here.tx.conn(), screen, actor, id)?
    };
    let card = cards::present(here.tx.conn(), screen, actor, id)?;
    Ok(Answer::redraw(message_id, card).saying(said))
}

/// Why a button is of no use any more, and what is possible now; without markup, for a toast.
pub fn instead(conn: &mut Conn, screen: Screen<'_>, actor: &Actor, id: JobId) -> Result<String> {
    let offer = jobs::offer(conn, actor, screen.now, id)?;
    let possible = jobs::possible(conn, actor, id)?;
    let labels: Vec<&str> =
        possible.iter().filter_map(|action| say::action(*action, offer.status)).collect();
    if !labels.is_empty() {
        return Ok(format!("Sekarang yang bisa: {}.", labels.join(", ")));
    }
    Ok(match (offer.status, offer.lead) {
        (JobStatus::Cancelled, _) => "Pekerjaan ini sudah dibatalkan.".to_owned(),
        (JobStatus::Completed | JobStatus::Closed, _) => "Pekerjaan ini sudah selesai.".to_owned(),
        (_, Some(lead)) => format!("Pekerjaan ini sudah diambil oleh {lead}."),
        (_, None) => "Pekerjaan ini tidak tersedia lagi.".to_owned(),
    })
}
