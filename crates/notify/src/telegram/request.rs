//! From a message to a call of the Bot API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use shared::ChatId;
use teloxide::payloads::{
    EditMessageText, EditMessageTextSetters, SendLocation, SendMessage, SendMessageSetters,
};
use teloxide::types::{
    ButtonRequest, ChatId as TelegramChat, InlineKeyboardButton, InlineKeyboardMarkup,
    KeyboardButton, KeyboardMarkup, KeyboardRemove, LinkPreviewOptions, MessageId, ParseMode,
    ReplyMarkup,
};

use super::message::{Button, ChatButton, Keyboard, Message};
use super::text::{MAX_CAPTION, MAX_TEXT, cut};

/// The message can not be put into a call: trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("the picture is no base64: {0}")]
    Picture(#[from] base64::DecodeError),
    #[error("a button has no address to open: {0}")]
    Link(String),
}

/// What is sent along.
#[derive(Debug, Clone)]
pub enum Body {
    Json(Vec<u8>),
    Picture(Photo),
}

/// A picture with what stands around it.
#[derive(Debug, Clone)]
pub struct Photo {
    pub chat_id: i64,
    pub bytes: Vec<u8>,
    pub caption: String,
    /// JSON.
    pub reply_markup: Option<String>,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub body: Body,
    /// The message that it changes.
    pub edits: Option<i32>,
}

impl Request {
    fn json(method: &'static str, payload: &impl Serialize) -> Result<Self, Malformed> {
        Ok(Self { method, body: Body::Json(serde_json::to_vec(payload)?), edits: None })
    }
}

/// The call that brings the message into the chat.
///
/// # Errors
/// The message makes no sense.
pub fn request(chat: ChatId, message: &Message) -> Result<Request, Malformed> {
    let to = TelegramChat(chat.0);
    let no_preview = || LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    };
    match message {
        Message::Text { text, keyboard } => {
            let mut payload = SendMessage::new(to, cut(text, MAX_TEXT).into_owned())
                .parse_mode(ParseMode::Html)
                .link_preview_options(no_preview());
            payload.reply_markup = markup(keyboard)?;
            Request::json("sendMessage", &payload)
        }
        Message::Edit { message_id, text, keyboard } => {
            let text = cut(text, MAX_TEXT).into_owned();
            let mut payload = EditMessageText::new(to, MessageId(*message_id), text)
                .parse_mode(ParseMode::Html)
                .link_preview_options(no_preview());
            if let Some(ReplyMarkup::InlineKeyboard(buttons)) = markup(keyboard)? {
                payload = payload.reply_markup(buttons);
            }
            let request = Request::json("editMessageText", &payload)?;
            Ok(Request { edits: Some(*message_id), ..request })
        }
        Message::Picture { picture, caption, keyboard } => {
            let reply_markup = markup(keyboard)?;
            let photo = Photo {
                chat_id: chat.0,
                bytes: STANDARD.decode(picture)?,
                caption: cut(caption, MAX_CAPTION).into_owned(),
                reply_markup: reply_markup.map(|it| serde_json::to_string(&it)).transpose()?,
            };
            Ok(Request { method: "sendPhoto", body: Body::Picture(photo), edits: None })
        }
        Message::Place { latitude, longitude } => {
            Request::json("sendLocation", &SendLocation::new(to, *latitude, *longitude))
        }
    }
}

fn markup(keyboard: &Keyboard) -> Result<Option<ReplyMarkup>, Malformed> {
    Ok(match keyboard {
        Keyboard::None => None,
        Keyboard::Inline(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(button).collect());
            let rows: Vec<Vec<_>> = rows.collect::<Result<_, _>>()?;
            Some(ReplyMarkup::InlineKeyboard(InlineKeyboardMarkup::new(rows)))
        }
        Keyboard::Chat(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(chat_button).collect::<Vec<_>>());
            Some(ReplyMarkup::Keyboard(KeyboardMarkup::new(rows).resize_keyboard()))
        }
        Keyboard::Remove => Some(ReplyMarkup::KeyboardRemove(KeyboardRemove::new())),
    })
}

fn button(button: &Button) -> Result<InlineKeyboardButton, Malformed> {
    Ok(match button {
        Button::Press { label, data } => InlineKeyboardButton::callback(label, data),
        Button::Link { label, url } => {
            let address = url.parse().map_err(|_| Malformed::Link(url.clone()))?;
            InlineKeyboardButton::url(label, address)
        }
    })
}

fn chat_button(button: &ChatButton) -> KeyboardButton {
    match button {
        ChatButton::Text(label) => KeyboardButton::new(label),
        ChatButton::Contact(label) => KeyboardButton::new(label).request(ButtonRequest::Contact),
        ChatButton::Place(label) => KeyboardButton::new(label).request(ButtonRequest::Location),
    }
}
