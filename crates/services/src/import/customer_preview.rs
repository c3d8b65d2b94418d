//! The values of a customer as a dry run shows them.

use db::tables::customers::CustomerValues;
use shared::{Lang, Nik};

use super::customer_row::status_word;
use super::preview::ValueChange;

/// The values of a customer as texts, by field; the identity number is masked.
pub(super) fn preview_values(
    values: &CustomerValues,
    nik: Option<&Nik>,
    plan_code: Option<&str>,
    lang: Lang,
) -> Vec<(&'static str, Option<String>)> {
    let place = values.latitude.zip(values.longitude);
    vec![
        ("name", Some(values.name.clone())),
        ("phone", Some(values.phone.to_string())),
        ("second_phone", values.second_phone.as_ref().map(ToString::to_string)),
        ("email", values.email.clone()),
        ("address", Some(values.address.clone())),
        ("area", values.area.clone()),
        ("coordinates", place.map(|(latitude, longitude)| format!("{latitude}, {longitude}"))),
        ("plan", plan_code.map(str::to_owned)),
        ("status", Some(status_word(values.status).in_lang(lang).to_owned())),
        ("nik", nik.map(Nik::masked)),
        ("odp", values.odp.clone()),
        ("notes", values.notes.clone()),
    ]
}

/// The values before, none for a new customer, beside those after.
pub(super) fn changes(
    before: Vec<(&'static str, Option<String>)>,
    after: Vec<(&'static str, Option<String>)>,
) -> Vec<ValueChange> {
    let change = |(index, (field, after)): (usize, (&'static str, Option<String>))| ValueChange {
        field,
        before: before.get(index).and_then(|(_, before)| before.clone()),
        after,
    };
    after.into_iter().enumerate().map(change).collect()
}
