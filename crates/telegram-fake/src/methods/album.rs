//! Several photos or files at once.

use super::compose::{Around, paced, put};
use super::media::{InputMedia, content};
use super::{Answer, open_chat};
use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::Answered;

pub(super) fn send(state: &mut State, arguments: &Arguments) -> Answer {
    let chat = open_chat(state, arguments)?;
    let list: Vec<InputMedia> = arguments.json("media")?.unwrap_or_default();
    match list.len() {
        2..=10 => {}
        11.. => return Err(Refusal::bad("too many messages to send as an album")),
        _ => return Err(Refusal::bad("there must be 2-10 messages in an album")),
    }
    if list.iter().any(|one| one.kind() != list[0].kind()) {
        return Err(Refusal::bad("document can't be mixed with other media types"));
    }
    // Nothing is sent unless everything can be.
    let mut ready = Vec::with_capacity(list.len());
    for one in &list {
        ready.push((one.words()?, one.source(state, arguments)?));
    }
    let around = Around::read(state, chat, arguments)?;
    paced(state, chat, list.len())?;
    let album = state.album_id();
    let mut sent = Vec::with_capacity(list.len());
    for (words, source) in ready {
        let content = content(state, source, words.clone());
        let shown = put(state, chat, words, content, around.of_album(&album));
        sent.push(state.message(chat, &shown));
    }
    Ok(Answered::Messages(sent))
}
