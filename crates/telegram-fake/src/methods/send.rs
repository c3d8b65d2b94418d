//! New messages.

use super::compose::{Around, Role, paced, put, words_of};
use super::media::{self, content};
use super::{Answer, open_chat};
use crate::arguments::Arguments;
use crate::files::FileKind;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::{Answered, Content, Location, Place, Words};

pub(super) fn text(state: &mut State, arguments: &Arguments) -> Answer {
    let chat = open_chat(state, arguments)?;
    let words = words_of(arguments, Role::Text)?;
    let content = Content::text(words.clone());
    finish(state, chat, arguments, words, content)
}

pub(super) fn file(state: &mut State, arguments: &Arguments, kind: FileKind) -> Answer {
    let chat = open_chat(state, arguments)?;
    let words = words_of(arguments, Role::Caption)?;
    let given = arguments.filled(kind.field());
    let source = media::source(state, arguments, kind, given.as_deref())?;
    let around = Around::read(state, chat, arguments)?;
    paced(state, chat, 1)?;
    let content = content(state, source, words.clone());
    let shown = put(state, chat, words, content, around);
    Ok(Answered::Message(Box::new(state.message(chat, &shown))))
}

pub(super) fn location(state: &mut State, arguments: &Arguments) -> Answer {
    let chat = open_chat(state, arguments)?;
    let location = point(arguments)?;
    let words = shown_as(&location, None);
    finish(state, chat, arguments, words, Content::Location { location })
}

pub(super) fn venue(state: &mut State, arguments: &Arguments) -> Answer {
    let chat = open_chat(state, arguments)?;
    let location = point(arguments)?;
    let needed =
        |name: &str| arguments.filled(name).ok_or_else(|| Refusal::bad(format!("{name} is empty")));
    let (title, address) = (needed("title")?, needed("address")?);
    let words = shown_as(&location, Some(&title));
    let venue = Place { location: location.clone(), title, address };
    finish(state, chat, arguments, words, Content::Venue { location, venue })
}

fn finish(
    state: &mut State,
    chat: i64,
    arguments: &Arguments,
    words: Words,
    content: Content,
) -> Answer {
    let around = Around::read(state, chat, arguments)?;
    paced(state, chat, 1)?;
    let shown = put(state, chat, words, content, around);
    Ok(Answered::Message(Box::new(state.message(chat, &shown))))
}

fn shown_as(location: &Location, title: Option<&str>) -> Words {
    let title = title.map(|title| format!("{title}: ")).unwrap_or_default();
    let text = format!("📍 {title}{}, {}", location.latitude, location.longitude);
    Words { text, entities: Vec::new() }
}

fn point(arguments: &Arguments) -> Result<Location, Refusal> {
    let degrees = |name: &str, most: f64| {
        let value = arguments.float(name).ok_or(Refusal::bad(format!("{name} is empty")))?;
        if value.abs() <= most { Ok(value) } else { Err(Refusal::bad("wrong location")) }
    };
    Ok(Location {
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
        horizontal_accuracy: arguments.float("horizontal_accuracy"),
        live_period: arguments.integer("live_period"),
    })
}
