//! Delivery of the outbox over any channel.
//!
//! - [`Channel`]: the adapter to one provider; it renders a message and sends it. Telegram is the
//!   first one ([`telegram`]).
//! - [`DeliveryWorker`]: runs one channel: claims messages, starts deliveries, stores how they ended.
//! - `scheduler`: chooses which messages leave next.
//! - `rate_limiter` and `address_limiter`: keep the limits of the channel, in total and per address.
//! - `circuit_breaker`: pauses a channel that does not work.
//!
//! The rules of a message's life (claims, retries, stored states) are in `services::delivery`.

mod address_limiter;
mod channel;
mod circuit_breaker;
mod delivery;
mod metrics;
mod rate_limiter;
mod scheduler;
pub mod telegram;
mod worker;

pub use channel::{Channel, Content, OutgoingMessage, Preparation};
pub use metrics::DeliveryMetrics;
pub use rate_limiter::ChannelLimits;
pub use worker::DeliveryWorker;
