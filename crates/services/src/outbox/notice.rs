//! Notice: the content of a message before its channel renders it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::job::JobPriority;
use shared::notification::MessageKind;
use shared::{BagReturnId, ItemId, JobId, RegistrationId, StorageFault};

use crate::storage_alerts::StorageLocation;

/// The content of a message. Its channel renders it when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// An open job is offered.
    JobOffered {
        job_id: JobId,
        number: String,
        priority: JobPriority,
    },
    /// An earlier offer is closed.
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
    /// The stock did not suffice when a job was accepted.
    ShortStock {
        job_id: JobId,
        number: String,
        missing: Vec<MissingItem>,
    },
    /// A quarter of the job's time remains.
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
    /// A technician has applied.
    RegistrationReceived {
        registration_id: RegistrationId,
        name: String,
    },
    /// The application was approved; `username` is that of the new user account.
    RegistrationApproved {
        registration_id: RegistrationId,
        username: String,
        /// The first password, encrypted for this registration.
        #[serde(alias = "sealed_password")]
        encrypted_password: String,
    },
    RegistrationRejected {
        registration_id: RegistrationId,
        reason: String,
    },
    /// A technician wants to return stock.
    BagReturnRequested {
        bag_return_id: BagReturnId,
        technician: String,
    },
    /// The warehouse has confirmed or rejected a return.
    BagReturnDecided {
        bag_return_id: BagReturnId,
    },
    /// The storage of the server has a fault.
    StorageFault {
        place: StorageLocation,
        fault: StorageFault,
    },
    /// The storage of the server works again.
    StorageRecovered {
        place: StorageLocation,
    },
}

/// An item whose stock did not suffice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingItem {
    pub item_id: ItemId,
    pub name: String,
    pub quantity: i64,
}

impl Notice {
    /// Returns the kind of the message.
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
            Notice::StorageFault { .. } => MessageKind::StorageFault,
            Notice::StorageRecovered { .. } => MessageKind::StorageRecovered,
        }
    }

    /// Returns the job of the message.
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
            | Notice::StorageFault { .. }
            | Notice::StorageRecovered { .. } => None,
        }
    }
}
