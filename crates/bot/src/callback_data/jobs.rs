//! Callbacks of a technician's jobs.

use serde::{Deserialize, Serialize};
use shared::JobId;
use shared::job_state_machine::JobAction;

/// Buttons of a technician's jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobCallback {
    /// An action that needs nothing else.
    #[serde(rename = "s")]
    Transition(JobId, QuickTransition),
    /// Collapses an offer.
    #[serde(rename = "k")]
    Skip(JobId),
    /// Shows the job in a new message.
    #[serde(rename = "o")]
    Open(JobId),
    /// Shows the present state of the job in the same message.
    #[serde(rename = "f")]
    Refresh(JobId),
    /// Asks for a reason.
    #[serde(rename = "w")]
    AskReason(JobId, JobReason),
    /// Gives the ready-made reason at this position.
    #[serde(rename = "b")]
    ReadyReason(JobId, JobReason, usize),
    /// Gives a reason that will be typed.
    #[serde(rename = "t")]
    CustomReason(JobId, JobReason),
    /// Sends the location of the job.
    #[serde(rename = "m")]
    SendLocation(JobId),
    /// A page of the open jobs.
    #[serde(rename = "p")]
    OfferPage(usize),
    /// A page of the own jobs.
    #[serde(rename = "q")]
    OwnJobsPage(usize),
}

/// An action that one press completes.
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
    /// The action on the job.
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

/// What a technician gives a reason for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobReason {
    #[serde(rename = "h")]
    Hold,
    #[serde(rename = "d")]
    Decline,
}
