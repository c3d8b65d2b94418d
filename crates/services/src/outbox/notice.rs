//! What a message tells, before it is put into the words of its channel.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::job::JobPriority;
use shared::notification::MessageKind;
use shared::{BagReturnId, ItemId, JobId, RegistrationId, StorageFault};

use crate::storage_alerts::StorageLocation;

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
    /// An offer that was sent earlier is no longer to be had.
    OfferClosed {
        job_id: JobId,
        number: String,
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
        missing: Vec<MissingItem>,
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
    /// Somebody asks to become a technician.
    RegistrationReceived {
        registration_id: RegistrationId,
        name: String,
    },
    /// The applicant is in; `username` is the new login.
    RegistrationApproved {
        registration_id: RegistrationId,
        username: String,
        /// The first password, sealed for this registration.
        sealed_password: String,
    },
    RegistrationRejected {
        registration_id: RegistrationId,
        reason: String,
    },
    /// A technician brings leftovers to the warehouse.
    BagReturnRequested {
        bag_return_id: BagReturnId,
        technician: String,
    },
    /// The warehouse has counted what was brought back.
    BagReturnDecided {
        bag_return_id: BagReturnId,
    },
    /// The storage of the server can't be used as usual.
    StorageTrouble {
        place: StorageLocation,
        fault: StorageFault,
    },
    /// The storage of the server is in order again.
    StorageRecovered {
        place: StorageLocation,
    },
}

/// What was missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingItem {
    pub item_id: ItemId,
    pub name: String,
    pub quantity: i64,
}

impl Notice {
    /// What the message is about.
    pub const fn kind(&self) -> MessageKind {
        match self {
            Notice::JobOffered { .. } => MessageKind::JobOffered,
            Notice::OfferClosed { .. } => MessageKind::OfferClosed,
            Notice::JobAssigned { .. } => MessageKind::JobAssigned,
            Notice::JobTakenAway { .. } => MessageKind::JobTakenAway,
            Notice::JobCancelled { .. } => MessageKind::JobCancelled,
            Notice::ShortStock { .. } => MessageKind::ShortStock,
            Notice::SlaWarning { .. } => MessageKind::SlaWarning,
            Notice::SlaBreached { .. } => MessageKind::SlaBreached,
            Notice::LowStock { .. } => MessageKind::LowStock,
            Notice::RegistrationReceived { .. } => MessageKind::RegistrationReceived,
            Notice::RegistrationApproved { .. } => MessageKind::RegistrationApproved,
            Notice::RegistrationRejected { .. } => MessageKind::RegistrationRejected,
            Notice::BagReturnRequested { .. } => MessageKind::BagReturnRequested,
            Notice::BagReturnDecided { .. } => MessageKind::BagReturnDecided,
            Notice::StorageTrouble { .. } => MessageKind::StorageTrouble,
            Notice::StorageRecovered { .. } => MessageKind::StorageRecovered,
        }
    }

    /// The job that the message is about.
    pub const fn job_id(&self) -> Option<JobId> {
        match self {
            Notice::JobOffered { job_id, .. }
            | Notice::OfferClosed { job_id, .. }
            | Notice::JobAssigned { job_id, .. }
            | Notice::JobTakenAway { job_id, .. }
            | Notice::JobCancelled { job_id, .. }
            | Notice::ShortStock { job_id, .. }
            | Notice::SlaWarning { job_id, .. }
            | Notice::SlaBreached { job_id, .. } => Some(*job_id),
            Notice::LowStock { .. }
            | Notice::RegistrationReceived { .. }
            | Notice::RegistrationApproved { .. }
            | Notice::RegistrationRejected { .. }
            | Notice::BagReturnRequested { .. }
            | Notice::BagReturnDecided { .. }
            | Notice::StorageTrouble { .. }
            | Notice::StorageRecovered { .. } => None,
        }
    }
}
