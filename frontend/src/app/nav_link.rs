//! Entries of the navigation.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::navigation::NavItem;
use crate::components::icon::Icon;
use crate::core::format;
use crate::core::pending_counts::use_pending_counts;
use crate::tr;

/// Returns whether a page belongs to an entry.
pub fn is_current(item: &NavItem, path: &str) -> bool {
    match item.path {
        "/" => path == "/",
        own => path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

/// A link to a page, marked while the page is open.
#[component]
pub fn NavLink(item: NavItem, testid: String) -> impl IntoView {
    let path = use_location().pathname;
    let current = Memo::new(move |_| is_current(&item, &path.get()));
    let counts = use_pending_counts();
    let pending = Signal::derive(move || (item.pending)(counts));
    view! {
        <a
            href=item.path
            class="min-h-9"
            class=("bg-primary/10", current)
            class=("text-primary", current)
            class=("font-medium", current)
            aria-current=move || current.get().then_some("page")
            data-testid=testid
        >
            <Icon name=item.icon />
            {move || (item.label)()}
            <PendingBadge count=pending />
        </a>
    }
}

/// Number of things that wait at an entry, with a text for screen readers.
#[component]
pub fn PendingBadge(count: Signal<i64>) -> impl IntoView {
    let there = move || count.get() > 0;
    let text = move || tr!(nav.waiting, count = format::number(count.get())).to_string();
    view! {
        <Show when=there>
            <span class="badge badge-sm badge-primary ml-auto" title=text data-testid="waiting">
                <span aria-hidden="true">{move || format::number(count.get())}</span>
                <span class="sr-only">{text}</span>
            </span>
        </Show>
    }
}
