//! The schema of WebSocket messages.

use shared::live::{LiveEvent, LiveMessage};
use utoipa::openapi::{Object, OpenApi, RefOr, Schema};
use utoipa::{Modify, ToSchema};

/// Describes a [`LiveMessage`] as one of several objects. The derive says "an event, and the fields
/// of a message" (`allOf`), where the event is one of several objects itself; generators of clients
/// refuse that.
pub struct LiveMessages;

impl Modify for LiveMessages {
    fn modify(&self, document: &mut OpenApi) {
        let Some(components) = &mut document.components else { return };
        let name = LiveMessage::name();
        let event = components.schemas.remove(<LiveEvent as ToSchema>::name().as_ref());
        let message = components.schemas.get_mut(name.as_ref());
        if let (Some(RefOr::T(Schema::OneOf(mut events))), Some(RefOr::T(message))) =
            (event, message)
        {
            let Schema::AllOf(parts) = message else { return };
            let common = parts.items.iter().find_map(as_object).cloned();
            events.description = parts.description.take();
            for event in &mut events.items {
                if let (RefOr::T(Schema::Object(event)), Some(common)) = (event, &common) {
                    add_fields(event, common);
                }
            }
            *message = Schema::OneOf(events);
        }
    }
}

fn as_object(part: &RefOr<Schema>) -> Option<&Object> {
    match part {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

fn add_fields(event: &mut Object, common: &Object) {
    event.properties.extend(common.properties.clone());
    event.required.extend(common.required.clone());
    event.title = event_type(event).map(|name| title(&name));
}

/// Returns the only value of the field `type`.
fn event_type(event: &Object) -> Option<String> {
    let kind = as_object(event.properties.get("type")?)?;
    kind.enum_values.as_ref()?.first()?.as_str().map(str::to_owned)
}

/// Returns the name of a message in generated clients: `JobCreatedMessage` for `job.created`.
fn title(event_type: &str) -> String {
    let words = event_type.split(['.', '_']);
    let capitalized = words.filter_map(|word| {
        let mut letters = word.chars();
        Some(letters.next()?.to_ascii_uppercase().to_string() + letters.as_str())
    });
    capitalized.chain(["Message".to_owned()]).collect()
}
