//! Times with the exact value on hover.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::core::{clock, format};

/// Relative time: "3 minutes ago".
#[component]
pub fn RelativeTime(at: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() title=move || format::exact(at) class="whitespace-nowrap">
            {move || format::relative(at, clock::now())}
        </time>
    }
}

/// Time of day, or the day if it is not today.
#[component]
pub fn CompactTime(at: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() title=move || format::exact(at) class="whitespace-nowrap">
            {move || format::compact(at, clock::now())}
        </time>
    }
}
