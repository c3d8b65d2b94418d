//! One module per table, with its queries.

pub mod audit;
pub mod counters;
pub mod idempotency_keys;
pub mod live_events;
pub mod outbox;
pub mod plans;
pub mod sessions;
pub mod settings;
pub mod users;
pub mod ws_tickets;
