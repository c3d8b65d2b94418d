//! What each column of the file holds.

use leptos::prelude::*;
use shared::import::{ColumnSource, ColumnTarget, ImportColumn, ImportColumns, ImportMapping};

use super::wizard::{ImportStage, Wizard, Work};
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::core::format;
use crate::{tl, tr};

/// The columns with what they hold, and the button that checks the rows.
#[component]
pub fn ColumnsCard(wizard: Wizard, columns: ImportColumns) -> impl IntoView {
    let shown = StoredValue::new(columns.clone());
    let missing = move || {
        shown.with_value(|columns| {
            let targets: Vec<ColumnTarget> =
                columns.columns.iter().map(|column| wizard.target(&column.heading)).collect();
            let mapped = |field: &str| targets.contains(&ColumnTarget::Field(field.to_owned()));
            let required = columns.fields.iter().filter(|field| field.required);
            let labels = required.filter(|field| !mapped(&field.field));
            labels.map(|field| field.label.clone()).collect::<Vec<_>>()
        })
    };
    let rows = columns
        .columns
        .iter()
        .cloned()
        .map(|column| view! { <ColumnRow wizard=wizard shown=shown column=column /> })
        .collect_view();
    let is_stale = move || {
        wizard.stage.with(|stage| matches!(stage, ImportStage::Columns | ImportStage::Failed(..)))
    };
    let is_incomplete = Memo::new(move |_| !missing().is_empty());
    let title = move || {
        let count = format::number(columns.rows);
        tr!(imports.columns_title, count = count).to_string()
    };
    view! {
        <Card title=title>
            <div data-testid="import-columns">
                <SheetChoice wizard=wizard shown=shown />
                <ul class="divide-y divide-base-300">{rows}</ul>
                <div class="flex flex-wrap items-center gap-3 border-t border-base-300 p-4">
                    <p class="min-w-0 grow basis-60 text-sm text-muted" aria-live="polite">
                        {move || {
                            let missing = missing().join(", ");
                            if missing.is_empty() {
                                tr!(imports.columns_hint).to_string()
                            } else {
                                tr!(imports.columns_missing, fields = missing).to_string()
                            }
                        }}
                    </p>
                    <Show when=is_stale>
                        <button
                            type="button"
                            class="btn btn-primary"
                            disabled=move || is_incomplete.get()
                            on:click=move |_| wizard.start(Work::DryRun)
                            data-testid="check-rows"
                        >
                            <Icon name=IconName::Check />
                            {tl!(imports.check_rows)}
                        </button>
                    </Show>
                </div>
            </div>
        </Card>
    }
}

/// The sheet that is read, and whether it has headings.
#[component]
fn SheetChoice(wizard: Wizard, shown: StoredValue<ImportColumns>) -> impl IntoView {
    let (sheet, others, has_heading) = shown.with_value(|columns| {
        (columns.sheet.clone(), columns.other_sheets.clone(), columns.has_heading)
    });
    let current = sheet.clone();
    let choose = move |event: leptos::ev::Event| {
        let sheet = Some(event_target_value(&event));
        wizard.read_columns(ImportMapping { sheet, ..ImportMapping::default() });
    };
    let sheets = (!others.is_empty()).then(|| {
        let option = |name: String, selected: bool, label: String| {
            view! { <option value=name selected=selected>{label}</option> }
        };
        let own = sheet.clone().map(|name| option(name.clone(), true, name));
        let rest = others
            .into_iter()
            .map(|other| {
                let rows = format::number(other.rows);
                let label = format!("{} ({rows})", other.name);
                option(other.name, false, label)
            })
            .collect_view();
        view! {
            <label class="flex flex-wrap items-center gap-2">
                <span>{tl!(imports.sheet)}</span>
                <select class="select select-sm w-auto" on:change=choose data-testid="import-sheet">
                    {own}
                    {rest}
                </select>
            </label>
        }
    });
    let toggle = move |event: leptos::ev::Event| {
        let has_heading = Some(event_target_checked(&event));
        let sheet = current.clone();
        wizard.read_columns(ImportMapping { sheet, has_heading, ..ImportMapping::default() });
    };
    view! {
        <div class="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-base-300 px-4 py-3 text-sm">
            {sheets}
            <label class="flex items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    checked=has_heading
                    on:change=toggle
                    data-testid="import-has-heading"
                />
                <span>{tl!(imports.has_heading)}</span>
            </label>
        </div>
    }
}

#[component]
fn ColumnRow(
    wizard: Wizard,
    shown: StoredValue<ImportColumns>,
    column: ImportColumn,
) -> impl IntoView {
    let ImportColumn { heading, source, samples, .. } = column;
    let name = StoredValue::new(heading.clone());
    let target = Memo::new(move |_| name.with_value(|name| wizard.target(name)));
    let choose = move |event: leptos::ev::Event| {
        let target = parse_target(&event_target_value(&event));
        name.with_value(|name| wizard.set_target(name, target));
    };
    let options = move || {
        let chosen = target_value(&target.get());
        let option = |value: String, label: String| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        };
        shown.with_value(|columns| {
            let takes_notes = columns.fields.iter().any(|field| field.field == "notes");
            let fields = columns.fields.iter().map(|field| {
                let mark = if field.required { " *" } else { "" };
                option(format!("field:{}", field.field), format!("{}{mark}", field.label))
            });
            let note = takes_notes.then(|| option("note".into(), tr!(imports.as_note).into()));
            [option("leave_out".into(), tr!(imports.leave_out).into())]
                .into_iter()
                .chain(note)
                .chain(fields)
                .collect_view()
        })
    };
    let origin = move || match source {
        ColumnSource::Remembered => Some(tr!(imports.remembered)),
        ColumnSource::Values => Some(tr!(imports.guessed)),
        _ => None,
    };
    let (label, key) = (heading.clone(), heading.clone());
    view! {
        <li
            class="grid grid-cols-1 items-center gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_15rem]"
            data-testid="import-column"
            data-heading=key
        >
            <div class="min-w-0 font-medium wrap-anywhere">
                {heading}
                {move || origin().map(|origin| view! {
                    <span class="badge badge-soft badge-info badge-sm ml-2">{origin}</span>
                })}
            </div>
            <div class="min-w-0 truncate font-mono text-sm text-muted">{samples.join(" · ")}</div>
            <select
                class="select w-full"
                class=("text-muted", move || target.get() == ColumnTarget::LeaveOut)
                aria-label=move || tr!(imports.column_holds, column = label.clone()).to_string()
                on:change=choose
                data-testid="import-target"
            >
                {options}
            </select>
        </li>
    }
}

fn target_value(target: &ColumnTarget) -> String {
    match target {
        ColumnTarget::Field(field) => format!("field:{field}"),
        ColumnTarget::Note => "note".to_owned(),
        ColumnTarget::LeaveOut => "leave_out".to_owned(),
    }
}

fn parse_target(value: &str) -> ColumnTarget {
    match (value.strip_prefix("field:"), value) {
        (Some(field), _) => ColumnTarget::Field(field.to_owned()),
        (None, "note") => ColumnTarget::Note,
        _ => ColumnTarget::LeaveOut,
    }
}
