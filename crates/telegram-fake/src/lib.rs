//! A stand-in for Telegram's Bot API over HTTP: for tests, and for trying the bot without an account.
//!
//! It keeps chats, answers the methods that bots use, refuses what Telegram refuses in Telegram's
//! words, and fails in the ways that networks fail, when a test asks for it.

mod arguments;
mod breakdown;
mod chat;
mod control;
mod failures;
mod files;
mod html;
mod http;
mod limits;
mod markup;
mod methods;
mod person;
mod queue;
mod refusal;
mod server;
mod state;
mod telegram;
mod transcript;
mod updates;
mod webhook;
mod wire;

pub use chat::{Asks, Author, Button, Chat, Key, Keyboard, Shown};
pub use failures::Failure;
pub use html::{Entity, EntityKind};
pub use person::Person;
pub use state::{Logged, Outcome, Pressed};
pub use telegram::{Counts, FakeTelegram, TOKEN};
pub use wire::BOT_NAME;
