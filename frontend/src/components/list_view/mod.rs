//! List view: a table; on a phone each row becomes a card.

mod column;
mod filter;
mod table;
mod toolbar;

use leptos::prelude::*;

use self::table::{ListFooter, Table};
use self::toolbar::{ExportButton, Filters, SearchField};
use super::icon::{Icon, IconName};
use super::page_states::{EmptyState, ErrorState, Skeleton};
use crate::core::list::List;
use crate::core::list_query::ListQuery;
use crate::tl;

pub use column::{Column, ListSpec};
pub use filter::{FilterDate, FilterSelect, FilterText, FilterToggle};

/// Search, filters, table and pagination of a list.
#[component]
pub fn ListView<Q, T>(
    list: List<Q, T>,
    spec: ListSpec<T>,
    /// The filters of this list.
    #[prop(optional)]
    filters: Option<AnyView>,
    /// The button of the next step, shown while the list is empty.
    #[prop(optional, into)]
    empty_action: Option<ViewFn>,
    /// Exports on the server; without it the rows are exported here.
    #[prop(optional)]
    export: Option<Callback<()>>,
    /// Whether the server is exporting.
    #[prop(default = RwSignal::new(false))]
    exporting: RwSignal<bool>,
) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let spec = StoredValue::new(spec);
    let search_hint = spec.with_value(|spec| spec.search_hint);
    let empty_action = StoredValue::new(empty_action);
    let body = move || {
        let count = list.items.with(Vec::len);
        match (list.error.get(), count, list.loading.get()) {
            (Some(error), 0, _) => {
                view! { <ErrorState error=error retry=move |()| list.reload() /> }.into_any()
            }
            (_, 0, true) => view! { <Skeleton /> }.into_any(),
            (_, 0, false) => empty_state(list, spec, empty_action).into_any(),
            _ => ().into_any(),
        }
    };
    // The table stays while its rows change; it is built only when the first rows appear.
    let filled = Memo::new(move |_| list.items.with(|items| !items.is_empty()));
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <div class="flex flex-wrap items-center gap-2 border-b border-base-300 p-2" role="search">
                {search_hint.map(|hint| view! { <SearchField list=list hint=hint /> })}
                {filters.map(|filters| view! { <Filters list=list filters=filters /> })}
                <Show when=move || list.is_filtered()>
                    <button
                        type="button"
                        class="btn btn-ghost btn-sm"
                        on:click=move |_| list.clear()
                        data-testid="clear-filters"
                    >
                        <Icon name=IconName::Close />
                        {tl!(common.clear_filters)}
                    </button>
                </Show>
                <div class="grow"></div>
                <ExportButton list=list spec=spec server_export=export busy=exporting />
            </div>
            {body}
            <Show when=move || filled.get()>
                <Table list=list spec=spec />
                <ListFooter list=list />
            </Show>
        </div>
    }
}

fn empty_state<Q, T>(
    list: List<Q, T>,
    spec: StoredValue<ListSpec<T>>,
    action: StoredValue<Option<ViewFn>>,
) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let hint = spec.with_value(|spec| spec.empty_hint);
    if list.is_filtered() {
        view! { <EmptyState title=tl!(common.empty.filtered) hint=tl!(common.empty.filtered_hint) /> }
            .into_any()
    } else {
        view! {
            <EmptyState title=tl!(common.empty.title) hint=hint>
                {action.with_value(|action| action.as_ref().map(ViewFn::run))}
            </EmptyState>
        }
        .into_any()
    }
}
