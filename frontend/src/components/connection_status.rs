//! Status of the live connection.

use leptos::prelude::*;

use crate::core::live::{self, LiveStatus};
use crate::{tl, tr};

/// Dot with a label for the top bar.
#[component]
pub fn ConnectionStatus() -> impl IntoView {
    let state = move || match live::status() {
        LiveStatus::Connecting => "connecting",
        LiveStatus::Live => "live",
        LiveStatus::Reconnecting => "reconnecting",
    };
    let label = || match live::status() {
        LiveStatus::Connecting => tr!(common.live.connecting),
        LiveStatus::Live => tr!(common.live.live),
        LiveStatus::Reconnecting => tr!(common.live.reconnecting),
    };
    let dot = || match live::status() {
        LiveStatus::Live => "size-2 rounded-full bg-success",
        LiveStatus::Connecting | LiveStatus::Reconnecting => {
            "size-2 rounded-full border-2 border-warning"
        }
    };
    view! {
        <span
            class="inline-flex items-center gap-1.5 px-1 text-sm text-muted"
            title=tl!(common.live.hint)
            role="status"
            data-testid="live-status"
            data-state=state
        >
            <span class=dot aria-hidden="true"></span>
            <span class="max-sm:sr-only">{label}</span>
        </span>
    }
}
