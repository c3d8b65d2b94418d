//! Messages to people outside the browser.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, NotificationId};
use crate::pagination::CommaList;

crate::text_enum! {
    /// How a message travels.
    Channel {
        Telegram => "telegram",
        Whatsapp => "whatsapp",
    }
}

crate::text_enum! {
    /// Where a message stands.
    MessageStatus {
        /// Waits for its delivery, or for the next try.
        Pending => "pending",
        /// Somebody is delivering it right now.
        Sending => "sending",
        /// The channel has taken it.
        Sent => "sent",
        /// Sent without an answer: it may have arrived. A report of the provider settles it.
        Unknown => "unknown",
        /// Given up; somebody has to look at it.
        Dead => "dead",
        /// Lost its meaning before it was delivered.
        Withdrawn => "withdrawn",
        /// The channel is not set up on this server, or not for this person.
        Disabled => "disabled",
    }
}

crate::text_enum! {
    /// What a message is about.
    MessageKind {
        JobOffered => "job_offered",
        /// Changes an earlier offer: the job is no longer to be had.
        OfferClosed => "offer_closed",
        JobAssigned => "job_assigned",
        JobTakenAway => "job_taken_away",
        JobCancelled => "job_cancelled",
        ShortStock => "short_stock",
        SlaWarning => "sla_warning",
        SlaBreached => "sla_breached",
        LowStock => "low_stock",
        /// A technician asks to be let in.
        RegistrationReceived => "registration_received",
        RegistrationApproved => "registration_approved",
        RegistrationRejected => "registration_rejected",
        /// Leftovers are on their way to the warehouse.
        BagReturnRequested => "bag_return_requested",
        /// The warehouse has counted what was brought back.
        BagReturnDecided => "bag_return_decided",
        /// The server's storage can't be used as usual.
        StorageTrouble => "storage_trouble",
        StorageRecovered => "storage_recovered",
        /// The bot's answer to what somebody did in the chat.
        Reply => "reply",
    }
}

impl MessageKind {
    /// Whether it belongs to a conversation and to no list of notifications.
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
    /// Why a message was not delivered.
    DeliveryFailure {
        /// The person has not connected this channel.
        NotLinked => "not_linked",
        /// The person has stopped the bot.
        Blocked => "blocked",
        /// The channel says that the message is wrong: trying again would not help.
        Rejected => "rejected",
        /// The channel could not be reached, or answered with a fault of its own.
        Unreachable => "unreachable",
        /// The channel asks to be slower.
        TooFast => "too_fast",
        /// This server could not put the message into words.
        Internal => "internal",
    }
}

impl MessageStatus {
    /// Whether somebody may have it sent again.
    pub const fn can_be_resent(self) -> bool {
        matches!(self, MessageStatus::Dead | MessageStatus::Disabled | MessageStatus::Unknown)
    }
}

/// A message as it is shown. What it says to its reader stays between the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    pub id: NotificationId,
    pub channel: Channel,
    pub kind: MessageKind,
    pub status: MessageStatus,
    /// Name of whom it is for; null for somebody who has no login yet.
    pub recipient: Option<String>,
    pub job_id: Option<JobId>,
    pub job_number: Option<String>,
    /// What it is about, in a few words: the number of the job, the name of the item or person.
    pub summary: String,
    /// Tries to deliver it.
    pub attempts: i32,
    /// When it is tried again; null unless it waits.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try failed, or why there was none.
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
    /// One or more kinds, as they stand in the answer.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub kind: Option<CommaList<MessageKind>>,
    pub channel: Option<Channel>,
    pub job_id: Option<JobId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
