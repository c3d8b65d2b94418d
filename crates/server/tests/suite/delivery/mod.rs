//! Delivery of messages from the outbox to Telegram chats.

mod any_channel;
mod failures;
pub mod fixtures;
mod incoming_updates;
mod metrics;
mod multiple_instances;
mod notifications;
mod ordering;
mod replaced_messages;
mod stress;
mod test_channel;
mod update_lease;
mod webhook;
