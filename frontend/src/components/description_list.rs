//! Description list: labelled values of one resource.

use leptos::prelude::*;

/// The list of [`DescriptionItem`]s, in two columns.
#[component]
pub fn DescriptionList(
    /// In one column on a phone.
    #[prop(optional)]
    stacked: bool,
    children: Children,
) -> impl IntoView {
    let class = if stacked {
        "grid gap-x-6 gap-y-3 p-4 sm:grid-cols-2"
    } else {
        "grid grid-cols-2 gap-x-6 gap-y-3 p-4"
    };
    view! { <dl class=class>{children()}</dl> }
}

/// A label and its value.
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
    let class = if wide { "col-span-full min-w-0" } else { "min-w-0" };
    view! {
        <div class=class>
            <dt class="text-sm text-muted">{move || label.get()}</dt>
            <dd data-testid=testid>{children()}</dd>
        </div>
    }
}
