//! A stand-in for Telegram's Bot API over HTTP: for tests, and for trying the bot without an account.
//!
//! It keeps chats, answers the methods that bots use, refuses what Telegram refuses in Telegram's
//! words, and fails in the ways that networks fail, when a test asks for it.

mod chat;
mod control;
mod failures;
mod html;
mod http;
mod methods;
mod person;
mod state;
mod telegram;
mod webhook;

pub use chat::{Author, Button, Chat, Shown};
pub use failures::Failure;
pub use methods::BOT_NAME;
pub use person::Person;
pub use state::{Logged, Outcome};
pub use telegram::{FakeTelegram, TOKEN};
