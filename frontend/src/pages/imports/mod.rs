//! Imports from spreadsheets.

mod file_picker;
mod rejected_rows;
mod report;
mod types;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::import::ImportReport;
use web_sys::File;

use self::file_picker::FilePicker;
use self::report::Report;
use self::types::ImportKind;
use crate::api::ApiError;
use crate::components::back_link::BackLink;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::core::error_text::ErrorText;
use crate::core::{session, toast};
use crate::{tl, tr};

/// Stage of an import.
#[derive(Clone, PartialEq)]
enum ImportStage {
    Choosing,
    /// Share that has been sent, 0 to 1; whether it is the dry run.
    Sending {
        sent: f64,
        dry_run: bool,
    },
    Failed(ApiError),
    Reported(ImportReport),
}

/// Import of customers.
#[component]
pub fn ImportCustomersPage() -> impl IntoView {
    view! { <ImportPage kind=ImportKind::Customers /> }.into_any()
}

/// Import of items with opening stock.
#[component]
pub fn ImportItemsPage() -> impl IntoView {
    view! { <ImportPage kind=ImportKind::Items /> }.into_any()
}

#[component]
fn ImportPage(kind: ImportKind) -> impl IntoView {
    if !session::can(kind.permission()) {
        return view! { <Forbidden /> }.into_any();
    }
    let stage = RwSignal::new(ImportStage::Choosing);
    // A browser file cannot leave its thread.
    let file = StoredValue::new_local(None::<File>);
    let name = RwSignal::new(String::new());
    let replace = RwSignal::new(false);
    let send = move |dry_run: bool| {
        let Some(chosen) = file.get_value() else { return };
        if matches!(stage.get_untracked(), ImportStage::Sending { .. }) {
            return;
        }
        stage.set(ImportStage::Sending { sent: 0.0, dry_run });
        spawn_local(async move {
            let progress = move |sent: f64| {
                stage.try_set(ImportStage::Sending { sent, dry_run });
            };
            let next = match kind.send(&chosen, dry_run, replace.get_untracked(), progress).await {
                Ok(report) => {
                    if !report.dry_run {
                        toast::success(tr!(imports.done));
                    }
                    ImportStage::Reported(report)
                }
                Err(error) => ImportStage::Failed(error),
            };
            stage.try_set(next);
        });
    };
    let choose = move |chosen: File| {
        name.set(chosen.name());
        file.set_value(Some(chosen));
        replace.set(false);
        send(true);
    };
    let title = move || match kind {
        ImportKind::Customers => tr!(imports.customers),
        ImportKind::Items => tr!(imports.items),
    };
    view! {
        <BackLink href=kind.list() label=move || kind.list_name() />
        <PageHeader title=title />
        <div class="flex max-w-4xl flex-col gap-4">
            <Card>
                <FilePicker
                    kind=kind
                    name=name
                    busy=Signal::derive(move || matches!(stage.get(), ImportStage::Sending { .. }))
                    on_choose=choose
                />
            </Card>
            {move || match stage.get() {
                ImportStage::Choosing => ().into_any(),
                ImportStage::Sending { sent, dry_run } => view! { <UploadProgress sent=sent dry_run=dry_run /> }.into_any(),
                ImportStage::Failed(error) => view! { <ImportFailure error=error /> }.into_any(),
                ImportStage::Reported(report) => {
                    view! {
                        <Report
                            kind=kind
                            report=report
                            replace=replace
                            on_replace=move |()| send(true)
                            on_import=move |()| send(false)
                        />
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

#[component]
fn UploadProgress(sent: f64, dry_run: bool) -> impl IntoView {
    // After the upload the server still has to read the file: the progress is unknown then.
    let share = (sent < 1.0).then(|| (sent * 100.0).round().to_string());
    let label = move || match (dry_run, sent < 1.0) {
        (_, true) => tr!(imports.uploading),
        (true, false) => tr!(imports.checking),
        (false, false) => tr!(imports.importing),
    };
    view! {
        <Card>
            <div class="flex flex-col gap-2 p-4" role="status">
                <p>{label}</p>
                <progress class="progress progress-primary w-full" max="100" value=share></progress>
            </div>
        </Card>
    }
}

#[component]
fn ImportFailure(error: ApiError) -> impl IntoView {
    let fields = error.fields().iter().map(|fault| fault.message.clone()).collect::<Vec<_>>();
    view! {
        <div class="alert alert-error alert-soft items-start" role="alert" data-testid="import-error">
            <Icon name=IconName::Alert class="mt-0.5 size-4 shrink-0" />
            <div>
                <p class="font-medium">{error.message()}</p>
                {fields.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
                <p>{tl!(imports.unchanged_note)}</p>
            </div>
        </div>
    }
}
