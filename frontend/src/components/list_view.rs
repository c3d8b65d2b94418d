//! A list as a table; on a phone each row becomes a card.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::icon::{Icon, IconName};
use super::state::{EmptyState, ErrorState, Skeleton};
use crate::core::list::{List, ListQuery};
use crate::core::{download, format, toast};
use crate::{tl, tr};

/// The two orders that a column's heading switches between, as the URL has them.
#[derive(Clone, Copy)]
pub struct SortPair {
    pub ascending: &'static str,
    pub descending: &'static str,
}

/// One column of a list.
pub struct Column<T: 'static> {
    head: fn() -> &'static str,
    cell: fn(&T) -> AnyView,
    text: Option<fn(&T) -> String>,
    sort: Option<SortPair>,
    class: &'static str,
    shown: bool,
    testid: Option<&'static str>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> Column<T> {
    /// A column with a heading and what stands in it.
    pub fn new(head: fn() -> &'static str, cell: fn(&T) -> AnyView) -> Self {
        Self { head, cell, text: None, sort: None, class: "", shown: true, testid: None }
    }

    /// What the export writes; without it the column is not exported.
    pub fn text(mut self, text: fn(&T) -> String) -> Self {
        self.text = Some(text);
        self
    }

    /// The heading sorts.
    pub fn sort(mut self, ascending: &'static str, descending: &'static str) -> Self {
        self.sort = Some(SortPair { ascending, descending });
        self
    }

    /// Numbers stand at the right.
    pub fn number(mut self) -> Self {
        self.class = "cell-number";
        self
    }

    /// The column by which people know the row: heading of the card on a phone.
    pub fn main(mut self) -> Self {
        self.class = "cell-main";
        self
    }

    /// Not shown on a phone.
    pub fn wide_only(mut self) -> Self {
        self.class = "cell-wide";
        self
    }

    /// Only in the export.
    pub fn export_only(mut self) -> Self {
        self.shown = false;
        self
    }

    /// At the right of the card's heading on a phone.
    pub fn side(mut self) -> Self {
        self.class = "cell-side";
        self
    }

    /// Without its name on a phone, over the whole width of the card.
    pub fn block(mut self) -> Self {
        self.class = "cell-block";
        self
    }

    /// A name for browser tests.
    pub fn testid(mut self, testid: &'static str) -> Self {
        self.testid = Some(testid);
        self
    }
}

/// What makes a list one of its kind.
pub struct ListSpec<T: 'static> {
    pub columns: Vec<Column<T>>,
    /// Identity and version of a row: a row with a new version is drawn anew.
    pub key: fn(&T) -> (i64, i64),
    /// Where a click on the row leads: the address of its page.
    pub href: Option<fn(&T) -> String>,
    /// For tests: each row is `<name>-row`. Also the file name of the export.
    pub name: &'static str,
    /// Says the name of the list to screen readers.
    pub caption: fn() -> &'static str,
    /// What is searched; without it there is no search field.
    pub search_hint: Option<fn() -> &'static str>,
    /// Nothing is there at all: what to do next.
    pub empty_hint: fn() -> &'static str,
}

impl<T> Clone for ListSpec<T> {
    fn clone(&self) -> Self {
        Self { columns: self.columns.clone(), ..*self }
    }
}

/// Search, filters, table and paging of a list.
#[component]
pub fn ListView<Q, T>(
    list: List<Q, T>,
    spec: ListSpec<T>,
    /// The filters of this list.
    #[prop(optional)]
    filters: Option<AnyView>,
    /// The button of the next step, shown while there is nothing yet.
    #[prop(optional, into)]
    empty_action: Option<ViewFn>,
    /// The server makes the file; without it the rows are written here.
    #[prop(optional)]
    export: Option<Callback<()>>,
    /// The server is at it.
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
            (_, 0, false) => nothing(list, spec, empty_action).into_any(),
            _ => ().into_any(),
        }
    };
    // The table stays while its rows change; only its first appearance builds it.
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
                <ExportButton list=list spec=spec elsewhere=export busy=exporting />
            </div>
            {body}
            <Show when=move || filled.get()>
                <Table list=list spec=spec />
                <Foot list=list />
            </Show>
        </div>
    }
}

