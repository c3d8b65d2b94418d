//! Material of a job: planned, issued and used.

use leptos::prelude::*;
use shared::job::JobMaterial;

use crate::core::format;
use crate::core::labels::unit_label;
use crate::tl;

/// One row per item.
#[component]
pub fn Materials(rows: Vec<JobMaterial>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="px-4 py-3 text-muted">{tl!(jobs.materials.none)}</p> }.into_any();
    }
    view! {
        <table class="list-table" role="table" data-testid="materials">
            <caption class="sr-only">{tl!(jobs.materials.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(jobs.materials.item)}</th>
                    <th role="columnheader" scope="col" class="cell-number">
                        {tl!(jobs.materials.planned)}
                    </th>
                    <th role="columnheader" scope="col" class="cell-number">
                        {tl!(jobs.materials.issued)}
                    </th>
                    <th role="columnheader" scope="col" class="cell-number">
                        {tl!(jobs.materials.used)}
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {rows.into_iter().map(|row| view! { <MaterialRow row=row /> }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn MaterialRow(row: JobMaterial) -> impl IntoView {
    let unit = row.unit.clone();
    let amount = move |count: i64| {
        let unit = unit.clone();
        move || format!("{} {}", format::number(count), unit_label(&unit))
    };
    let code = row.code.clone();
    let serials = row.serial_numbers.join(", ");
    view! {
        <tr role="row" data-testid="material-row" data-code=code>
            <td role="cell" class="cell-main">
                <div>
                    <div class="truncate">{row.name}</div>
                    <div class="text-sm font-normal text-muted">{row.code}</div>
                    {(!serials.is_empty())
                        .then(|| {
                            view! {
                                <div class="font-mono text-sm font-normal whitespace-normal">
                                    {serials}
                                </div>
                            }
                        })}
                </div>
            </td>
            <td role="cell" class="cell-number" data-label=tl!(jobs.materials.planned)>
                {amount(row.planned)}
            </td>
            <td role="cell" class="cell-number" data-label=tl!(jobs.materials.issued)>
                {amount(row.issued)}
            </td>
            <td
                role="cell"
                class="cell-number"
                data-label=tl!(jobs.materials.used)
                data-testid="material-used"
            >
                {amount(row.used)}
            </td>
        </tr>
    }
}
