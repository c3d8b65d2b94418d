//! Messages to people outside the browser.

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
        ReturnRequested => "return_requested",
        /// The warehouse has counted what was brought back.
        ReturnDecided => "return_decided",
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
