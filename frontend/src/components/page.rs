//! Page layout: title, heading and cards.

use leptos::prelude::*;

use crate::tr;

/// Sets the title of the browser tab; follows the language.
pub fn use_title(title: impl Fn() -> String + 'static) {
    Effect::new(move || document().set_title(&format!("{} · {}", title(), tr!(common.app))));
}

/// Heading of a page with buttons.
#[component]
pub fn PageHeader(
    #[prop(into)] title: TextProp,
    /// Buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = title.clone();
    use_title(move || name.get().to_string());
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <h1 class="grow text-xl font-semibold">{move || title.get()}</h1>
            <div class="flex flex-wrap items-center gap-2">
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// Box with an optional heading.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<TextProp>,
    /// At the right of the heading.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("min-w-0 rounded-box border border-base-300 bg-base-100 {class}")>
            {title
                .map(|title| {
                    view! {
                        <div class="flex min-h-11 items-center gap-2 border-b border-base-300 px-4 py-2">
                            <h2 class="grow font-semibold">{move || title.get()}</h2>
                            {action.map(|action| action.run())}
                        </div>
                    }
                })}
            {children()}
        </section>
    }
}
