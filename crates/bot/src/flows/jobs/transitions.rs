//! The steps of a job that need nothing else.

use serde::{Deserialize, Serialize};
use services::{Actor, Conn, Result, jobs};
use shared::JobId;
use shared::job::TransitionRequest;
use shared::job_state_machine::{JobAction, JobStatus};

use crate::context::UpdateContext;
use crate::format;
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views;

/// A step that one press does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuickTransition {
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

impl QuickTransition {
    /// What it does to the job.
    pub const fn action(self) -> JobAction {
        match self {
            QuickTransition::Claim => JobAction::Claim,
            QuickTransition::Accept => JobAction::Accept,
            QuickTransition::Depart => JobAction::Depart,
            QuickTransition::Start => JobAction::Start,
            QuickTransition::Resume => JobAction::Resume,
        }
    }
}

/// Does a step and shows the job as it is then. A step that came too late changes nothing: the card
/// is brought up to date, and a word says what is possible instead.
pub fn run_transition(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    action: JobAction,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let said = if jobs::allowed_actions(here.tx.conn(), actor, id)?.contains(&action) {
        jobs::transition(here.tx, actor, id, None, &TransitionRequest::for_action(action))?;
        format::action_confirmation(action).to_owned()
    } else {
        unavailable_reason(here.tx.conn(), screen, actor, id)?
    };
    let card = views::current_view(here.tx.conn(), screen, actor, id)?;
    Ok(BotResponse::edit_view(message_id, card).with_toast(said))
}

/// Why a button is of no use any more, and what is possible now; without markup, for a toast.
pub fn unavailable_reason(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    id: JobId,
) -> Result<String> {
    let offer = jobs::offer(conn, actor, screen.now, id)?;
    let possible = jobs::allowed_actions(conn, actor, id)?;
    let labels: Vec<&str> =
        possible.iter().filter_map(|action| format::action_label(*action, offer.status)).collect();
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
