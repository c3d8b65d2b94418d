//! Telegram delivery channel.

mod client;
mod message;
mod message_splitter;
mod request;

pub use client::{TelegramClient, http_client};
pub use message::{Addressee, Button, ChatButton, Keyboard, Message, NoticeRenderer};
pub(crate) use request::build_request;
