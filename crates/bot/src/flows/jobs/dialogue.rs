//! Dialogue of a technician's jobs.

use serde::{Deserialize, Serialize};
use shared::JobId;

use crate::callback_data::jobs::JobReason;

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum JobDialogue {
    /// A typed reason; `message_id` is the message that asked for it.
    Reason { job: JobId, why: JobReason, message_id: i32 },
}
