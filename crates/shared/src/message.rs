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
        /// Waits for its delivery.
        Pending => "pending",
        /// The channel is not set up on this server.
        Disabled => "disabled",
    }
}
