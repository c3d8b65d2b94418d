//! Facts of one thing, and the way back to the list that it stands in.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// The frame of several [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="grid grid-cols-2 gap-x-6 gap-y-3 p-4">{children()}</dl> }
}

/// What a fact is called, and what it is.
#[component]
pub fn Fact(
    #[prop(into)] label: TextProp,
    /// Takes the whole line.
    #[prop(optional)]
    wide: bool,
    /// For browser tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let class = if wide { "col-span-2 min-w-0" } else { "min-w-0" };
    view! {
        <div class=class>
            <dt class="text-sm text-muted">{move || label.get()}</dt>
            <dd data-testid=testid>{children()}</dd>
        </div>
    }
}

/// Leads to the page above this one.
#[component]
pub fn BackLink(href: &'static str, #[prop(into)] label: TextProp) -> impl IntoView {
    let name = label.clone();
    view! {
        <nav class="mb-2 text-sm" aria-label=move || name.get()>
            <a href=href class="link link-hover inline-flex min-h-6 items-center gap-1 text-muted">
                <Icon name=IconName::ChevronLeft class="size-3.5" />
                {move || label.get()}
            </a>
        </nav>
    }
}
