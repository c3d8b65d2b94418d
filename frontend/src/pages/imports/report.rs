//! Report of an import or of its dry run.

use leptos::prelude::*;
use shared::ErrorCode;
use shared::import::ImportReport;

use super::rejected_rows::RejectedRows;
use super::types::ImportKind;
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::core::format;
use crate::{tl, tr};

/// The counts, the rejected rows and the next step.
#[component]
pub fn Report(
    kind: ImportKind,
    report: ImportReport,
    /// Whether rows may replace both name and phone number of a customer.
    replace: RwSignal<bool>,
    /// Checks the file again.
    #[prop(into)]
    on_replace: Callback<()>,
    #[prop(into)] on_import: Callback<()>,
) -> impl IntoView {
    let dry_run = report.dry_run;
    let wanted = report.created + report.updated;
    let problems = report.problems.clone();
    let warnings = report.warnings.clone();
    let title = move || {
        if dry_run { tr!(imports.dry_title) } else { tr!(imports.done_title) }
    };
    let next = if dry_run && wanted > 0 {
        view! {
            <p class="grow text-muted">{tl!(imports.dry_hint)}</p>
            <button
                type="button"
                class="btn btn-primary"
                on:click=move |_| on_import.run(())
                data-testid="import-now"
            >
                <Icon name=IconName::Import />
                {move || tr!(imports.import_rows, count = format::number(wanted)).to_string()}
            </button>
        }
        .into_any()
    } else if dry_run {
        view! { <p class="text-muted" data-testid="import-nothing">{tl!(imports.nothing)}</p> }
            .into_any()
    } else {
        view! {
            <p class="flex grow items-center gap-2" data-testid="import-done">
                <Icon name=IconName::CheckCircle class="size-5 text-success" />
                {tl!(imports.done)}
            </p>
            <a href=kind.list() class="btn btn-primary">
                {move || kind.list_name()}
            </a>
        }
        .into_any()
    };
    let others =
        problems.iter().filter(|problem| problem.code == ErrorCode::DifferentCustomer).count();
    let replacing = (dry_run && (others > 0 || replace.get_untracked())).then(|| {
        view! {
            <label class="flex items-start gap-2 border-t border-base-300 px-4 py-3">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm mt-0.5"
                    prop:checked=replace
                    on:change=move |event| {
                        replace.set(event_target_checked(&event));
                        on_replace.run(());
                    }
                    data-testid="replace-customers"
                />
                <span>
                    {tl!(imports.replace)}
                    <span class="block text-sm text-muted">{tl!(imports.replace_hint)}</span>
                </span>
            </label>
        }
    });
    let ignored = (!report.ignored_columns.is_empty()).then(|| {
        view! {
            <p class="border-t border-base-300 px-4 py-2 text-sm text-muted" data-testid="ignored-columns">
                {tl!(imports.ignored)} " " {report.ignored_columns.join(", ")}
            </p>
        }
    });
    view! {
        <Card title=title>
            <div data-testid="import-report" data-dry-run=dry_run.to_string()>
                <ReportCounts report=report />
                {ignored}
                {replacing}
                <div class="flex flex-wrap items-center gap-3 border-t border-base-300 p-4">{next}</div>
            </div>
        </Card>
        {(!problems.is_empty())
            .then(|| view! { <RejectedRows problems=problems left_out=false /> })}
        {(!warnings.is_empty())
            .then(|| view! { <RejectedRows problems=warnings left_out=true /> })}
    }
}

#[component]
fn ReportCounts(report: ImportReport) -> impl IntoView {
    let count = |name: &'static str, label: TextProp, value: i64, class: &'static str| {
        view! {
            <div class="min-w-0">
                <dt class="text-sm text-muted">{move || label.get()}</dt>
                <dd
                    class=format!("text-2xl font-semibold {class}")
                    data-testid=format!("report-{name}")
                    data-value=value.to_string()
                >
                    {move || format::number(value)}
                </dd>
            </div>
        }
    };
    let dry = report.dry_run;
    let created = move || if dry { tr!(imports.would_create) } else { tr!(imports.created) };
    let updated = move || if dry { tr!(imports.would_update) } else { tr!(imports.updated) };
    let bad = if report.rejected > 0 { "text-error" } else { "" };
    view! {
        <dl class="grid grid-cols-2 gap-4 p-4 sm:grid-cols-6">
            {count("rows", tl!(imports.rows).into(), report.rows, "")}
            {count("created", created.into(), report.created, "")}
            {count("updated", updated.into(), report.updated, "")}
            {count("unchanged", tl!(imports.unchanged).into(), report.unchanged, "")}
            {count("rejected", tl!(imports.rejected).into(), report.rejected, bad)}
            {(report.skipped > 0).then(|| count("skipped", tl!(imports.skipped).into(), report.skipped, ""))}
        </dl>
    }
}
