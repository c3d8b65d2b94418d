//! Status badge and failure of a notification.

use leptos::prelude::*;
use shared::notification::{MessageStatus, Notification};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::{tl, tr};

const fn status_style(status: MessageStatus) -> (Tone, IconName) {
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

/// Badge of the status.
#[component]
pub fn StatusBadge(status: MessageStatus) -> impl IntoView {
    let (tone, icon) = status_style(status);
    view! { <Badge tone=tone icon=icon text=move || status.label() /> }
}

/// Why the message was not delivered, and the next attempt.
pub fn failure_cell(message: &Notification) -> AnyView {
    let failure = message.failure;
    let tried = message.attempts;
    let text = move || failure.map(Label::label);
    let tries = move || (tried > 1).then(|| tr!(notifications.tries, count = tried).to_string());
    let next = message.next_attempt_at.filter(|_| failure.is_some());
    view! {
        <div class="min-w-32">
            <div>{text}</div>
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
