//! Links to everything that waits for a decision.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::core::format;
use crate::core::pending_counts::use_pending_counts;
use crate::tr;

/// One link per kind, with its number. Nothing is shown while nothing waits.
#[component]
pub fn PendingLinks() -> impl IntoView {
    let counts = use_pending_counts();
    view! {
        <div class="mb-4 flex flex-wrap gap-2 empty:hidden" data-testid="waiting">
            <PendingLink
                name="technicians"
                count=counts.technician_registrations
                text=|count| tr!(dashboard.waiting.technicians, count = count).to_string()
                icon=IconName::Person
                href="/technicians"
            />
            <PendingLink
                name="logins"
                count=counts.accounts
                text=|count| tr!(dashboard.waiting.logins, count = count).to_string()
                icon=IconName::Users
                href="/users?pending=true"
            />
            <PendingLink
                name="returns"
                count=counts.bag_returns
                text=|count| tr!(dashboard.waiting.returns, count = count).to_string()
                icon=IconName::Undo
                href="/inventory/returns?status=requested"
            />
            <PendingLink
                name="dead-messages"
                count=counts.dead_messages
                text=|count| tr!(dashboard.waiting.dead_messages, count = count).to_string()
                icon=IconName::Notifications
                href="/notifications?status=dead"
            />
        </div>
    }
}

#[component]
fn PendingLink(
    name: &'static str,
    count: RwSignal<i64>,
    text: fn(String) -> String,
    icon: IconName,
    href: &'static str,
) -> impl IntoView {
    move || {
        (count.get() > 0).then(|| {
            view! {
                <a
                    href=href
                    class="btn btn-sm gap-1.5 border-warning/60 font-normal"
                    data-testid=format!("waiting-{name}")
                >
                    <Icon name=icon class="size-3.5 shrink-0 text-warning" />
                    {move || text(format::number(count.get()))}
                </a>
            }
        })
    }
}
