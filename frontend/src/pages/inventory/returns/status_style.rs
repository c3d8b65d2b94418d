//! Status badge and summary of a return.

use leptos::prelude::*;
use shared::inventory::{BagReturn, BagReturnLine, BagReturnStatus};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::core::labels::Label;
use crate::core::labels::quantity_label;

/// Badge of the status.
#[component]
pub fn ReturnBadge(status: BagReturnStatus) -> impl IntoView {
    let (tone, icon) = match status {
        BagReturnStatus::Requested => (Tone::Warning, IconName::Clock),
        BagReturnStatus::Confirmed => (Tone::Success, IconName::Check),
        BagReturnStatus::Rejected => (Tone::Error, IconName::Ban),
        BagReturnStatus::Withdrawn => (Tone::Neutral, IconName::Ban),
    };
    view! { <Badge tone=tone icon=icon text=move || status.label() /> }
}

/// Returns the counted quantity, or the announced one before the count.
pub fn quantity(line: &BagReturnLine) -> i64 {
    line.counted.unwrap_or(line.quantity)
}

/// Returns all lines as one text.
pub fn summary(one: &BagReturn) -> String {
    let line = |line: &BagReturnLine| {
        format!("{} {}", quantity_label(quantity(line), line.unit), line.item_name)
    };
    one.lines.iter().map(line).collect::<Vec<_>>().join(", ")
}
