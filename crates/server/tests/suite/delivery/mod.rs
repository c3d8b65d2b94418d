//! Messages on their way from the outbox to the chats.

mod failures;
mod order;
mod world;
