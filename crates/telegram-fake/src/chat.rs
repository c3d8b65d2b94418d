//! Private chat as the user's phone shows it.

use crate::html::{self, Entity, FormattedText};
use crate::types::{Content, MessageOrigin};

/// The sender of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    User,
    Bot,
}

/// An inline button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    /// `callback_data`; none for a link.
    pub data: Option<String>,
    pub url: Option<String>,
}

/// A reply keyboard, shown in place of the phone's keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyboard {
    pub rows: Vec<Vec<Key>>,
    /// It is hidden after its first use.
    pub one_time: bool,
}

/// A key of a reply keyboard.
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
    /// The user's phone number.
    Contact,
    /// The user's location.
    Location,
}

/// A message in its current state.
#[derive(Debug, Clone)]
pub struct ChatMessage {
    pub id: i64,
    pub sender: Sender,
    /// The text or caption without tags.
    pub text: String,
    /// Where the text is bold, a link and so on.
    pub entities: Vec<Entity>,
    pub buttons: Vec<Vec<Button>>,
    pub has_photo: bool,
    /// The message that it replies to.
    pub reply_to: Option<i64>,
    /// Sent without a sound.
    pub silent: bool,
    /// Forwarding and saving are disabled.
    pub protected: bool,
    /// The number of edits.
    pub edits: u32,
    pub deleted: bool,
    pub(crate) data: MessageData,
}

/// Data of a message that users don't see.
#[derive(Debug, Clone)]
pub(crate) struct MessageData {
    /// Seconds since 1970.
    pub date: i64,
    pub edited: Option<i64>,
    pub content: Content,
    /// The id of the album.
    pub album: Option<String>,
    /// Where it was forwarded from.
    pub forwarded: Option<MessageOrigin>,
    pub preview: Option<serde_json::Value>,
    /// It set or removed a reply keyboard. Such messages can't be edited.
    pub had_keyboard: bool,
}

impl ChatMessage {
    /// Returns the text as HTML.
    pub fn html(&self) -> String {
        html::to_html(&FormattedText { text: self.text.clone(), entities: self.entities.clone() })
    }

    /// Returns the file for `getFile`: of a photo the largest size.
    pub fn file_id(&self) -> Option<&str> {
        self.data.content.file_id()
    }

    /// Returns latitude and longitude.
    pub fn location(&self) -> Option<(f64, f64)> {
        match &self.data.content {
            Content::Location { location } | Content::Venue { location, .. } => {
                Some((location.latitude, location.longitude))
            }
            _ => None,
        }
    }

    /// Returns the id of its album.
    pub fn album(&self) -> Option<&str> {
        self.data.album.as_deref()
    }

    /// Returns the labels of its inline buttons, in their order.
    pub fn button_labels(&self) -> Vec<&str> {
        self.buttons.iter().flatten().map(|button| button.label.as_str()).collect()
    }
}

/// One entry of a transcript.
#[derive(Debug, Clone)]
pub(crate) enum ChatEvent {
    User(String),
    Bot(String),
    /// The bot edited a message: its new state.
    Edited(String),
    /// The bot deleted a message.
    Deleted(String),
    Toast(String),
}

/// A private chat.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    pub messages: Vec<ChatMessage>,
    pub keyboard: Keyboard,
    /// The message that asked for a reply (`force_reply`).
    pub awaited_reply_to: Option<i64>,
    /// Answers to callback queries, shown over the chat, oldest first.
    pub toasts: Vec<String>,
    /// Those of `toasts` that the user has to close (`show_alert`).
    pub alerts: Vec<String>,
    /// The events of the transcript.
    pub(crate) events: Vec<ChatEvent>,
    /// The action shown to the user (`sendChatAction`).
    pub action: Option<String>,
    pub(crate) started: bool,
    pub(crate) blocked: bool,
}

impl Chat {
    fn bot_messages(&self) -> impl DoubleEndedIterator<Item = &ChatMessage> {
        self.messages.iter().filter(|it| it.sender == Sender::Bot && !it.deleted)
    }

    /// Returns the newest message of the bot.
    pub fn last(&self) -> Option<&ChatMessage> {
        self.bot_messages().next_back()
    }

    /// Returns the newest message of the bot that contains the text.
    pub fn find(&self, text: &str) -> Option<&ChatMessage> {
        self.bot_messages().rev().find(|message| message.text.contains(text))
    }

    /// Returns a message by its id.
    pub fn message(&self, id: i64) -> Option<&ChatMessage> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// Returns the newest message with an inline button whose label contains `label`, and the button.
    pub fn button(&self, label: &str) -> Option<(&ChatMessage, &Button)> {
        self.messages.iter().rev().filter(|message| !message.deleted).find_map(|message| {
            let button = message.buttons.iter().flatten().find(|b| b.label.contains(label))?;
            Some((message, button))
        })
    }

    /// Returns a key of the reply keyboard whose label contains `label`.
    pub fn key(&self, label: &str) -> Option<&Key> {
        self.keyboard.rows.iter().flatten().find(|key| key.label.contains(label))
    }

    /// Returns the current texts of the bot's messages.
    pub fn texts(&self) -> Vec<&str> {
        self.bot_messages().map(|message| message.text.as_str()).collect()
    }
}
