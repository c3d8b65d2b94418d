//! Times as people read them.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::core::{clock, format};

/// "3 minutes ago", with the exact time on hover.
#[component]
pub fn RelativeTime(at: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() title=move || format::exact(at) class="whitespace-nowrap">
            {move || format::relative(at, clock::now())}
        </time>
    }
}

/// The time of day, or the day, with the exact time on hover.
#[component]
pub fn CompactTime(at: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() title=move || format::exact(at) class="whitespace-nowrap">
            {move || format::compact(at, clock::now())}
        </time>
    }
}
