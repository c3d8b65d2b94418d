//! Toolbar of a list: search, filters and export.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::column::ListSpec;
use crate::browser::download;
use crate::components::icon::{Icon, IconName};
use crate::core::error_text::ErrorText;
use crate::core::list::List;
use crate::core::list_query::ListQuery;
use crate::core::toast;
use crate::{tl, tr};

/// The filters; on a phone behind a button, so that the rows stay visible.
#[component]
pub fn Filters<Q, T>(list: List<Q, T>, filters: AnyView) -> impl IntoView
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

/// Pause in typing before the search starts.
const SEARCH_DELAY: Duration = Duration::from_millis(250);

#[component]
pub fn SearchField<Q, T>(list: List<Q, T>, hint: fn() -> &'static str) -> impl IntoView
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
{
    let chosen =
        Memo::new(move |_| list.query.with(|query| query.search().unwrap_or_default().to_owned()));
    let typed = RwSignal::new(chosen.get_untracked());
    // The back button may change the URL; text that is being typed is not overwritten by its own result.
    Effect::new(move || {
        let text = chosen.get();
        if typed.with_untracked(|typed| typed.trim() != text) {
            typed.set(text);
        }
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let search = move |text: String| {
        typed.set(text.clone());
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let apply = move || {
            let text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            list.change(|query| query.set_search(text));
        };
        timer.set_value(set_timeout_with_handle(apply, SEARCH_DELAY).ok());
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
pub fn ExportButton<Q, T>(
    list: List<Q, T>,
    spec: StoredValue<ListSpec<T>>,
    server_export: Option<Callback<()>>,
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
        if let Some(server_export) = server_export {
            return server_export.run(());
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
        .filter_map(|column| column.text.map(|text| (column.heading, text)))
        .collect();
    let heading: Vec<String> = columns.iter().map(|(heading, _)| heading().to_owned()).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|(_, text)| text(row)).collect()).collect();
    download::save_csv(spec.name, &heading, &rows);
}
