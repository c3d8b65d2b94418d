//! Fake of Telegram's Bot API over HTTP, for tests and for trying the bot without an account.
//!
//! It keeps chats, implements the methods that bots use, returns Telegram's errors for what Telegram
//! refuses, and injects faults of network and server when a test asks for them.

mod api_error;
mod arguments;
mod bot_profile;
mod chat;
mod control;
mod fault_injection;
mod files;
mod get_updates;
mod html;
mod http;
mod markup;
mod methods;
mod rate_limits;
mod server;
mod shared_state;
mod state;
mod telegram;
mod test_user;
mod transcript;
mod types;
mod update_queue;
mod webhook;

pub use chat::{Button, Chat, ChatMessage, Key, KeyAction, Keyboard, Sender};
pub use fault_injection::Fault;
pub use html::{Entity, EntityKind};
pub use state::{LoggedRequest, PendingCallback, RequestOutcome};
pub use telegram::{FakeTelegram, RequestCounts, TOKEN};
pub use test_user::{OtherKind, TestUser};
pub use types::BOT_USERNAME;
