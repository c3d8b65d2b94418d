//! Button below a list of which only the first rows are shown.

use leptos::prelude::*;

use crate::core::format;
use crate::tr;

/// Shows the rows that a long list leaves out at first.
#[component]
pub fn ShowAll(
    /// Number of rows that are left out.
    #[prop(into)]
    hidden: Signal<usize>,
    /// Set by the button.
    all: RwSignal<bool>,
) -> impl IntoView {
    let label = move || {
        let count = format::number(hidden.get() as i64);
        tr!(imports.show_all, count = count).to_string()
    };
    view! {
        <Show when=move || hidden.get() != 0>
            <div class="border-t border-base-300 px-4 py-2">
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| all.set(true)
                    data-testid="show-all"
                >
                    {label}
                </button>
            </div>
        </Show>
    }
}
