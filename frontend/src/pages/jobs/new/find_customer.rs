//! Customer search: a combobox that searches while typing, usable by keyboard.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::customer::{Customer, CustomerQuery};

use crate::api::{self, ApiError};
use crate::components::badge::CustomerBadge;
use crate::components::field::focus_when_mounted;
use crate::components::icon::{Icon, IconName};
use crate::core::error_text::ErrorText;
use crate::core::format;
use crate::{tl, tr};

/// Pause in typing before the search starts.
const SEARCH_DELAY: Duration = Duration::from_millis(200);
/// Number of matches that are offered.
const MAX_MATCHES: i64 = 8;

/// State of the search.
#[derive(Clone, PartialEq)]
enum SearchState {
    Idle,
    Searching,
    Customers(Vec<Customer>),
    Failed(ApiError),
}

/// The field and its matches.
#[component]
pub fn FindCustomer(
    typed: RwSignal<String>,
    on_pick: impl Fn(Customer) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let state = RwSignal::new(SearchState::Idle);
    let active = RwSignal::new(0_usize);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let query_text = typed.get_untracked().trim().to_owned();
        if query_text.is_empty() {
            state.set(SearchState::Idle);
            return;
        }
        spawn_local(async move {
            let query = CustomerQuery {
                q: Some(query_text.clone()),
                limit: Some(MAX_MATCHES),
                ..Default::default()
            };
            let answer = api::customers::list(&query).await;
            // The input has changed since, or the field is gone.
            if typed.try_with_untracked(|typed| typed.trim() == query_text) != Some(true) {
                return;
            }
            active.set(0);
            state.set(match answer {
                Ok(page) => SearchState::Customers(page.items),
                Err(error) => SearchState::Failed(error),
            });
        });
    };
    let on_input = move |event: leptos::ev::Event| {
        typed.set(event_target_value(&event));
        if state.with_untracked(|state| *state == SearchState::Idle) {
            state.set(SearchState::Searching);
        }
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
    if typed.with_untracked(|typed| !typed.is_empty()) {
        search();
    }
    let node = NodeRef::<leptos::html::Input>::new();
    focus_when_mounted(node, true);
    let customers = move || {
        state.with(|state| match state {
            SearchState::Customers(customers) => customers.clone(),
            SearchState::Idle | SearchState::Searching | SearchState::Failed(_) => Vec::new(),
        })
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = customers().len();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.update(|index| *index = (*index + 1) % count),
            "ArrowUp" if count > 0 => active.update(|index| *index = (*index + count - 1) % count),
            "Enter" => {
                if let Some(customer) = customers().into_iter().nth(active.get_untracked()) {
                    on_pick(customer);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <label class="input w-full">
            <Icon name=IconName::Search class="size-4 text-muted" />
            <input
                node_ref=node
                type="search"
                class="grow"
                role="combobox"
                aria-expanded=move || (!customers().is_empty()).to_string()
                aria-controls="customer-matches"
                aria-autocomplete="list"
                aria-activedescendant=move || {
                    (!customers().is_empty()).then(|| format!("customer-match-{}", active.get()))
                }
                aria-label=tl!(jobs.new.find)
                placeholder=tl!(jobs.new.find)
                autocomplete="off"
                prop:value=move || typed.get()
                on:input=on_input
                on:keydown=on_key
                data-testid="customer-search"
            />
        </label>
        <p class="mt-1 text-sm text-muted" aria-live="polite">
            {move || state.with(status_text)}
        </p>
        <ul
            id="customer-matches"
            role="listbox"
            aria-label=tl!(jobs.new.matches)
            class="mt-1 divide-y divide-base-300 rounded-field border border-base-300 empty:hidden"
        >
            <For
                each=move || customers().into_iter().enumerate()
                key=|(index, customer)| (*index, customer.id, customer.version)
                children=move |(index, customer)| {
                    view! { <CustomerOption index=index customer=customer active=active on_pick=on_pick /> }
                }
            />
        </ul>
    }
}

fn status_text(state: &SearchState) -> String {
    match state {
        SearchState::Idle => tr!(jobs.new.find_hint).to_owned(),
        SearchState::Searching => tr!(common.loading).to_owned(),
        SearchState::Customers(customers) if customers.is_empty() => {
            tr!(jobs.new.no_match).to_owned()
        }
        SearchState::Customers(customers) => {
            tr!(jobs.new.match_count, count = customers.len()).to_string()
        }
        SearchState::Failed(error) => error.message(),
    }
}

#[component]
fn CustomerOption(
    index: usize,
    customer: Customer,
    active: RwSignal<usize>,
    on_pick: impl Fn(Customer) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let picked = customer.clone();
    view! {
        <li
            id=format!("customer-match-{index}")
            role="option"
            aria-selected=move || (active.get() == index).to_string()
            class="cursor-pointer px-3 py-2 hover:bg-base-200 aria-selected:bg-base-200"
            on:click=move |_| on_pick(picked.clone())
            on:mousemove=move |_| active.set(index)
            data-testid="customer-match"
        >
            <div class="flex flex-wrap items-center gap-x-2">
                <span class="font-medium">{customer.name}</span>
                <span class="text-sm text-muted">{customer.number}</span>
                <CustomerBadge status=customer.status />
                <span class="ml-auto">{format::phone(&customer.phone)}</span>
            </div>
            <div class="truncate text-sm text-muted">{customer.address}</div>
        </li>
    }
}
