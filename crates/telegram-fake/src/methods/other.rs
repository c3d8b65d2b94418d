//! Taking messages away, answering presses, files, chats.

use super::{Answer, open_chat};
use crate::arguments::Arguments;
use crate::files::MAX_DOWNLOAD;
use crate::refusal::Refusal;
use crate::state::State;
use crate::transcript::{Line, rendered};
use crate::wire::{Answered, FullChat, GiftTypes};

/// The longest answer to a press, in characters.
const MAX_TOAST: usize = 200;

const ACTIONS: [&str; 11] = [
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

pub(super) fn delete(state: &mut State, arguments: &Arguments) -> Answer {
    let id = open_chat(state, arguments)?;
    let wanted = arguments.integer("message_id");
    let chat = state.chat(id);
    let mut there = chat.messages.iter_mut().filter(|message| !message.deleted);
    let Some(message) = there.find(|message| Some(message.id) == wanted) else {
        return Err(Refusal::bad("message to delete not found"));
    };
    message.deleted = true;
    let was = rendered(message);
    chat.story.push(Line::Deleted(was));
    Ok(Answered::Done(true))
}

pub(super) fn answer_query(state: &mut State, arguments: &Arguments) -> Answer {
    let id = arguments.text("callback_query_id").unwrap_or_default();
    let text = arguments.filled("text");
    if text.as_ref().is_some_and(|text| text.chars().count() > MAX_TOAST) {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let Some(found) = state.pressed.iter().position(|pressed| pressed.query == id) else {
        return Err(Refusal::bad(
            "query is too old and response timeout expired or query ID is invalid",
        ));
    };
    let pressed = state.pressed.remove(found);
    let Some(text) = text else { return Ok(Answered::Done(true)) };
    let chat = state.chat(pressed.person);
    chat.story.push(Line::Toast(text.clone()));
    if arguments.flag("show_alert") {
        chat.alerts.push(text.clone());
    }
    chat.toasts.push(text);
    Ok(Answered::Done(true))
}

pub(super) fn file(state: &State, arguments: &Arguments) -> Answer {
    let id = arguments.filled("file_id").unwrap_or_default();
    let Some(file) = state.files.file(&id) else { return Err(Refusal::bad("invalid file_id")) };
    if file.file_size > MAX_DOWNLOAD {
        return Err(Refusal::bad("file is too big"));
    }
    Ok(Answered::File(file))
}

pub(super) fn chat(state: &State, arguments: &Arguments) -> Answer {
    let id = open_chat(state, arguments)?;
    Ok(Answered::Chat(FullChat {
        chat: state.private(id),
        accent_color_id: 0,
        max_reaction_count: 11,
        accepted_gift_types: GiftTypes::default(),
    }))
}

pub(super) fn action(state: &mut State, arguments: &Arguments) -> Answer {
    let id = open_chat(state, arguments)?;
    let action = arguments.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(Refusal::bad("wrong parameter action in request"));
    }
    state.chat(id).action = Some(action);
    Ok(Answered::Done(true))
}
