//! Messages that the bot changes.

use super::compose::{Role, words_of};
use super::media::{InputMedia, content};
use super::{Answer, open_chat};
use crate::arguments::Arguments;
use crate::chat::{Author, Button, Shown};
use crate::files::FileKind;
use crate::markup::Markup;
use crate::refusal::Refusal;
use crate::state::{State, now};
use crate::transcript::{Line, rendered};
use crate::wire::{Answered, Content, Words};

/// What is changed. The buttons always are: those that are not sent along go away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Text,
    Caption,
    Media,
    Buttons,
}

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply \
                            markup are exactly the same as a current content and reply markup of \
                            the message";

pub(super) fn edit(state: &mut State, arguments: &Arguments, part: Part) -> Answer {
    let chat = open_chat(state, arguments)?;
    let id = arguments.integer("message_id");
    let id = id.ok_or_else(|| Refusal::bad("message identifier is not specified"))?;
    let buttons = Markup::read_inline(arguments)?;
    let current = editable(state, chat, id)?.clone();
    let (words, content) = changed(state, arguments, part, &current)?;
    if content == current.sent.content && buttons == current.buttons {
        return Err(Refusal::bad(NOT_MODIFIED));
    }
    let shown = write(state, chat, &current, words, content, buttons);
    Ok(Answered::Message(Box::new(state.message(chat, &shown))))
}

fn editable(state: &State, chat: i64, id: i64) -> Result<&Shown, Refusal> {
    let found = state.chats.get(&chat).and_then(|chat| chat.message(id));
    match found {
        Some(message) if message.deleted => Err(Refusal::bad("message to edit not found")),
        Some(message) if message.author == Author::Person || message.sent.had_keyboard => {
            Err(Refusal::bad("message can't be edited"))
        }
        Some(message) => Ok(message),
        None => Err(Refusal::bad("message to edit not found")),
    }
}

fn changed(
    state: &mut State,
    arguments: &Arguments,
    part: Part,
    current: &Shown,
) -> Result<(Words, Content), Refusal> {
    let now = &current.sent.content;
    let same = || Words { text: current.text.clone(), entities: current.entities.clone() };
    match part {
        Part::Buttons => Ok((same(), now.clone())),
        Part::Text if !matches!(now, Content::Text { .. }) => {
            Err(Refusal::bad("there is no text in the message to edit"))
        }
        Part::Text => {
            let words = words_of(arguments, Role::Text)?;
            Ok((words.clone(), Content::text(words)))
        }
        Part::Caption => {
            let words = words_of(arguments, Role::Caption)?;
            let mut content = now.clone();
            let Some(caption) = content.caption_mut() else {
                return Err(Refusal::bad("there is no caption in the message to edit"));
            };
            *caption = words.clone().into();
            Ok((words, content))
        }
        Part::Media => {
            let media: Option<InputMedia> = arguments.json("media")?;
            let media = media.ok_or_else(|| Refusal::bad("input media is not specified"))?;
            let kind = media.kind();
            let photo_only = current.sent.album.is_some() && kind == FileKind::Document;
            if photo_only && current.has_picture {
                return Err(Refusal::bad("message content can't be edited to this type"));
            }
            let words = media.words()?;
            let source = media.source(state, arguments)?;
            let content = content(state, source, words.clone());
            Ok((words, content))
        }
    }
}

fn write(
    state: &mut State,
    chat: i64,
    current: &Shown,
    words: Words,
    content: Content,
    buttons: Vec<Vec<Button>>,
) -> Shown {
    let mut shown = current.clone();
    shown.text = words.text;
    shown.entities = words.entities;
    shown.has_picture = matches!(content, Content::Photo { .. });
    shown.buttons = buttons;
    shown.edits += 1;
    shown.sent.content = content;
    shown.sent.edited = Some(now());
    let chat = state.chat(chat);
    chat.story.push(Line::Edited(rendered(&shown)));
    if let Some(place) = chat.messages.iter_mut().find(|message| message.id == shown.id) {
        *place = shown.clone();
    }
    shown
}
