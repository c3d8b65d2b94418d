//! Report of an import or of its dry run.

use leptos::prelude::*;
use shared::ErrorCode;
use shared::import::{ImportKind, ImportReport};

use super::kind;
use super::preview::Preview;
use super::rejected_rows::RejectedRows;
use super::wizard::{Wizard, Work};
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::core::format;
use crate::{tl, tr};

/// The counts, the next step, the preview and the rejected rows.
#[component]
pub fn Report(wizard: Wizard, report: ImportReport) -> impl IntoView {
    let dry_run = report.dry_run;
    let problems = report.problems.clone();
    let warnings = report.warnings.clone();
    let preview = report.preview.clone();
    let title = move || {
        if dry_run { tr!(imports.dry_title) } else { tr!(imports.done_title) }
    };
    let others: Vec<String> = report
        .other_sheets
        .iter()
        .map(|sheet| format!("{} ({})", sheet.name, format::number(sheet.rows)))
        .collect();
    view! {
        <Card title=title>
            <div data-testid="import-report" data-dry-run=dry_run.to_string()>
                <ReportCounts report=report.clone() />
                <LeftOut names=report.ignored_columns.clone() testid="ignored-columns" label=tl!(imports.ignored) />
                <LeftOut names=others testid="other-sheets" label=tl!(imports.other_sheets) />
                <ReplaceCustomers wizard=wizard report=report.clone() />
                <div class="flex flex-wrap items-center gap-3 border-t border-base-300 p-4">
                    <NextStep wizard=wizard report=report />
                </div>
            </div>
        </Card>
        {preview.map(|preview| view! { <Preview preview=preview /> })}
        {(!problems.is_empty())
            .then(|| view! { <RejectedRows wizard=wizard problems=problems left_out=false /> })}
        {(!warnings.is_empty())
            .then(|| view! { <RejectedRows wizard=wizard problems=warnings left_out=true /> })}
    }
}

/// What of the file is not read.
#[component]
fn LeftOut(
    names: Vec<String>,
    testid: &'static str,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    (!names.is_empty()).then(|| {
        view! {
            <p class="border-t border-base-300 px-4 py-2 text-sm text-muted" data-testid=testid>
                {move || label.get()} " " {names.join(", ")}
            </p>
        }
    })
}

/// What can be done with the report.
#[component]
fn NextStep(wizard: Wizard, report: ImportReport) -> impl IntoView {
    let wanted = report.created + report.updated;
    if !report.dry_run {
        return view! {
            <p class="flex grow items-center gap-2" data-testid="import-done">
                <Icon name=IconName::CheckCircle class="size-5 text-success" />
                {tl!(imports.done)}
            </p>
            {(wizard.kind == ImportKind::Customers)
                .then(|| {
                    view! {
                        <a href="/customers/place" class="btn">
                            {tl!(customers.place.title)}
                        </a>
                    }
                })}
            <a href=kind::list(wizard.kind) class="btn btn-primary">
                {move || kind::list_name(wizard.kind)}
            </a>
        }
        .into_any();
    }
    if wanted == 0 {
        let text = move || {
            if wizard.is_answered() { tr!(imports.nothing) } else { tr!(imports.nothing_yet) }
        };
        return view! { <p class="text-muted" data-testid="import-nothing">{text}</p> }.into_any();
    }
    view! {
        <p class="min-w-0 grow basis-60 text-muted">{tl!(imports.dry_hint)}</p>
        <button
            type="button"
            class="btn btn-primary"
            on:click=move |_| wizard.start(Work::Import)
            data-testid="import-now"
        >
            <Icon name=IconName::Import />
            {move || tr!(imports.import_rows, count = format::number(wanted)).to_string()}
        </button>
    }
    .into_any()
}

/// Asks whether rows may replace other customers with their numbers, where there are such rows.
#[component]
fn ReplaceCustomers(wizard: Wizard, report: ImportReport) -> impl IntoView {
    let replace = wizard.replace;
    let is_other = |code: ErrorCode| code == ErrorCode::DifferentCustomer;
    let others = report.problems.iter().any(|problem| is_other(problem.code));
    (report.dry_run && (others || replace.get_untracked())).then(|| {
        view! {
            <label class="flex items-start gap-2 border-t border-base-300 px-4 py-3">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm mt-0.5"
                    prop:checked=replace
                    on:change=move |event| {
                        replace.set(event_target_checked(&event));
                        wizard.start(Work::DryRun);
                    }
                    data-testid="replace-customers"
                />
                <span>
                    {tl!(imports.replace)}
                    <span class="block text-sm text-muted">{tl!(imports.replace_hint)}</span>
                </span>
            </label>
        }
    })
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
