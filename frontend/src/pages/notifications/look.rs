//! How the state of a message looks.

use leptos::prelude::*;
use shared::notification::{MessageStatus, Notification};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::{tl, tr};

const fn look(status: MessageStatus) -> (Tone, IconName) {
    match status {
        MessageStatus::Pending => (Tone::Warning, IconName::Clock),
        MessageStatus::Sending => (Tone::Accent, IconName::Refresh),
        MessageStatus::Sent => (Tone::Success, IconName::Check),
        MessageStatus::Unknown => (Tone::Warning, IconName::Alert),
        MessageStatus::Dead => (Tone::Error, IconName::Alert),
        MessageStatus::Withdrawn => (Tone::Neutral, IconName::Ban),
        MessageStatus::Disabled => (Tone::Neutral, IconName::Pause),
    }
}

/// Where a message stands.
#[component]
pub fn StatusBadge(status: MessageStatus) -> impl IntoView {
    let (tone, icon) = look(status);
    view! { <Badge tone=tone icon=icon text=move || status.label() /> }
}

/// Why it has not arrived, and when it is tried again.
pub fn trouble_cell(message: &Notification) -> AnyView {
    let failure = message.failure;
    let tried = message.attempts;
    let words = move || failure.map(Label::label);
    let tries = move || (tried > 1).then(|| tr!(notifications.tries, count = tried).to_string());
    let next = message.next_attempt_at.filter(|_| failure.is_some());
    view! {
        <div class="min-w-32">
            <div>{words}</div>
            <div class="text-sm text-muted">{tries}</div>
            {next
                .map(|at| {
                    view! {
                        <div class="text-sm text-muted">
                            {tl!(notifications.next)} " " <RelativeTime at=at />
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}
