//! Messages to people, queued in the transaction of the change that they tell of.

use chrono::{DateTime, Utc};
use db::Tx;
use db::tables::outbox::{NewMessage, insert};
use serde::{Deserialize, Serialize};
use shared::job::JobPriority;
use shared::message::{Channel, MessageStatus};
use shared::{ItemId, JobId, TechnicianId};

use crate::error::{Error, Result};

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    Technician(TechnicianId),
    /// Every technician who may take a job.
    Technicians,
    /// Everyone who runs the operation.
    Admins,
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Recipient::Technician(id) => write!(f, "technician:{id}"),
            Recipient::Technicians => f.write_str("technicians"),
            Recipient::Admins => f.write_str("admins"),
        }
    }
}

/// What a message tells. Whoever delivers it puts it into the words of its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A job is open: take it or leave it.
    JobOffered {
        job_id: JobId,
        number: String,
        priority: JobPriority,
    },
    JobAssigned {
        job_id: JobId,
        number: String,
    },
    JobTakenAway {
        job_id: JobId,
        number: String,
    },
    JobCancelled {
        job_id: JobId,
        number: String,
    },
    /// Material was missing in the warehouse when the job was accepted.
    ShortStock {
        job_id: JobId,
        number: String,
        missing: Vec<Missing>,
    },
    /// A quarter of the job's time is left.
    SlaWarning {
        job_id: JobId,
        number: String,
        due_at: DateTime<Utc>,
    },
    /// The job's due time has passed.
    SlaBreached {
        job_id: JobId,
        number: String,
        due_at: DateTime<Utc>,
    },
    LowStock {
        item_id: ItemId,
        code: String,
        name: String,
        on_hand: i64,
        min_stock: i64,
    },
}

/// What was missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub item_id: ItemId,
    pub name: String,
    pub quantity: i64,
}

impl Notice {
    const fn kind(&self) -> &'static str {
        match self {
            Notice::JobOffered { .. } => "job_offered",
            Notice::JobAssigned { .. } => "job_assigned",
            Notice::JobTakenAway { .. } => "job_taken_away",
            Notice::JobCancelled { .. } => "job_cancelled",
            Notice::ShortStock { .. } => "short_stock",
            Notice::SlaWarning { .. } => "sla_warning",
            Notice::SlaBreached { .. } => "sla_breached",
            Notice::LowStock { .. } => "low_stock",
        }
    }
}

/// Queues a message. `occasion` tells apart two messages of the same kind to the same person; a
/// second one for the same occasion is dropped.
///
/// # Errors
/// The database fails.
pub fn send(tx: &mut Tx<'_>, recipient: Recipient, notice: &Notice, occasion: &str) -> Result<()> {
    let payload = serde_json::to_string(notice)
        .map_err(|error| Error::Db(db::DbError::Corrupt(error.to_string())))?;
    let recipient = recipient.to_string();
    let created_at = tx.now().naive_utc();
    let message = NewMessage {
        channel: Channel::Telegram,
        recipient: &recipient,
        kind: notice.kind(),
        payload: &payload,
        dedupe_key: &format!("{}:{recipient}:{occasion}", notice.kind()),
        // No channel is set up in this version: messages wait, visible, for the one that will be.
        status: MessageStatus::Disabled,
        created_at,
    };
    Ok(insert(tx.conn(), &message)?)
}
