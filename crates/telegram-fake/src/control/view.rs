//! JSON view of a chat for the control API.

use serde::Serialize;

use crate::chat::{Button, Chat, ChatMessage, Key, KeyAction, Sender};
use crate::html::Entity;

#[derive(Serialize)]
pub(super) struct ChatView {
    /// Pass it as `after` to wait for the next change.
    changes: u64,
    messages: Vec<MessageView>,
    keyboard: Vec<Vec<KeyView>>,
    /// The message that the bot wants a reply to.
    asked: Option<i64>,
    toasts: Vec<String>,
    alerts: Vec<String>,
    action: Option<String>,
    blocked: bool,
}

#[derive(Serialize)]
struct MessageView {
    id: i64,
    from_bot: bool,
    /// Seconds since 1970.
    date: i64,
    text: String,
    entities: Vec<Entity>,
    picture: bool,
    file: Option<String>,
    place: Option<(f64, f64)>,
    album: Option<String>,
    reply_to: Option<i64>,
    protected: bool,
    silent: bool,
    edits: u32,
    buttons: Vec<Vec<ButtonView>>,
}

#[derive(Serialize)]
struct ButtonView {
    label: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct KeyView {
    label: String,
    asks: KeyActionView,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum KeyActionView {
    Text,
    Contact,
    Location,
}

impl ChatView {
    pub fn new(chat: Chat, changes: u64) -> Self {
        let shown = chat.messages.into_iter().filter(|message| !message.deleted);
        let rows = chat.keyboard.rows.into_iter();
        Self {
            changes,
            messages: shown.map(MessageView::from).collect(),
            keyboard: rows.map(|row| row.into_iter().map(KeyView::from).collect()).collect(),
            asked: chat.awaited_reply_to,
            toasts: chat.toasts,
            alerts: chat.alerts,
            action: chat.action,
            blocked: chat.blocked,
        }
    }
}

impl From<ChatMessage> for MessageView {
    fn from(shown: ChatMessage) -> Self {
        let row = |row: &Vec<Button>| row.iter().map(ButtonView::from).collect();
        Self {
            id: shown.id,
            from_bot: shown.sender == Sender::Bot,
            date: shown.data.date,
            picture: shown.has_photo,
            file: shown.file_id().map(str::to_owned),
            place: shown.location(),
            album: shown.album().map(str::to_owned),
            reply_to: shown.reply_to,
            protected: shown.protected,
            silent: shown.silent,
            edits: shown.edits,
            buttons: shown.buttons.iter().map(row).collect(),
            text: shown.text,
            entities: shown.entities,
        }
    }
}

impl From<&Button> for ButtonView {
    fn from(button: &Button) -> Self {
        Self { label: button.label.clone(), url: button.url.clone() }
    }
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        let asks = match key.action {
            KeyAction::Text => KeyActionView::Text,
            KeyAction::Contact => KeyActionView::Contact,
            KeyAction::Location => KeyActionView::Location,
        };
        Self { label: key.label, asks }
    }
}
