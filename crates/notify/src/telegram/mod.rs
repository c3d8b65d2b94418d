//! Telegram as a way to people.

mod client;
mod health;
mod message;
mod metrics;
mod one;
mod pace;
mod pick;
mod request;
mod text;
mod worker;

pub use client::{Client, http};
pub use message::{Addressee, Button, ChatButton, Compose, Keyboard, Message};
pub use metrics::Metrics;
pub use one::Means;
pub use pace::Limits;
pub use worker::Worker;
