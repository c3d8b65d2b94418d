//! Coordinate fields: latitude and longitude.

use leptos::prelude::*;
use shared::Coordinates;

use super::field::TextField;
use super::form::Form;
use crate::tl;

/// So many new characters at once are a paste.
const PASTED_CHARS: usize = 6;

/// The two fields; a position pasted into the first one, as numbers or as a link to a map, fills both.
#[component]
pub fn CoordinateFields(
    form: Form,
    /// Paths of the two fields in the request.
    names: (&'static str, &'static str),
    latitude: RwSignal<String>,
    longitude: RwSignal<String>,
) -> impl IntoView {
    Effect::new(move |before: Option<usize>| {
        let text = latitude.get();
        let length = text.chars().count();
        let pasted = length >= before.unwrap_or_default() + PASTED_CHARS;
        // While somebody types, the first digits of the second number look like a whole one.
        if pasted && let Ok(Some(place)) = Coordinates::parse(&text) {
            longitude.set(place.longitude().to_string());
            latitude.set(place.latitude().to_string());
            form.clear_fault(names.1);
        }
        length
    });
    view! {
        <div class="grid grid-cols-2 gap-4">
            <TextField
                form=form
                name=names.0
                label=tl!(common.coordinates.latitude)
                value=latitude
                inputmode="text"
                placeholder="-7.7684"
            />
            <TextField
                form=form
                name=names.1
                label=tl!(common.coordinates.longitude)
                value=longitude
                inputmode="text"
                placeholder="110.2791"
            />
        </div>
        <p class="-mt-2 text-sm text-muted">{tl!(common.coordinates.hint)}</p>
    }
}
