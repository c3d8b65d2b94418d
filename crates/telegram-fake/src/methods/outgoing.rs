//! Common parts of all messages of the bot: text, options, rate limit.

use serde::Deserialize;
use serde_json::Value;

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::chat::{ChatEvent, ChatMessage, Keyboard, MessageData, Sender};
use crate::html::{self, Entity, FormattedText};
use crate::markup::ReplyMarkup;
use crate::state::State;
use crate::transcript::{keyboard_rows, render_message};
use crate::types::Content;

/// Longest text of a message in UTF-16 units.
const MAX_TEXT: usize = 4_096;
/// Longest caption in UTF-16 units.
const MAX_CAPTION: usize = 1_024;

/// The role of a text in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextRole {
    Text,
    Caption,
}

/// Parses a text that comes as HTML, with entities, or plain.
///
/// # Errors
/// The text is too long, empty or malformed.
pub(super) fn parse_text(
    raw: &str,
    parse_mode: Option<&str>,
    entities: Option<Vec<Entity>>,
    role: TextRole,
) -> Result<FormattedText, ApiError> {
    let formatted = match parse_mode.filter(|mode| !mode.is_empty()) {
        None => FormattedText { text: raw.to_owned(), entities: entities.unwrap_or_default() },
        Some(mode) if mode.eq_ignore_ascii_case("html") => html::parse(raw)
            .map_err(|why| ApiError::bad_request(format!("can't parse entities: {why}")))?,
        Some(_) => return Err(ApiError::bad_request("unsupported parse_mode")),
    };
    let formatted = html::trim(formatted);
    let (longest, too_long) = match role {
        TextRole::Text => (MAX_TEXT, "message is too long"),
        TextRole::Caption => (MAX_CAPTION, "message caption is too long"),
    };
    if formatted.text.encode_utf16().count() > longest {
        return Err(ApiError::bad_request(too_long));
    }
    if role == TextRole::Text && formatted.text.is_empty() {
        return Err(ApiError::bad_request("message text is empty"));
    }
    Ok(formatted)
}

/// Parses the text or the caption of a request.
///
/// # Errors
/// As [`parse_text`].
pub(super) fn text_argument(
    arguments: &Arguments,
    role: TextRole,
) -> Result<FormattedText, ApiError> {
    let (field, entities) = match role {
        TextRole::Text => ("text", "entities"),
        TextRole::Caption => ("caption", "caption_entities"),
    };
    let raw = arguments.text(field).unwrap_or_default();
    parse_text(&raw, arguments.text("parse_mode").as_deref(), arguments.json(entities)?, role)
}

#[derive(Deserialize)]
struct Reply {
    message_id: i64,
    #[serde(default)]
    allow_sending_without_reply: bool,
}

/// Options of a new message beside its content.
#[derive(Debug, Default)]
pub(super) struct SendOptions {
    markup: Option<ReplyMarkup>,
    reply_to: Option<i64>,
    silent: bool,
    protected: bool,
    preview: Option<Value>,
    pub album: Option<String>,
}

impl SendOptions {
    /// Reads the options of a request.
    ///
    /// # Errors
    /// The buttons are invalid; the message to reply to does not exist.
    pub fn read(state: &State, chat: i64, arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            markup: ReplyMarkup::read(arguments)?,
            reply_to: reply_to(state, chat, arguments)?,
            silent: arguments.flag("disable_notification"),
            protected: arguments.flag("protect_content"),
            preview: arguments.json("link_preview_options")?,
            album: None,
        })
    }

    /// Returns the options for one message of an album, which has no buttons.
    pub fn for_album(&self, album: &str) -> Self {
        Self {
            markup: None,
            reply_to: self.reply_to,
            silent: self.silent,
            protected: self.protected,
            preview: None,
            album: Some(album.to_owned()),
        }
    }
}

fn reply_to(state: &State, chat: i64, arguments: &Arguments) -> Result<Option<i64>, ApiError> {
    let old = || {
        let allow_sending_without_reply = arguments.flag("allow_sending_without_reply");
        let message_id = arguments.integer("reply_to_message_id")?;
        Some(Reply { message_id, allow_sending_without_reply })
    };
    let reply = arguments.json::<Reply>("reply_parameters")?.or_else(old);
    let Some(reply) = reply.filter(|reply| reply.message_id != 0) else { return Ok(None) };
    let found = state.chats.get(&chat).and_then(|chat| chat.message(reply.message_id));
    match found {
        Some(message) if !message.deleted => Ok(Some(reply.message_id)),
        _ if reply.allow_sending_without_reply => Ok(None),
        _ => Err(ApiError::bad_request("message to be replied not found")),
    }
}

/// Adds a message of the bot to the chat.
pub(super) fn append_message(
    state: &mut State,
    chat_id: i64,
    formatted: FormattedText,
    content: Content,
    around: SendOptions,
) -> ChatMessage {
    let (id, date) = (state.next_message_id(), state.now());
    let chat = state.chat(chat_id);
    let mut buttons = Vec::new();
    let mut hint = String::new();
    let mut had_keyboard = true;
    match around.markup {
        None => had_keyboard = false,
        Some(ReplyMarkup::Inline(rows)) => (buttons, had_keyboard) = (rows, false),
        Some(ReplyMarkup::Keyboard(keyboard)) => {
            hint = keyboard_rows(&keyboard).iter().map(|row| format!("\n{row}")).collect();
            chat.keyboard = keyboard;
        }
        Some(ReplyMarkup::Remove) => chat.keyboard = Keyboard::default(),
        Some(ReplyMarkup::ForceReply) => chat.awaited_reply_to = Some(id),
    }
    let shown = ChatMessage {
        id,
        sender: Sender::Bot,
        text: formatted.text,
        entities: formatted.entities,
        buttons,
        has_photo: matches!(content, Content::Photo { .. }),
        reply_to: around.reply_to,
        silent: around.silent,
        protected: around.protected,
        edits: 0,
        deleted: false,
        data: MessageData {
            date,
            edited: None,
            content,
            album: around.album,
            forwarded: None,
            preview: around.preview,
            had_keyboard,
        },
    };
    chat.action = None;
    chat.events.push(ChatEvent::Bot(format!("{}{hint}", render_message(&shown))));
    chat.messages.push(shown.clone());
    shown
}

/// Counts messages against the rate limits, if they are enforced.
///
/// # Errors
/// Too many requests.
pub(super) fn check_rate_limit(
    state: &mut State,
    chat: i64,
    messages: usize,
) -> Result<(), ApiError> {
    let wait = state.limits.as_mut().and_then(|limits| limits.check(chat, messages));
    wait.map_or(Ok(()), |seconds| Err(ApiError::too_many_requests(seconds)))
}
