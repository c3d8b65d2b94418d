//! Progress of what is being done with a file.

use leptos::prelude::*;
use shared::import::ImportKind;
use shared::live::LiveEvent;

use super::wizard::Work;
use crate::components::page::Card;
use crate::core::{format, live};
use crate::tr;

/// The bar: first the share that has been sent, then the rows that are done.
#[component]
pub fn Progress(
    kind: ImportKind,
    work: Work,
    /// The share of the file that has been sent, 0 to 1.
    sent: Signal<f64>,
) -> impl IntoView {
    let rows = RwSignal::new(None::<(i64, i64)>);
    live::on_event(move |event| match (kind, event) {
        // One import runs at a time, but while columns are read it may be somebody else's.
        _ if work == Work::ReadColumns => {}
        (ImportKind::Customers, LiveEvent::CustomerImportProgress(progress))
        | (ImportKind::Items, LiveEvent::ItemImportProgress(progress)) => {
            rows.set(Some((progress.done, progress.rows)));
        }
        _ => {}
    });
    let share = move || match rows.get() {
        Some((done, all)) if all > 0 => Some((done * 100 / all).to_string()),
        // Until the first event the server reads the file: how far it is, is unknown.
        _ => Some(sent.get())
            .filter(|sent| *sent < 1.0)
            .map(|sent| (sent * 100.0).round().to_string()),
    };
    let label = move || match (work, sent.get() < 1.0) {
        (_, true) => tr!(imports.uploading),
        (Work::ReadColumns, false) => tr!(imports.reading),
        (Work::DryRun, false) => tr!(imports.checking),
        (Work::Import, false) => tr!(imports.importing),
    };
    let count = move || {
        let (done, all) = rows.get()?;
        let (done, all) = (format::number(done), format::number(all));
        Some(tr!(imports.rows_done, done = done, rows = all).to_string())
    };
    view! {
        <Card>
            <div class="flex flex-col gap-2 p-4" role="status" data-testid="import-progress">
                <p class="flex flex-wrap justify-between gap-x-4">
                    <span>{label}</span>
                    <span class="text-muted">{count}</span>
                </p>
                <progress class="progress progress-primary w-full" max="100" value=share></progress>
            </div>
        </Card>
    }
}
