//! A private chat as the person's phone shows it.

use crate::html::{self, Entity};
use crate::transcript::ChatEvent;
use crate::types::{Content, FormattedText};

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    User,
    Bot,
}

/// One button below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    /// `callback_data`; none of a link.
    pub data: Option<String>,
    pub url: Option<String>,
}

/// Buttons in place of the phone's keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyboard {
    pub rows: Vec<Vec<Key>>,
    /// It goes away once it has been used.
    pub one_time: bool,
}

/// One button in place of the phone's keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub label: String,
    pub action: KeyAction,
}

/// What a tap on a [`Key`] sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAction {
    /// Its label.
    Text,
    /// The person's own phone number.
    Contact,
    /// Where the phone is.
    Location,
}

/// A message as it stands now.
#[derive(Debug, Clone)]
pub struct ChatMessage {
    pub id: i64,
    pub sender: Sender,
    /// As a person reads it, without tags. Of a picture its caption.
    pub text: String,
    /// Where the text is bold, a link and so on.
    pub entities: Vec<Entity>,
    pub buttons: Vec<Vec<Button>>,
    pub has_photo: bool,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// The phone made no sound.
    pub silent: bool,
    /// It can be neither forwarded nor saved.
    pub protected: bool,
    /// How often it was changed after it had been sent.
    pub edits: u32,
    pub deleted: bool,
    pub(crate) data: MessageData,
}

/// What Telegram keeps of a message beyond what is seen.
#[derive(Debug, Clone)]
pub(crate) struct MessageData {
    /// Seconds since 1970.
    pub date: i64,
    pub edited: Option<i64>,
    pub content: Content,
    /// Messages that came together.
    pub album: Option<String>,
    pub preview: Option<serde_json::Value>,
    /// It came with a keyboard or took one away. Such messages can't be edited.
    pub had_keyboard: bool,
}

impl ChatMessage {
    /// The text as HTML.
    pub fn html(&self) -> String {
        html::to_html(&FormattedText { text: self.text.clone(), entities: self.entities.clone() })
    }

    /// The file that can be fetched by `getFile`: of a photo its largest size.
    pub fn file_id(&self) -> Option<&str> {
        self.data.content.file_id()
    }

    /// Latitude and longitude.
    pub fn location(&self) -> Option<(f64, f64)> {
        match &self.data.content {
            Content::Location { location } | Content::Venue { location, .. } => {
                Some((location.latitude, location.longitude))
            }
            _ => None,
        }
    }

    /// Photos and files that came together have the same album.
    pub fn album(&self) -> Option<&str> {
        self.data.album.as_deref()
    }

    /// The labels of the buttons below it, in their order.
    pub fn button_labels(&self) -> Vec<&str> {
        self.buttons.iter().flatten().map(|button| button.label.as_str()).collect()
    }
}

/// The chat.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    pub messages: Vec<ChatMessage>,
    pub keyboard: Keyboard,
    /// The bot waits for an answer to this message (`force_reply`).
    pub awaited_reply_to: Option<i64>,
    /// Words that appeared over the chat after a press, in their order.
    pub toasts: Vec<String>,
    /// Those of `toasts` that stay until they are tapped away (`show_alert`).
    pub alerts: Vec<String>,
    /// What happened, in the words of a transcript.
    pub(crate) events: Vec<ChatEvent>,
    /// The bot is seen doing something (`sendChatAction`).
    pub action: Option<String>,
    pub(crate) started: bool,
    pub(crate) blocked: bool,
}

impl Chat {
    fn bot_messages(&self) -> impl DoubleEndedIterator<Item = &ChatMessage> {
        self.messages.iter().filter(|it| it.sender == Sender::Bot && !it.deleted)
    }

    /// The newest message of the bot.
    pub fn last(&self) -> Option<&ChatMessage> {
        self.bot_messages().next_back()
    }

    /// The newest message of the bot that contains the text.
    pub fn find(&self, text: &str) -> Option<&ChatMessage> {
        self.bot_messages().rev().find(|message| message.text.contains(text))
    }

    /// A message by its number.
    pub fn message(&self, id: i64) -> Option<&ChatMessage> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// The newest message with a button whose label contains `label`, and that button.
    pub fn button(&self, label: &str) -> Option<(&ChatMessage, &Button)> {
        self.messages.iter().rev().filter(|message| !message.deleted).find_map(|message| {
            let button = message.buttons.iter().flatten().find(|b| b.label.contains(label))?;
            Some((message, button))
        })
    }

    /// A button in place of the keyboard whose label contains `label`.
    pub fn key(&self, label: &str) -> Option<&Key> {
        self.keyboard.rows.iter().flatten().find(|key| key.label.contains(label))
    }

    /// Every text that the bot's messages show now.
    pub fn texts(&self) -> Vec<&str> {
        self.bot_messages().map(|message| message.text.as_str()).collect()
    }
}
