//! Telegram as a way to people.

mod circuit_breaker;
mod client;
mod delivery;
mod message;
mod message_splitter;
mod metrics;
mod rate_limiter;
mod request;
mod scheduler;
mod worker;

pub use client::{TelegramClient, http_client};
pub use delivery::DeliveryDeps;
pub use message::{Addressee, Button, ChatButton, Keyboard, Message, NoticeRenderer};
pub use metrics::DeliveryMetrics;
pub use rate_limiter::ChannelLimits;
pub use worker::DeliveryWorker;
