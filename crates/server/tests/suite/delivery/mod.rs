//! Messages on their way from the outbox to the chats.

mod failures;
mod inbox;
mod instances;
mod metrics;
mod notifications;
mod offers;
mod order;
mod proof;
mod updates;
mod webhook;
pub mod world;
