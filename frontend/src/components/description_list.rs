//! Facts of one thing, and the way back to the list that it stands in.

use leptos::prelude::*;

/// The frame of several [`DescriptionItem`]s.
#[component]
pub fn DescriptionList(children: Children) -> impl IntoView {
    view! { <dl class="grid grid-cols-2 gap-x-6 gap-y-3 p-4">{children()}</dl> }
}

/// What a fact is called, and what it is.
#[component]
pub fn DescriptionItem(
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
