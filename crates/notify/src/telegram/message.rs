//! What is sent to a chat.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use services::Conn;
use services::outbox::Notice;
use shared::{ChatId, UserId};

use super::message_splitter::{MAX_TEXT, split};

/// One message as it is sent. Texts are HTML as Telegram understands it (`<b>`, `<i>`, `<a>`,
/// `<code>`); whoever puts data into them escapes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Message {
    /// A new message at the end of the chat.
    Text { text: String, keyboard: Keyboard },
    /// Changes a message that stands in the chat. If it is gone, nothing happens.
    Edit { message_id: i32, text: String, keyboard: Keyboard },
    /// A picture (PNG or JPEG, as base64) with a line below it.
    Picture { picture: String, caption: String, keyboard: Keyboard },
    /// A point on the map.
    Place { latitude: f64, longitude: f64 },
}

impl Message {
    /// The same text as a change of a message that stands in the chat, if it is of a form that can
    /// stand there.
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

    /// The message, in several if its text is longer than Telegram takes. The buttons are below the
    /// last one.
    #[must_use]
    pub fn split(self) -> Vec<Self> {
        let Message::Text { text, keyboard } = self else { return vec![self] };
        let mut pieces = split(&text, MAX_TEXT);
        let last = pieces.pop().unwrap_or_default();
        let first = |text| Message::Text { text, keyboard: Keyboard::None };
        let last = Message::Text { text: last, keyboard };
        pieces.into_iter().map(first).chain([last]).collect()
    }
}

/// The buttons of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "buttons", content = "rows", rename_all = "snake_case")]
pub enum Keyboard {
    /// Leaves the buttons below the input field as they are.
    #[default]
    None,
    /// Below the message.
    Inline(Vec<Vec<Button>>),
    /// In place of the phone's keyboard.
    Chat(Vec<Vec<ChatButton>>),
    /// Takes the buttons below the input field away.
    Remove,
}

/// A button below a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Sends `data` (at most 64 bytes) to the bot.
    Press { label: String, data: String },
    /// Opens an address (`https:`, `tel:` is not taken by Telegram).
    Link { label: String, url: String },
}

/// A button in place of the keyboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatButton {
    /// Sends its own label.
    Text(String),
    /// Sends the person's own phone number.
    Contact(String),
    /// Sends where the phone is.
    Place(String),
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// None while the person has no login.
    pub user_id: Option<UserId>,
    pub chat_id: ChatId,
}

/// Puts notices into the words of a chat, at the moment of their delivery.
pub trait NoticeRenderer: Send + Sync + 'static {
    /// What the notice looks like for this person now; `None` if it has lost its meaning.
    /// `replaces` is the message in the chat that it takes the place of.
    ///
    /// # Errors
    /// The database fails.
    fn render(
        &self,
        conn: &mut Conn,
        now: DateTime<Utc>,
        to: Addressee,
        notice: &Notice,
        replaces: Option<i32>,
    ) -> services::Result<Option<Message>>;
}
