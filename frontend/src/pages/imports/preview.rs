//! What a dry run would do with the first rows.

use leptos::prelude::*;
use shared::import::{FieldChange, ImportPreview, PreviewRow};

use super::show_all::ShowAll;
use crate::components::page::Card;
use crate::{tl, tr};

/// Rows that are shown until somebody asks for all.
const SHOWN_AT_FIRST: usize = 5;

/// Which rows are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PreviewTab {
    Created,
    Updated,
    Unchanged,
}

/// The rows by what would be done with them; old values beside new ones.
#[component]
pub fn Preview(preview: ImportPreview) -> impl IntoView {
    let rows = StoredValue::new(preview);
    let of_tab = move |tab: PreviewTab| {
        rows.with_value(|preview| match tab {
            PreviewTab::Created => preview.created.clone(),
            PreviewTab::Updated => preview.updated.clone(),
            PreviewTab::Unchanged => preview.unchanged.clone(),
        })
    };
    let tabs = [PreviewTab::Updated, PreviewTab::Created, PreviewTab::Unchanged];
    // Changes of what is stored already are what has to be looked at.
    let filled: Vec<PreviewTab> = tabs.into_iter().filter(|&tab| !of_tab(tab).is_empty()).collect();
    let Some(first) = filled.first().copied() else { return ().into_any() };
    let (tab, all) = (RwSignal::new(first), RwSignal::new(false));
    let limit = move || if all.get() { usize::MAX } else { SHOWN_AT_FIRST };
    let hidden = move || of_tab(tab.get()).len().saturating_sub(limit());
    let buttons = filled
        .into_iter()
        .map(|one| {
            view! {
                <button
                    type="button"
                    class="btn btn-sm"
                    class=("btn-active", move || tab.get() == one)
                    aria-pressed=move || (tab.get() == one).to_string()
                    on:click=move |_| tab.set(one)
                    data-testid=format!("preview-{}", name(one))
                >
                    {move || label(one)}
                </button>
            }
        })
        .collect_view();
    view! {
        <Card title=tl!(imports.preview)>
            <div role="group" class="flex flex-wrap gap-2 border-b border-base-300 p-3" aria-label=tl!(imports.preview)>
                {buttons}
            </div>
            <ul class="divide-y divide-base-300" data-testid="preview-rows">
                {move || of_tab(tab.get()).into_iter().take(limit()).map(row).collect_view()}
            </ul>
            <ShowAll hidden=Signal::derive(hidden) all=all />
        </Card>
    }
    .into_any()
}

const fn name(tab: PreviewTab) -> &'static str {
    match tab {
        PreviewTab::Created => "created",
        PreviewTab::Updated => "updated",
        PreviewTab::Unchanged => "unchanged",
    }
}

fn label(tab: PreviewTab) -> &'static str {
    match tab {
        PreviewTab::Created => tr!(imports.preview_created),
        PreviewTab::Updated => tr!(imports.preview_updated),
        PreviewTab::Unchanged => tr!(imports.preview_unchanged),
    }
}

fn row(row: PreviewRow) -> impl IntoView {
    let PreviewRow { line, number, name, changes } = row;
    // A new row begins with its name already.
    let changes = changes.into_iter().filter(|one| one.field != "name" || one.before.is_some());
    view! {
        <li class="px-4 py-2" data-testid="preview-row" data-line=line.to_string()>
            <p class="flex flex-wrap gap-x-2">
                <span class="font-medium wrap-anywhere">{name}</span>
                <span class="text-muted">{number}</span>
                <span class="ml-auto text-sm text-muted">{tl!(imports.line)} " " {line}</span>
            </p>
            <dl class="grid gap-x-4 text-sm sm:grid-cols-2">
                {changes.map(change).collect_view()}
            </dl>
        </li>
    }
}

fn change(change: FieldChange) -> impl IntoView {
    let FieldChange { label, before, after, .. } = change;
    let replaces = before.is_some();
    view! {
        <div class="flex min-w-0 flex-wrap gap-x-2" class=("sm:col-span-2", replaces)>
            <dt class="text-muted">{label}</dt>
            <dd class="min-w-0 wrap-anywhere">
                {before.map(|before| view! { <del class="mr-2 text-error">{before}</del> })}
                {after.map(|after| view! { <ins class="no-underline">{after}</ins> })}
            </dd>
        </div>
    }
}
