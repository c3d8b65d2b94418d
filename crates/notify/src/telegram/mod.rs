//! Telegram delivery channel.

mod adapter;
mod client;
mod message;
mod message_splitter;
mod request;

pub use adapter::{LIMITS, TelegramChannel};
pub use client::{TelegramClient, http_client};
pub use message::{Addressee, Button, ChatButton, Keyboard, Message, NoticeRenderer};
