//! Calls of the Bot API, built from messages.

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
use super::message_splitter::{MAX_CAPTION, MAX_TEXT, truncate};

/// A message that can not be sent; another attempt would not help.
#[derive(Debug, thiserror::Error)]
pub enum InvalidMessage {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("the picture is no base64: {0}")]
    Picture(#[from] base64::DecodeError),
    #[error("a button has no address to open: {0}")]
    Link(String),
}

/// The body of a call.
#[derive(Debug, Clone)]
pub enum Body {
    Json(Vec<u8>),
    Picture(Photo),
}

/// A multipart upload of a picture.
#[derive(Debug, Clone)]
pub struct Photo {
    pub chat_id: i64,
    pub bytes: Vec<u8>,
    pub caption: String,
    /// JSON.
    pub reply_markup: Option<String>,
}

/// One call of the Bot API.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub body: Body,
    /// The message that the call edits.
    pub edited_message_id: Option<i32>,
    /// The call that replaces an edit whose message is gone.
    pub anew: Option<Box<Request>>,
}

impl Request {
    fn json(method: &'static str, payload: &impl Serialize) -> Result<Self, InvalidMessage> {
        Ok(Self {
            method,
            body: Body::Json(serde_json::to_vec(payload)?),
            edited_message_id: None,
            anew: None,
        })
    }
}

/// Builds the call that sends a message to a chat.
///
/// # Errors
/// The message is invalid.
pub fn build_request(chat: ChatId, message: &Message) -> Result<Request, InvalidMessage> {
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
            let mut payload = SendMessage::new(to, truncate(text, MAX_TEXT).into_owned())
                .parse_mode(ParseMode::Html)
                .link_preview_options(no_preview());
            payload.reply_markup = reply_markup(keyboard)?;
            Request::json("sendMessage", &payload)
        }
        Message::Edit { message_id, text, keyboard } => {
            let text = truncate(text, MAX_TEXT).into_owned();
            let mut payload = EditMessageText::new(to, MessageId(*message_id), text)
                .parse_mode(ParseMode::Html)
                .link_preview_options(no_preview());
            if let Some(ReplyMarkup::InlineKeyboard(buttons)) = reply_markup(keyboard)? {
                payload = payload.reply_markup(buttons);
            }
            let request = Request::json("editMessageText", &payload)?;
            Ok(Request { edited_message_id: Some(*message_id), ..request })
        }
        Message::Picture { picture, caption, keyboard } => {
            let reply_markup = reply_markup(keyboard)?;
            let photo = Photo {
                chat_id: chat.0,
                bytes: STANDARD.decode(picture)?,
                caption: truncate(caption, MAX_CAPTION).into_owned(),
                reply_markup: reply_markup.map(|it| serde_json::to_string(&it)).transpose()?,
            };
            Ok(Request {
                method: "sendPhoto",
                body: Body::Picture(photo),
                edited_message_id: None,
                anew: None,
            })
        }
        Message::Place { latitude, longitude } => {
            Request::json("sendLocation", &SendLocation::new(to, *latitude, *longitude))
        }
    }
}

fn reply_markup(keyboard: &Keyboard) -> Result<Option<ReplyMarkup>, InvalidMessage> {
    Ok(match keyboard {
        Keyboard::None => None,
        Keyboard::Inline(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(inline_button).collect());
            let rows: Vec<Vec<_>> = rows.collect::<Result<_, _>>()?;
            Some(ReplyMarkup::InlineKeyboard(InlineKeyboardMarkup::new(rows)))
        }
        Keyboard::Chat(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(keyboard_button).collect::<Vec<_>>());
            Some(ReplyMarkup::Keyboard(KeyboardMarkup::new(rows).resize_keyboard()))
        }
        Keyboard::Remove => Some(ReplyMarkup::KeyboardRemove(KeyboardRemove::new())),
    })
}

fn inline_button(button: &Button) -> Result<InlineKeyboardButton, InvalidMessage> {
    Ok(match button {
        Button::Press { label, data } => InlineKeyboardButton::callback(label, data),
        Button::Link { label, url } => {
            let address = url.parse().map_err(|_| InvalidMessage::Link(url.clone()))?;
            InlineKeyboardButton::url(label, address)
        }
    })
}

fn keyboard_button(button: &ChatButton) -> KeyboardButton {
    match button {
        ChatButton::Text(label) => KeyboardButton::new(label),
        ChatButton::Contact(label) => KeyboardButton::new(label).request(ButtonRequest::Contact),
        ChatButton::Place(label) => KeyboardButton::new(label).request(ButtonRequest::Location),
    }
}
