//! Telegram as a way to people.

mod message;

pub use message::{Addressee, Button, ChatButton, Compose, Keyboard, Message};
