//! Delivers the outbox: claims messages, keeps to the limits of the channel, tries again, gives up.

pub mod telegram;
