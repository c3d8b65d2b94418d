//! What waits for a decision of whoever looks, besides jobs.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::core::{format, pending_counts};
use crate::tr;

/// A line of links, each with its number. Nothing is shown while nothing waits.
#[component]
pub fn PendingLinks() -> impl IntoView {
    view! {
        <div class="mb-4 flex flex-wrap gap-2 empty:hidden" data-testid="waiting">
            <PendingLink
                name="technicians"
                count=pending_counts::technician_registrations
                text=|count| tr!(dashboard.waiting.technicians, count = count).to_string()
                icon=IconName::Person
                href="/technicians"
            />
            <PendingLink
                name="logins"
                count=pending_counts::accounts
                text=|count| tr!(dashboard.waiting.logins, count = count).to_string()
                icon=IconName::Users
                href="/users?pending=true"
            />
            <PendingLink
                name="returns"
                count=pending_counts::bag_returns
                text=|count| tr!(dashboard.waiting.returns, count = count).to_string()
                icon=IconName::Undo
                href="/inventory/returns?status=requested"
            />
            <PendingLink
                name="dead-messages"
                count=pending_counts::dead_messages
                text=|count| tr!(dashboard.waiting.dead_messages, count = count).to_string()
                icon=IconName::Bell
                href="/notifications?status=dead"
            />
        </div>
    }
}

#[component]
fn PendingLink(
    name: &'static str,
    count: fn() -> i64,
    text: fn(String) -> String,
    icon: IconName,
    href: &'static str,
) -> impl IntoView {
    move || {
        (count() > 0).then(|| {
            view! {
                <a
                    href=href
                    class="btn btn-sm gap-1.5 border-warning/60 font-normal"
                    data-testid=format!("waiting-{name}")
                >
                    <Icon name=icon class="size-3.5 shrink-0 text-warning" />
                    {move || text(format::number(count()))}
                </a>
            }
        })
    }
}
