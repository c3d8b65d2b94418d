//! Delivers the outbox: claims messages, keeps to the limits of the channel, tries again, gives up.

mod circuit_breaker;
mod delivery;
mod metrics;
mod rate_limiter;
mod scheduler;
pub mod telegram;
mod worker;

pub use delivery::DeliveryDeps;
pub use metrics::DeliveryMetrics;
pub use rate_limiter::ChannelLimits;
pub use worker::DeliveryWorker;
