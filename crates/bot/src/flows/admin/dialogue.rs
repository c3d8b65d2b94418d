//! Dialogue of the office.

use serde::{Deserialize, Serialize};
use shared::JobId;

use crate::callback_data::admin::AdminReason;

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AdminDialogue {
    /// The name or code of an item.
    Searching,
    /// A typed reason; `message_id` is the message that asked for it.
    Reason { job: JobId, why: AdminReason, message_id: i32 },
}