/// The filters; on a phone behind a button, so that the rows stay in sight.
#[component]
fn Filters<Q, T>(list: List<Q, T>, filters: AnyView) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let open = RwSignal::new(list.is_filtered_untracked());
    view! {
        <button
            type="button"
            class="btn btn-sm font-normal sm:hidden"
            aria-expanded=move || open.get().to_string()
            aria-controls="filters"
            on:click=move |_| open.update(|open| *open = !*open)
            data-testid="filters"
        >
            <Icon name=IconName::Settings />
            {tl!(common.filters)}
        </button>
        <div
            id="filters"
            class="flex flex-wrap items-center gap-2 max-sm:w-full"
            class=("max-sm:hidden", move || !open.get())
        >
            {filters}
        </div>
    }
}

fn nothing<Q, T>(
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

/// How long the typing has to rest before it is searched.
const REST: Duration = Duration::from_millis(250);

#[component]
fn SearchField<Q, T>(list: List<Q, T>, hint: fn() -> &'static str) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let chosen =
        Memo::new(move |_| list.query.with(|query| query.search().unwrap_or_default().to_owned()));
    let typed = RwSignal::new(chosen.get_untracked());
    // The URL may change by the back button; what is being typed wins over its own echo.
    Effect::new(move || {
        let words = chosen.get();
        if typed.with_untracked(|typed| typed.trim() != words) {
            typed.set(words);
        }
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let search = move |words: String| {
        typed.set(words.clone());
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let apply = move || {
            let words = Some(words.trim().to_owned()).filter(|words| !words.is_empty());
            list.change(|query| query.set_search(words));
        };
        timer.set_value(set_timeout_with_handle(apply, REST).ok());
    };
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    view! {
        <label class="input input-sm w-full sm:w-72">
            <Icon name=IconName::Search class="size-4 text-muted" />
            <input
                type="search"
                class="grow"
                placeholder=hint
                aria-label=hint
                prop:value=move || typed.get()
                on:input=move |event| search(event_target_value(&event))
                data-testid="search"
            />
        </label>
    }
}

#[component]
fn ExportButton<Q, T>(
    list: List<Q, T>,
    spec: StoredValue<ListSpec<T>>,
    elsewhere: Option<Callback<()>>,
    busy: RwSignal<bool>,
) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let export = move |_| {
        if busy.get_untracked() {
            return;
        }
        if let Some(elsewhere) = elsewhere {
            return elsewhere.run(());
        }
        busy.set(true);
        spawn_local(async move {
            let rows = list.fetch_all().await;
            if busy.try_set(false).is_some() {
                return;
            }
            match rows {
                Ok(rows) => spec.with_value(|spec| write(spec, &rows)),
                Err(error) => toast::error(error.message()),
            }
        });
    };
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-sm"
            disabled=move || busy.get()
            on:click=export
            data-testid="export"
        >
            <Icon name=IconName::Export />
            {move || if busy.get() { tr!(common.exporting) } else { tr!(common.export) }}
        </button>
    }
}

fn write<T>(spec: &ListSpec<T>, rows: &[T]) {
    let columns: Vec<_> = spec
        .columns
        .iter()
        .filter_map(|column| column.text.map(|text| (column.head, text)))
        .collect();
    let head: Vec<String> = columns.iter().map(|(head, _)| head().to_owned()).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|(_, text)| text(row)).collect()).collect();
    download::csv(spec.name, &head, &rows);
}

#[component]
fn Table<Q, T>(list: List<Q, T>, spec: StoredValue<ListSpec<T>>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let ListSpec { columns, key, href, name, caption, .. } = spec.get_value();
    let columns: Vec<_> = columns.into_iter().filter(|column| column.shown).collect();
    let heads = columns.clone();
    let columns = StoredValue::new(columns);
    let row = move |item: T| {
        let target = href.map(|href| href(&item));
        let item = StoredValue::new(item);
        let cells = columns.with_value(|columns| {
            columns.iter().map(|column| cell(*column, item, target.as_deref())).collect_view()
        });
        view! {
            <tr role="row" data-testid=format!("{name}-row")>
                {cells}
            </tr>
        }
    };
    view! {
        <div class="relative overflow-x-auto">
        <table
            class="list-table"
            role="table"
            aria-busy=move || list.loading.get().to_string()
            class=("opacity-60", move || list.loading.get())
        >
            <caption class="sr-only">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {heads
                        .into_iter()
                        .map(|column| view! { <Head list=list column=column /> })
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || list.items.get() key=move |item| key(item) children=row />
            </tbody>
        </table>
        </div>
    }
}

fn cell<T: Send + Sync + 'static>(
    column: Column<T>,
    item: StoredValue<T>,
    href: Option<&str>,
) -> AnyView {
    let content = move || item.with_value(column.cell);
    let content = match href.filter(|_| column.class == "cell-main") {
        Some(href) => view! {
            <a href=href.to_owned() class="row-link" data-testid="row-link">
                {content}
            </a>
        }
        .into_any(),
        None => content.into_any(),
    };
    view! {
        <td role="cell" class=column.class data-label=column.head data-testid=column.testid>
            {content}
        </td>
    }
    .into_any()
}

