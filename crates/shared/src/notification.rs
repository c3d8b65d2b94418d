//! Notifications by Telegram and e-mail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, NotificationId};
use crate::pagination::CommaList;

crate::text_enum! {
    /// Channel of a message.
    Channel {
        Telegram => "telegram",
        Whatsapp => "whatsapp",
    }
}

crate::text_enum! {
    /// Status of a message.
    MessageStatus {
        /// Waits for its delivery or for the next attempt.
        Pending => "pending",
        /// Delivery is in progress.
        Sending => "sending",
        /// Accepted by the channel.
        Sent => "sent",
        /// Sent without an answer: it may have arrived. A report of the provider settles it.
        Unknown => "unknown",
        /// Given up; needs attention.
        Dead => "dead",
        /// Obsolete before it was delivered.
        Withdrawn => "withdrawn",
        /// The channel is not set up on this server or for this person.
        Disabled => "disabled",
    }
}

crate::text_enum! {
    /// Kind of a message.
    MessageKind {
        JobOffered => "job_offered",
        /// Edits an earlier offer: the job is no longer available.
        OfferClosed => "offer_closed",
        JobAssigned => "job_assigned",
        JobTakenAway => "job_taken_away",
        JobCancelled => "job_cancelled",
        ShortStock => "short_stock",
        SlaWarning => "sla_warning",
        SlaBreached => "sla_breached",
        LowStock => "low_stock",
        /// A person registered as a technician.
        RegistrationReceived => "registration_received",
        RegistrationApproved => "registration_approved",
        RegistrationRejected => "registration_rejected",
        /// A technician requested a bag return.
        BagReturnRequested => "bag_return_requested",
        /// The warehouse decided on a bag return.
        BagReturnDecided => "bag_return_decided",
        /// The storage of the server has a fault.
        StorageFault => "storage_fault",
        StorageRecovered => "storage_recovered",
        /// Reply of the bot in a chat.
        Reply => "reply",
    }
}

impl MessageKind {
    /// Whether it belongs to a conversation and is not listed as a notification.
    pub const fn is_reply(self) -> bool {
        matches!(self, MessageKind::Reply)
    }
}

crate::text_enum! {
    /// What a provider has reported about a message after it was sent.
    ReportedStatus {
        Accepted => "accepted",
        Delivered => "delivered",
        Read => "read",
        Failed => "failed",
    }
}

impl ReportedStatus {
    /// Whether a report with this status says more than an earlier one. Reports come in any order.
    pub const fn supersedes(self, earlier: Self) -> bool {
        match (earlier, self) {
            (Self::Accepted, Self::Delivered | Self::Read | Self::Failed)
            | (Self::Delivered, Self::Read) => true,
            (Self::Accepted | Self::Delivered | Self::Read | Self::Failed, _) => false,
        }
    }
}

crate::text_enum! {
    /// Why a delivery failed.
    DeliveryFailure {
        /// The person has not linked this channel.
        NotLinked => "not_linked",
        /// The person has blocked the bot.
        Blocked => "blocked",
        /// The channel refused the message; another attempt would not help.
        Rejected => "rejected",
        /// The channel was unreachable or reported an internal error.
        Unreachable => "unreachable",
        /// The channel asked for a lower rate.
        TooFast => "too_fast",
        /// The message could not be rendered.
        Internal => "internal",
    }
}

impl MessageStatus {
    /// Whether a user may send it again.
    pub const fn can_be_resent(self) -> bool {
        matches!(self, MessageStatus::Dead | MessageStatus::Disabled | MessageStatus::Unknown)
    }
}

/// A message in the list of notifications. The text itself is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    pub id: NotificationId,
    pub channel: Channel,
    pub kind: MessageKind,
    pub status: MessageStatus,
    /// Name of the recipient; null for persons without a user account.
    pub recipient: Option<String>,
    pub job_id: Option<JobId>,
    pub job_number: Option<String>,
    /// Short subject: number of the job, name of the item or person.
    pub summary: String,
    /// Delivery attempts.
    pub attempts: i32,
    /// Time of the next attempt; null unless the message waits.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed, or why there was none.
    pub failure: Option<DeliveryFailure>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// `GET /api/notifications`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct NotificationQuery {
    /// Words in the name of the recipient or the number of the job.
    pub q: Option<String>,
    /// One or more of: pending, sending, sent, unknown, dead, withdrawn, disabled.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub status: Option<CommaList<MessageStatus>>,
    /// One or more kinds, as in the response.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub kind: Option<CommaList<MessageKind>>,
    pub channel: Option<Channel>,
    pub job_id: Option<JobId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
