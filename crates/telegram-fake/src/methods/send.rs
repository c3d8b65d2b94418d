//! Methods that send one message.

use super::media::{self, store_file};
use super::outgoing::{SendOptions, TextRole, append_message, check_rate_limit, text_argument};
use super::target_chat::{MethodResult, open_chat};
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::files::FileKind;
use crate::html::FormattedText;
use crate::state::State;
use crate::types::{Content, Location, ResponseBody, Venue};

pub(super) fn text(state: &mut State, arguments: &Arguments) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let formatted = text_argument(arguments, TextRole::Text)?;
    let content = Content::text(formatted.clone());
    send_content(state, chat, arguments, formatted, content)
}

pub(super) fn file(state: &mut State, arguments: &Arguments, kind: FileKind) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let formatted = text_argument(arguments, TextRole::Caption)?;
    let given = arguments.non_empty_text(kind.field());
    let source = media::find_source(state, arguments, kind, given.as_deref())?;
    let around = SendOptions::read(state, chat, arguments)?;
    check_rate_limit(state, chat, 1)?;
    let content = store_file(state, source, formatted.clone());
    let shown = append_message(state, chat, formatted, content, around);
    Ok(ResponseBody::Message(Box::new(state.message(chat, &shown))))
}

pub(super) fn location(state: &mut State, arguments: &Arguments) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let location = parse_location(arguments)?;
    let formatted = location_text(&location, None);
    send_content(state, chat, arguments, formatted, Content::Location { location })
}

pub(super) fn venue(state: &mut State, arguments: &Arguments) -> MethodResult {
    let chat = open_chat(state, arguments)?;
    let location = parse_location(arguments)?;
    let needed = |name: &str| {
        arguments
            .non_empty_text(name)
            .ok_or_else(|| ApiError::bad_request(format!("{name} is empty")))
    };
    let (title, address) = (needed("title")?, needed("address")?);
    let formatted = location_text(&location, Some(&title));
    let venue = Venue { location: location.clone(), title, address };
    send_content(state, chat, arguments, formatted, Content::Venue { location, venue })
}

fn send_content(
    state: &mut State,
    chat: i64,
    arguments: &Arguments,
    formatted: FormattedText,
    content: Content,
) -> MethodResult {
    let around = SendOptions::read(state, chat, arguments)?;
    check_rate_limit(state, chat, 1)?;
    let shown = append_message(state, chat, formatted, content, around);
    Ok(ResponseBody::Message(Box::new(state.message(chat, &shown))))
}

fn location_text(location: &Location, title: Option<&str>) -> FormattedText {
    let title = title.map(|title| format!("{title}: ")).unwrap_or_default();
    let text = format!("📍 {title}{}, {}", location.latitude, location.longitude);
    FormattedText { text, entities: Vec::new() }
}

fn parse_location(arguments: &Arguments) -> Result<Location, ApiError> {
    let degrees = |name: &str, most: f64| {
        let value =
            arguments.float(name).ok_or(ApiError::bad_request(format!("{name} is empty")))?;
        if value.abs() <= most { Ok(value) } else { Err(ApiError::bad_request("wrong location")) }
    };
    Ok(Location {
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
        horizontal_accuracy: arguments.float("horizontal_accuracy"),
        heading: None,
        live_period: arguments.integer("live_period"),
    })
}
