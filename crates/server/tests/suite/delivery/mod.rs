//! Messages on their way from the outbox to the chats.

mod any_channel;
mod failures;
mod inbox;
mod instances;
mod metrics;
mod notifications;
mod offers;
mod order;
mod proof;
mod test_channel;
mod updates;
mod webhook;
pub mod world;
