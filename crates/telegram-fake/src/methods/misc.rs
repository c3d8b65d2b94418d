//! Methods for deleting messages, answering callback queries, files and chats.

use super::{MethodResult, open_chat};
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::files::MAX_DOWNLOAD;
use crate::state::State;
use crate::transcript::{ChatEvent, render_message};
use crate::types::{FullChat, GiftTypes, ResponseBody};

/// Longest answer to a callback query in characters.
const MAX_TOAST_CHARS: usize = 200;

const CHAT_ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub(super) fn delete_message(state: &mut State, arguments: &Arguments) -> MethodResult {
    let id = open_chat(state, arguments)?;
    let wanted = arguments.integer("message_id");
    let chat = state.chat(id);
    let mut there = chat.messages.iter_mut().filter(|message| !message.deleted);
    let Some(message) = there.find(|message| Some(message.id) == wanted) else {
        return Err(ApiError::bad_request("message to delete not found"));
    };
    message.deleted = true;
    let was = render_message(message);
    chat.events.push(ChatEvent::Deleted(was));
    Ok(ResponseBody::Done(true))
}

pub(super) fn answer_callback_query(state: &mut State, arguments: &Arguments) -> MethodResult {
    let id = arguments.text("callback_query_id").unwrap_or_default();
    let text = arguments.non_empty_text("text");
    if text.as_ref().is_some_and(|text| text.chars().count() > MAX_TOAST_CHARS) {
        return Err(ApiError::bad_request("MESSAGE_TOO_LONG"));
    }
    let Some(found) = state.pending_callbacks.iter().position(|pressed| pressed.query_id == id)
    else {
        return Err(ApiError::bad_request(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    let pressed = state.pending_callbacks.remove(found);
    let Some(text) = text else { return Ok(ResponseBody::Done(true)) };
    let chat = state.chat(pressed.user_id);
    chat.events.push(ChatEvent::Toast(text.clone()));
    if arguments.flag("show_alert") {
        chat.alerts.push(text.clone());
    }
    chat.toasts.push(text);
    Ok(ResponseBody::Done(true))
}

pub(super) fn get_file(state: &State, arguments: &Arguments) -> MethodResult {
    let id = arguments.non_empty_text("file_id").unwrap_or_default();
    let Some(file) = state.files.file_info(&id) else {
        return Err(ApiError::bad_request("invalid file_id"));
    };
    if file.file_size > MAX_DOWNLOAD {
        return Err(ApiError::bad_request("file is too big"));
    }
    Ok(ResponseBody::File(file))
}

pub(super) fn get_chat(state: &State, arguments: &Arguments) -> MethodResult {
    let id = open_chat(state, arguments)?;
    Ok(ResponseBody::Chat(FullChat {
        chat: state.private_chat(id),
        accent_color_id: 0,
        max_reaction_count: 11,
        accepted_gift_types: GiftTypes::default(),
    }))
}

pub(super) fn send_chat_action(state: &mut State, arguments: &Arguments) -> MethodResult {
    let id = open_chat(state, arguments)?;
    let action = arguments.text("action").unwrap_or_default();
    if !CHAT_ACTIONS.contains(&action.as_str()) {
        return Err(ApiError::bad_request("wrong parameter action in request"));
    }
    state.chat(id).action = Some(action);
    Ok(ResponseBody::Done(true))
}