#[component]
fn Head<Q, T>(list: List<Q, T>, column: Column<T>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let Some(pair) = column.sort else {
        return view! {
            <th role="columnheader" scope="col" class=column.class>
                {column.head}
            </th>
        }
        .into_any();
    };
    let order = Memo::new(move |_| list.query.with(ListQuery::sort));
    let direction = move || match order.get() {
        Some(sort) if sort == pair.ascending => "ascending",
        Some(sort) if sort == pair.descending => "descending",
        _ => "none",
    };
    let icon = move || match order.get() {
        Some(sort) if sort == pair.ascending => IconName::Up,
        Some(sort) if sort == pair.descending => IconName::Down,
        _ => IconName::Sort,
    };
    let toggle = move |_| {
        let ascending = order.get_untracked() == Some(pair.ascending);
        let next = if ascending { pair.descending } else { pair.ascending };
        list.change(|query| query.set_sort(next));
    };
    view! {
        <th role="columnheader" scope="col" class=column.class aria-sort=direction>
            <button
                type="button"
                class="inline-flex cursor-pointer items-center gap-1 font-semibold hover:text-base-content"
                on:click=toggle
                aria-label=move || tr!(common.sort_by, column = (column.head)()).to_string()
            >
                {column.head}
                {move || view! { <Icon name=icon() class="size-3" /> }}
            </button>
        </th>
    }
    .into_any()
}

#[component]
fn Foot<Q, T>(list: List<Q, T>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let count = move || {
        let shown = list.items.with(Vec::len) as i64;
        match list.total.get() {
            Some(total) => {
                let (count, total) = (format::number(shown), format::number(total));
                tr!(common.shown_of, count = count, total = total).to_string()
            }
            None => tr!(common.shown, count = format::number(shown)).to_string(),
        }
    };
    view! {
        <div class="flex min-h-11 items-center gap-3 border-t border-base-300 px-4 py-2">
            <p class="grow text-sm text-muted" aria-live="polite" data-testid="list-count">
                {count}
            </p>
            <Show when=move || list.has_more()>
                <button
                    type="button"
                    class="btn btn-sm"
                    disabled=move || list.loading_more.get()
                    on:click=move |_| list.load_more()
                    data-testid="load-more"
                >
                    {move || {
                        if list.loading_more.get() {
                            tr!(common.loading)
                        } else {
                            tr!(common.load_more)
                        }
                    }}
                </button>
            </Show>
        </div>
    }
}

/// One filter of a list: a select whose first choice is "all".
#[component]
pub fn FilterSelect(
    #[prop(into)] label: TextProp,
    /// For tests: `filter-<name>`.
    name: &'static str,
    /// The chosen value; empty is all.
    #[prop(into)]
    value: Signal<String>,
    /// Value and word of each choice. Tracks.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let name_of_filter = label.clone();
    let choices = move || {
        let chosen = value.get();
        let all = format!("{}: {}", label.get(), tr!(common.all));
        let empty = chosen.is_empty();
        let choices = options.get().into_iter().map(|(code, word)| {
            let selected = code == chosen;
            view! {
                <option value=code selected=selected>
                    {word}
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
            aria-label=move || name_of_filter.get()
            on:change=move |event| on_change.run(event_target_value(&event))
            data-testid=format!("filter-{name}")
        >
            {choices}
        </select>
    }
}

/// A day from which on, or up to which, rows count.
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

/// A filter that is on or off.
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
