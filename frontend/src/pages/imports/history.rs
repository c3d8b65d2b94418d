//! Earlier imports, and the way to undo one.

use leptos::prelude::*;
use shared::ImportId;
use shared::import::{Import, ImportKind, ImportStatus, UndoReport};
use shared::live::LiveEvent;

use crate::api::imports;
use crate::api::page_query::PageQuery;
use crate::components::dialog::ConfirmDialog;
use crate::components::page::Card;
use crate::components::page_states::ErrorState;
use crate::components::time::CompactTime;
use crate::core::load::use_load;
use crate::core::{format, toast};
use crate::{tl, tr};

/// Imports that are shown.
const MAX_SHOWN: i64 = 10;

/// The last imports of a kind.
#[component]
pub fn ImportHistory(kind: ImportKind) -> impl IntoView {
    let query = PageQuery { limit: Some(MAX_SHOWN), ..PageQuery::default() };
    let list = use_load(
        move || {
            let query = query.clone();
            async move { imports::list(kind, &query).await }
        },
        move |event| is_about(kind, event),
    );
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Import>);
    let ask = Callback::new(move |import: Import| {
        chosen.set(Some(import));
        open.set(true);
    });
    let text = move || {
        let Some(import) = chosen.get() else { return String::new() };
        let (created, updated) = (format::number(import.created), format::number(import.updated));
        tr!(imports.undo_text, file = import.file_name, created = created, updated = updated)
            .to_string()
    };
    let request = move || async move {
        let id = chosen.get_untracked().map_or(ImportId(0), |import| import.id);
        let UndoReport { deleted, emptied, restored, kept } = imports::undo(kind, id).await?;
        let count = format::number(deleted + emptied + restored);
        toast::success(tr!(imports.undone_toast, count = count).to_string());
        if kept > 0 {
            toast::error(tr!(imports.undo_kept, count = format::number(kept)).to_string());
        }
        Ok(())
    };
    view! {
        {move || {
            list.error
                .get()
                .map(|error| {
                    view! {
                        <Card title=tl!(imports.history)>
                            <ErrorState error=error retry=move |()| list.reload() />
                        </Card>
                    }
                })
        }}
        {move || {
            let imports = list.value.get().map(|page| page.items).unwrap_or_default();
            (!imports.is_empty())
                .then(|| {
                    let rows = imports
                        .into_iter()
                        .map(|import| view! { <HistoryRow import=import ask=ask /> })
                        .collect_view();
                    view! {
                        <Card title=tl!(imports.history)>
                            <ul class="divide-y divide-base-300" data-testid="import-history">
                                {rows}
                            </ul>
                        </Card>
                    }
                })
        }}
        <ConfirmDialog
            open=open
            title=tl!(imports.undo_title)
            text=text
            confirm=tl!(imports.undo)
            request=request
            danger=true
            on_done=move |()| list.reload()
            testid="undo-dialog"
        />
    }
}

/// Whether an event says that the list has changed.
fn is_about(kind: ImportKind, event: &LiveEvent) -> bool {
    match (kind, event) {
        (ImportKind::Customers, LiveEvent::CustomerImportProgress(progress))
        | (ImportKind::Items, LiveEvent::ItemImportProgress(progress)) => {
            progress.done == progress.rows
        }
        _ => false,
    }
}

#[component]
fn HistoryRow(import: Import, ask: Callback<Import>) -> impl IntoView {
    let (created, updated) = (format::number(import.created), format::number(import.updated));
    let rejected = (import.rejected > 0).then(|| format::number(import.rejected));
    let status = import.status;
    let undone_by = import.undone_by.clone().unwrap_or_default();
    let undoable = import.undo_until.map(|_| import.clone());
    view! {
        <li
            class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2"
            data-testid="import-entry"
            data-status=status.as_str()
        >
            <div class="min-w-0 grow basis-56">
                <p class="font-medium wrap-anywhere">{import.file_name}</p>
                <p class="text-sm text-muted">
                    <CompactTime at=import.started_at /> " · " {import.started_by}
                </p>
            </div>
            <p class="text-sm">
                {move || tr!(imports.history_counts, created = created.clone(), updated = updated.clone()).to_string()}
                {rejected
                    .map(|rejected| {
                        view! {
                            <span class="text-error">
                                {move || tr!(imports.history_rejected, count = rejected.clone()).to_string()}
                            </span>
                        }
                    })}
            </p>
            {move || status_badge(status, undone_by.clone())}
            {undoable
                .map(|import| {
                    view! {
                        <button
                            type="button"
                            class="btn btn-sm"
                            on:click=move |_| ask.run(import.clone())
                            data-testid="undo-import"
                        >
                            {tl!(imports.undo)}
                        </button>
                    }
                })}
        </li>
    }
}

fn status_badge(status: ImportStatus, undone_by: String) -> Option<impl IntoView> {
    let (class, label) = match status {
        ImportStatus::Completed => return None,
        ImportStatus::Running => ("badge-soft badge-info", tr!(imports.status_running).to_owned()),
        ImportStatus::Interrupted => {
            ("badge-soft badge-warning", tr!(imports.status_interrupted).to_owned())
        }
        ImportStatus::Undoing => {
            ("badge-soft badge-warning", tr!(imports.status_undoing).to_owned())
        }
        ImportStatus::Undone => {
            ("badge-ghost", tr!(imports.status_undone, name = undone_by).to_string())
        }
    };
    Some(view! { <span class=format!("badge badge-sm {class}")>{label}</span> })
}
