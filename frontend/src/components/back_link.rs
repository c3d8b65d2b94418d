//! Link back to the list above a page.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

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
