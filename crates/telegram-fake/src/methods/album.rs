//! `sendMediaGroup`: albums.

use super::media::{InputMedia, store_file};
use super::outgoing::{SendOptions, append_message, check_rate_limit};
use super::{MethodResult, open_chat};
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::state::State;
use crate::types::ResponseBody;

pub(super) fn send(state: &mut State, arguments: &Arguments) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let list: Vec<InputMedia> = arguments.json("media")?.unwrap_or_default();
    match list.len() {
        2..=10 => {}
        11.. => return Err(ApiError::bad_request("too many messages to send as an album")),
        _ => return Err(ApiError::bad_request("there must be 2-10 messages in an album")),
    }
    if list.iter().any(|one| one.kind() != list[0].kind()) {
        return Err(ApiError::bad_request("document can't be mixed with other media types"));
    }
    // All files are checked before the first one is sent.
    let mut ready = Vec::with_capacity(list.len());
    for one in &list {
        ready.push((one.parsed_caption()?, one.source(state, arguments)?));
    }
    let around = SendOptions::read(state, chat, arguments)?;
    check_rate_limit(state, chat, list.len())?;
    let album = state.next_album_id();
    let mut sent = Vec::with_capacity(list.len());
    for (words, source) in ready {
        let content = store_file(state, source, words.clone());
        let shown = append_message(state, chat, words, content, around.for_album(&album));
        sent.push(state.message(chat, &shown));
    }
    Ok(ResponseBody::Messages(sent))
}
