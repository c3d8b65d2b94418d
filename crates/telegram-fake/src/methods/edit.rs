//! Methods that edit messages.

use super::media::{InputMedia, store_file};
use super::outgoing::{TextRole, text_argument};
use super::target_chat::{MethodResult, open_chat};
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::chat::{Button, ChatEvent, ChatMessage, Sender};
use crate::files::FileKind;
use crate::html::FormattedText;
use crate::markup::ReplyMarkup;
use crate::state::State;
use crate::transcript::render_message;
use crate::types::{Content, ResponseBody};

/// The edited part. Buttons are always replaced: without `reply_markup` they are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EditedPart {
    Text,
    Caption,
    Media,
    Buttons,
}

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply \
                            markup are exactly the same as a current content and reply markup of \
                            the message";

pub(super) fn edit(state: &mut State, arguments: &Arguments, part: EditedPart) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let id = arguments.integer("message_id");
    let id = id.ok_or_else(|| ApiError::bad_request("message identifier is not specified"))?;
    let buttons = ReplyMarkup::read_inline(arguments)?;
    let current = find_editable(state, chat, id)?.clone();
    let (formatted, content) = edited_content(state, arguments, part, &current)?;
    if content == current.data.content && buttons == current.buttons {
        return Err(ApiError::bad_request(NOT_MODIFIED));
    }
    let shown = apply_edit(state, chat, &current, formatted, content, buttons);
    Ok(ResponseBody::Message(Box::new(state.message(chat, &shown))))
}

fn find_editable(state: &State, chat: i64, id: i64) -> Result<&ChatMessage, ApiError> {
    let found = state.chats.get(&chat).and_then(|chat| chat.message(id));
    match found {
        Some(message) if message.deleted => Err(ApiError::bad_request("message to edit not found")),
        Some(message) if message.sender == Sender::User || message.data.had_keyboard => {
            Err(ApiError::bad_request("message can't be edited"))
        }
        Some(message) => Ok(message),
        None => Err(ApiError::bad_request("message to edit not found")),
    }
}

fn edited_content(
    state: &mut State,
    arguments: &Arguments,
    part: EditedPart,
    current: &ChatMessage,
) -> Result<(FormattedText, Content), ApiError> {
    let now = &current.data.content;
    let same = || FormattedText { text: current.text.clone(), entities: current.entities.clone() };
    match part {
        EditedPart::Buttons => Ok((same(), now.clone())),
        EditedPart::Text if !matches!(now, Content::Text { .. }) => {
            Err(ApiError::bad_request("there is no text in the message to edit"))
        }
        EditedPart::Text => {
            let formatted = text_argument(arguments, TextRole::Text)?;
            Ok((formatted.clone(), Content::text(formatted)))
        }
        EditedPart::Caption => {
            let formatted = text_argument(arguments, TextRole::Caption)?;
            let mut content = now.clone();
            let Some(caption) = content.caption_mut() else {
                return Err(ApiError::bad_request("there is no caption in the message to edit"));
            };
            *caption = formatted.clone().into();
            Ok((formatted, content))
        }
        EditedPart::Media => {
            let media: Option<InputMedia> = arguments.json("media")?;
            let media =
                media.ok_or_else(|| ApiError::bad_request("input media is not specified"))?;
            let kind = media.kind();
            let photo_only = current.data.album.is_some() && kind == FileKind::Document;
            if photo_only && current.has_photo {
                return Err(ApiError::bad_request("message content can't be edited to this type"));
            }
            let formatted = media.parsed_caption()?;
            let source = media.source(state, arguments)?;
            let content = store_file(state, source, formatted.clone());
            Ok((formatted, content))
        }
    }
}

fn apply_edit(
    state: &mut State,
    chat: i64,
    current: &ChatMessage,
    formatted: FormattedText,
    content: Content,
    buttons: Vec<Vec<Button>>,
) -> ChatMessage {
    let mut shown = current.clone();
    shown.text = formatted.text;
    shown.entities = formatted.entities;
    shown.has_photo = matches!(content, Content::Photo { .. });
    shown.buttons = buttons;
    shown.edits += 1;
    shown.data.content = content;
    shown.data.edited = Some(state.now());
    let chat = state.chat(chat);
    chat.events.push(ChatEvent::Edited(render_message(&shown)));
    if let Some(place) = chat.messages.iter_mut().find(|message| message.id == shown.id) {
        *place = shown.clone();
    }
    shown
}
