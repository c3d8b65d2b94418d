//! Delivery of messages from the outbox to Telegram chats.

mod failures;
pub mod fixtures;
mod incoming_updates;
mod metrics;
mod multiple_instances;
mod notifications;
mod ordering;
mod replaced_messages;
mod stress;
mod update_lease;
mod webhook;
