//! Changed fields of a resource, labelled as people know them.

mod diff;
mod labels;

use leptos::prelude::*;

use self::labels::{field_word, value_word};
use crate::tl;

pub use self::diff::{Change, changes};
pub use self::labels::is_labelled;

/// The changed fields, the old value beside the new one.
#[component]
pub fn ChangeTable(changes: Vec<Change>) -> impl IntoView {
    if changes.is_empty() {
        return view! { <p class="p-4 text-muted">{tl!(audit.no_difference)}</p> }.into_any();
    }
    let row = |change: Change| {
        let text = |value: &Option<serde_json::Value>| {
            value.as_ref().map(|value| value_word(change.name(), value))
        };
        let (old, new) = (text(&change.old), text(&change.new));
        view! {
            <tr role="row" data-testid="difference" data-field=change.path.clone()>
                <th role="rowheader" scope="row">
                    {field_word(&change.path)}
                </th>
                <td role="cell" data-label=tl!(audit.old) data-testid="old">
                    {value_cell(old, "text-muted line-through break-words")}
                </td>
                <td role="cell" data-label=tl!(audit.new) data-testid="new">
                    {value_cell(new, "font-medium break-words")}
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(audit.difference)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(audit.field)}</th>
                    <th role="columnheader" scope="col">{tl!(audit.old)}</th>
                    <th role="columnheader" scope="col">{tl!(audit.new)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{changes.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A value of the table, or a dash.
fn value_cell(text: Option<String>, class: &'static str) -> impl IntoView {
    match text {
        Some(text) => view! { <span class=class>{text}</span> }.into_any(),
        None => view! { <span class="text-muted">{tl!(common.none)}</span> }.into_any(),
    }
}
