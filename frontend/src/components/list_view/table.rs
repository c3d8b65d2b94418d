//! Table and footer of a list.

use leptos::prelude::*;
use shared::pagination::MAX_TOTAL;

use super::column::{Column, ListSpec};
use crate::components::icon::{Icon, IconName};
use crate::core::format;
use crate::core::list::List;
use crate::core::list_query::ListQuery;
use crate::{tl, tr};

#[component]
pub fn Table<Q, T>(list: List<Q, T>, spec: StoredValue<ListSpec<T>>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let ListSpec { columns, key, href, name, caption, .. } = spec.get_value();
    let columns: Vec<_> = columns.into_iter().filter(|column| column.shown).collect();
    let headings = columns.clone();
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
                    {headings
                        .into_iter()
                        .map(|column| view! { <ColumnHeading list=list column=column /> })
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
        <td role="cell" class=column.class data-label=column.heading data-testid=column.testid>
            {content}
        </td>
    }
    .into_any()
}

#[component]
fn ColumnHeading<Q, T>(list: List<Q, T>, column: Column<T>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let Some(pair) = column.sort else {
        return view! {
            <th role="columnheader" scope="col" class=column.class>
                {column.heading}
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
                aria-label=move || tr!(common.sort_by, column = (column.heading)()).to_string()
            >
                {column.heading}
                {move || view! { <Icon name=icon() class="size-3" /> }}
            </button>
        </th>
    }
    .into_any()
}

#[component]
pub fn ListFooter<Q, T>(list: List<Q, T>) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let count = move || {
        let shown = list.items.with(Vec::len) as i64;
        match list.total.get() {
            Some(all) => {
                let (count, total) = (format::number(shown), format::number(all));
                match list.capped.get() && all >= MAX_TOTAL {
                    true => tr!(common.shown_of_more, count = count, total = total).to_string(),
                    false => tr!(common.shown_of, count = count, total = total).to_string(),
                }
            }
            None => tr!(common.shown, count = format::number(shown)).to_string(),
        }
    };
    // A search with filters leaves older matches out.
    let only_newest =
        move || list.capped.get() && list.total.get().is_some_and(|total| total < MAX_TOTAL);
    view! {
        <div class="flex min-h-11 items-center gap-3 border-t border-base-300 px-4 py-2">
            <p class="grow text-sm text-muted" aria-live="polite" data-testid="list-count">
                {count}
                <Show when=only_newest>
                    <span class="block" data-testid="only-newest">{tl!(common.only_newest)}</span>
                </Show>
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
