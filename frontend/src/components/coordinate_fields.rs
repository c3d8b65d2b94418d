//! Coordinate fields: latitude and longitude.

use leptos::prelude::*;

use super::field::TextField;
use super::form::Form;
use crate::core::format;
use crate::tl;

/// The two fields; a pair pasted from a map into the first one fills both.
#[component]
pub fn CoordinateFields(
    form: Form,
    /// Paths of the two fields in the request.
    names: (&'static str, &'static str),
    latitude: RwSignal<String>,
    longitude: RwSignal<String>,
) -> impl IntoView {
    Effect::new(move || {
        if let Some((first, second)) = latitude.with(|text| parse_pair(text)) {
            longitude.set(second);
            latitude.set(first);
            form.clear_fault(names.1);
        }
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

/// Parses `-7.76, 110.27`, as maps write it.
fn parse_pair(text: &str) -> Option<(String, String)> {
    let (first, second) = text.trim().split_once(", ").or_else(|| {
        // Without a blank the comma could be a decimal mark: both halves need a point of their own.
        let (first, second) = text.trim().split_once(',')?;
        (first.contains('.') && second.contains('.')).then_some((first, second))
    })?;
    let is_number = |part: &str| format::parse_decimal(part).is_some();
    (is_number(first) && is_number(second))
        .then(|| (first.trim().to_owned(), second.trim().to_owned()))
}
