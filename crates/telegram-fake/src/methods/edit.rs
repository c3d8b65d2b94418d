//! Methods that edit messages.

use super::media::{InputMedia, store_file};
use super::outgoing::{TextRole, text_argument};
use super::{MethodResult, open_chat};
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::chat::{Button, ChatMessage, Sender};
use crate::files::FileKind;
use crate::markup::ReplyMarkup;
use crate::state::{State, unix_time};
use crate::transcript::{ChatEvent, render_message};
use crate::types::{Content, FormattedText, ResponseBody};

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
    let (words, content) = edited_content(state, arguments, part, &current)?;
    if content == current.data.content && buttons == current.buttons {
        return Err(ApiError::bad_request(NOT_MODIFIED));
    }
    let shown = apply_edit(state, chat, &current, words, content, buttons);
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
            let words = text_argument(arguments, TextRole::Text)?;
            Ok((words.clone(), Content::text(words)))
        }
        EditedPart::Caption => {
            let words = text_argument(arguments, TextRole::Caption)?;
            let mut content = now.clone();
            let Some(caption) = content.caption_mut() else {
                return Err(ApiError::bad_request("there is no caption in the message to edit"));
            };
            *caption = words.clone().into();
            Ok((words, content))
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
            let words = media.parsed_caption()?;
            let source = media.source(state, arguments)?;
            let content = store_file(state, source, words.clone());
            Ok((words, content))
        }
    }
}

fn apply_edit(
    state: &mut State,
    chat: i64,
    current: &ChatMessage,
    words: FormattedText,
    content: Content,
    buttons: Vec<Vec<Button>>,
) -> ChatMessage {
    let mut shown = current.clone();
    shown.text = words.text;
    shown.entities = words.entities;
    shown.has_photo = matches!(content, Content::Photo { .. });
    shown.buttons = buttons;
    shown.edits += 1;
    shown.data.content = content;
    shown.data.edited = Some(unix_time());
    let chat = state.chat(chat);
    chat.events.push(ChatEvent::Edited(render_message(&shown)));
    if let Some(place) = chat.messages.iter_mut().find(|message| message.id == shown.id) {
        *place = shown.clone();
    }
    shown
}
