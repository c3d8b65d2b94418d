//! Item picker: a combobox that searches items while typing, usable by keyboard.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::inventory::{Item, ItemQuery};

use crate::core::error_text::ErrorText;
use crate::core::labels::quantity_label;
use crate::core::toast;
use crate::{api, tl};

/// Pause in typing before the search starts.
const SEARCH_DELAY: Duration = Duration::from_millis(150);
/// Number of matches that are offered.
const MAX_MATCHES: i64 = 12;

/// The field and its matches; it is emptied after an item was picked.
#[component]
pub fn ItemPicker(
    /// Distinguishes this picker from others on the page.
    id: String,
    #[prop(into)] on_pick: Callback<Item>,
    #[prop(optional, into)] invalid: Signal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let matches = RwSignal::new(None::<Vec<Item>>);
    let active = RwSignal::new(0_usize);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let query_text = typed.get_untracked().trim().to_owned();
        spawn_local(async move {
            let query = ItemQuery {
                q: Some(query_text.clone()).filter(|query_text| !query_text.is_empty()),
                limit: Some(MAX_MATCHES),
                ..Default::default()
            };
            let answer = api::inventory::list(&query).await;
            // The input has changed since, or the field is gone.
            if typed.try_with_untracked(|typed| typed.trim() == query_text) != Some(true) {
                return;
            }
            match answer {
                Ok(page) => {
                    active.set(0);
                    matches.set(Some(page.items));
                }
                Err(error) => toast::error(error.message()),
            }
        });
    };
    let search_later = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(search, SEARCH_DELAY).ok());
    };
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    let pick = move |item: Item| {
        typed.set(String::new());
        matches.set(None);
        on_pick.run(item);
    };
    let shown = move || matches.get().unwrap_or_default();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = shown().len();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.update(|index| *index = (*index + 1) % count),
            "ArrowDown" => search_later(),
            "ArrowUp" if count > 0 => active.update(|index| *index = (*index + count - 1) % count),
            "Enter" => {
                if let Some(item) = shown().into_iter().nth(active.get_untracked()) {
                    pick(item);
                }
            }
            "Escape" if count > 0 => matches.set(None),
            _ => return,
        }
        event.prevent_default();
    };
    let list_id = format!("{id}-matches");
    let controls = list_id.clone();
    let option_id = StoredValue::new(format!("{id}-match"));
    let option = move |index: usize| option_id.with_value(|id| format!("{id}-{index}"));
    view! {
        <div class="relative">
            <input
                id=id
                type="text"
                class="input w-full"
                class:input-error=move || invalid.get()
                role="combobox"
                aria-expanded=move || (!shown().is_empty()).to_string()
                aria-controls=controls
                aria-autocomplete="list"
                aria-activedescendant=move || {
                    (!shown().is_empty()).then(|| option(active.get()))
                }
                aria-invalid=move || invalid.get().to_string()
                aria-label=tl!(inventory.pick_item)
                placeholder=tl!(inventory.pick_item)
                autocomplete="off"
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    search_later();
                }
                on:focus=move |_| search_later()
                on:blur=move |_| matches.set(None)
                on:keydown=on_key
                data-testid="item-search"
            />
            <ul
                id=list_id
                role="listbox"
                aria-label=tl!(inventory.pick_item)
                class="absolute z-20 mt-1 max-h-72 w-full overflow-y-auto rounded-field border border-base-300 bg-base-100 shadow empty:hidden"
            >
                <For
                    each=move || shown().into_iter().enumerate()
                    key=|(index, item)| (*index, item.id, item.on_hand)
                    children=move |(index, item)| {
                        let picked = item.clone();
                        view! {
                            <li
                                id=option(index)
                                role="option"
                                aria-selected=move || (active.get() == index).to_string()
                                class="flex cursor-pointer items-baseline gap-2 px-3 py-1.5 hover:bg-base-200 aria-selected:bg-base-200"
                                // The field must keep the focus until the click is done.
                                on:mousedown=move |event| {
                                    event.prevent_default();
                                    pick(picked.clone());
                                }
                                data-testid="item-match"
                            >
                                <span class="font-medium whitespace-nowrap">{item.code}</span>
                                <span class="min-w-0 grow truncate text-muted">{item.name}</span>
                                <span class="text-sm whitespace-nowrap">
                                    {move || quantity_label(item.on_hand.unwrap_or_default(), item.unit)}
                                </span>
                            </li>
                        }
                    }
                />
            </ul>
        </div>
    }
    .into_any()
}
