//! Messages on their way from the outbox to the chats.

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
