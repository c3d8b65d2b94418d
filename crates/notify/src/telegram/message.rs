//! Messages and keyboards of Telegram chats.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use services::Conn;
use services::outbox::Notice;
use shared::{ChatId, UserId};

use super::message_splitter::{MAX_TEXT, split};

/// A message of a chat. Texts are Telegram's HTML (`<b>`, `<i>`, `<a>`, `<code>`); the caller escapes
/// data in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Message {
    /// A new message at the end of the chat.
    Text { text: String, keyboard: Keyboard },
    /// Edits an earlier message. If it was deleted, an answer is sent as a new message; a notice is not sent.
    Edit { message_id: i32, text: String, keyboard: Keyboard },
    /// A picture (PNG or JPEG, as base64) with a caption.
    Picture { picture: String, caption: String, keyboard: Keyboard },
    /// A location.
    Place { latitude: f64, longitude: f64 },
}

impl Message {
    /// A text without buttons.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), keyboard: Keyboard::None }
    }

    /// Returns the message as an edit of an earlier one, if its form allows that.
    #[must_use]
    pub fn as_edit_of(self, message_id: Option<i32>) -> Self {
        match (self, message_id) {
            (
                Message::Text { text, keyboard: keyboard @ (Keyboard::None | Keyboard::Inline(_)) },
                Some(message_id),
            ) => Message::Edit { message_id, text, keyboard },
            (message, _) => message,
        }
    }

    /// The message to send if the one that it edits is gone; `None` if it edits none.
    #[must_use]
    pub fn into_new(self) -> Option<Self> {
        match self {
            Message::Edit { text, keyboard, .. } => Some(Message::Text { text, keyboard }),
            Message::Text { .. } | Message::Picture { .. } | Message::Place { .. } => None,
        }
    }

    /// Splits a text that is longer than Telegram allows. The keyboard belongs to the last part.
    #[must_use]
    pub fn split(self) -> Vec<Self> {
        let Message::Text { text, keyboard } = self else { return vec![self] };
        let mut parts = split(&text, MAX_TEXT);
        let last = parts.pop().unwrap_or_default();
        let first = |text| Message::Text { text, keyboard: Keyboard::None };
        let last = Message::Text { text: last, keyboard };
        parts.into_iter().map(first).chain([last]).collect()
    }
}

/// The keyboard of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "buttons", content = "rows", rename_all = "snake_case")]
pub enum Keyboard {
    /// Keeps the current reply keyboard.
    #[default]
    None,
    /// Buttons below the message.
    Inline(Vec<Vec<Button>>),
    /// A reply keyboard, in place of the phone's keyboard.
    Chat(Vec<Vec<ChatButton>>),
    /// Removes the reply keyboard.
    Remove,
}

/// An inline button.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Sends `data` (at most 64 bytes) to the bot.
    Press { label: String, data: String },
    /// Opens a URL (Telegram accepts `https:` but not `tel:`).
    Link { label: String, url: String },
}

/// A button of a reply keyboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatButton {
    /// Sends its own label.
    Text(String),
    /// Sends the user's own phone number.
    Contact(String),
    /// Sends the user's location.
    Place(String),
}

/// The recipient of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// None while the person has no user account.
    pub user_id: Option<UserId>,
    pub chat_id: ChatId,
}

/// Renders notices as messages at the time of their delivery.
pub trait NoticeRenderer: Send + Sync + 'static {
    /// Renders a notice for a recipient; `None` if it has lost its meaning. `replaces` is the message that
    /// the rendered one edits.
    fn render(
        &self,
        conn: &mut Conn,
        now: DateTime<Utc>,
        to: Addressee,
        notice: &Notice,
        replaces: Option<i32>,
    ) -> services::Result<Option<Message>>;
}
