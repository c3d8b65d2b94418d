//! Filter controls of a list.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::tr;

/// Filter by one value: a select whose first option is "all".
#[component]
pub fn FilterSelect(
    #[prop(into)] label: TextProp,
    /// For tests: `filter-<name>`.
    name: &'static str,
    /// The chosen value; empty is all.
    #[prop(into)]
    value: Signal<String>,
    /// Value and label of each option. Tracks.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let aria_label = label.clone();
    let choices = move || {
        let chosen = value.get();
        let all = format!("{}: {}", label.get(), tr!(common.all));
        let empty = chosen.is_empty();
        let choices = options.get().into_iter().map(|(code, label)| {
            let selected = code == chosen;
            view! {
                <option value=code selected=selected>
                    {label}
                </option>
            }
        });
        view! {
            <option value="" selected=empty>
                {all}
            </option>
            {choices.collect_view()}
        }
    };
    view! {
        <select
            class="select select-sm w-auto max-w-44"
            class=("border-primary", move || !value.get().is_empty())
            aria-label=move || aria_label.get()
            on:change=move |event| on_change.run(event_target_value(&event))
            data-testid=format!("filter-{name}")
        >
            {choices}
        </select>
    }
}

/// Filter by a typed value, with suggestions. Applied when the field is left or a suggestion is chosen.
#[component]
pub fn FilterText(
    #[prop(into)] label: TextProp,
    /// For tests: `filter-<name>`.
    name: &'static str,
    /// The typed value; empty is all.
    #[prop(into)]
    value: Signal<String>,
    /// Tracks.
    #[prop(into)]
    suggestions: Signal<Vec<String>>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let placeholder = label.clone();
    let list_id = format!("filter-{name}-suggestions");
    view! {
        <input
            type="text"
            class="input input-sm w-32"
            class=("border-primary", move || !value.get().is_empty())
            aria-label=move || label.get()
            placeholder=move || placeholder.get()
            list=list_id.clone()
            prop:value=move || value.get()
            on:change=move |event| on_change.run(event_target_value(&event))
            data-testid=format!("filter-{name}")
        />
        <datalist id=list_id>
            {move || {
                let options = suggestions.get().into_iter();
                options.map(|text| view! { <option value=text></option> }).collect_view()
            }}
        </datalist>
    }
}

/// Filter by the first or the last day.
#[component]
pub fn FilterDate(
    #[prop(into)] label: TextProp,
    /// For tests: `filter-<name>`.
    name: &'static str,
    /// As an `<input type="date">` holds it; empty is no limit.
    #[prop(into)]
    value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <label
            class="input input-sm w-auto"
            class=("border-primary", move || !value.get().is_empty())
        >
            <span class="text-muted">{move || label.get()}</span>
            <input
                type="date"
                class="w-28"
                prop:value=move || value.get()
                on:change=move |event| on_change.run(event_target_value(&event))
                data-testid=format!("filter-{name}")
            />
        </label>
    }
}

/// Filter that is on or off.
#[component]
pub fn FilterToggle(
    #[prop(into)] label: TextProp,
    /// For tests: `filter-<name>`.
    name: &'static str,
    #[prop(into)] value: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-sm font-normal"
            class=("btn-primary", move || value.get())
            class=("btn-soft", move || value.get())
            aria-pressed=move || value.get().to_string()
            on:click=move |_| on_change.run(!value.get_untracked())
            data-testid=format!("filter-{name}")
        >
            <Show when=move || value.get()>
                <Icon name=IconName::Check />
            </Show>
            {move || label.get()}
        </button>
    }
}
