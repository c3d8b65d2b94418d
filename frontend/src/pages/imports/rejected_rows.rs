//! Rejected rows of an import, and values that were left out of the others.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::import::RowProblem;

use super::show_all::ShowAll;
use super::wizard::Wizard;
use crate::api::imports;
use crate::browser::download;
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::core::error_text::ErrorText;
use crate::core::{format, toast};
use crate::{tl, tr};

/// Number of rows that are shown; the download has them all.
const MAX_SHOWN: usize = 200;
/// Rows that are shown until somebody asks for more.
const SHOWN_AT_FIRST: usize = 20;

/// The problems, with a download of the rejected rows. `left_out`: only the value was left out, not the row.
#[component]
pub fn RejectedRows(wizard: Wizard, problems: Vec<RowProblem>, left_out: bool) -> impl IntoView {
    let count = problems.len();
    let shown = RwSignal::new(false);
    let limit = move || if shown.get() { MAX_SHOWN } else { SHOWN_AT_FIRST };
    let hidden = move || count.min(MAX_SHOWN).saturating_sub(limit());
    let all = StoredValue::new(problems);
    let rows =
        move || all.with_value(|all| all.iter().take(limit()).cloned().map(row).collect_view());
    let saving = RwSignal::new(false);
    let save = move |_| {
        if left_out {
            all.with_value(|problems| write(problems));
        } else if let Some(order) = wizard.order().filter(|_| !saving.get_untracked()) {
            saving.set(true);
            spawn_local(async move {
                match imports::rejected_rows(&order).await {
                    Ok(url) => download::save_url(tr!(imports.rejected_file), &url),
                    Err(error) => toast::error(error.message()),
                }
                saving.try_set(false);
            });
        }
    };
    let action = move || {
        view! {
            <button
                type="button"
                class="btn btn-sm"
                disabled=move || saving.get()
                on:click=save
                data-testid=if left_out { "download-left-out" } else { "download-problems" }
            >
                <Icon name=IconName::Export />
                {tl!(imports.download)}
            </button>
        }
    };
    let title = move || {
        let count = format::number(count as i64);
        if left_out {
            tr!(imports.left_out, count = count).to_string()
        } else {
            tr!(imports.problems, count = count).to_string()
        }
    };
    let more = move || {
        let rest = count.saturating_sub(MAX_SHOWN) as i64;
        (shown.get() && rest > 0).then(|| {
            let text = tr!(imports.more, count = format::number(rest)).to_string();
            view! { <p class="border-t border-base-300 px-4 py-2 text-muted">{text}</p> }
        })
    };
    view! {
        <Card title=title action=action>
            <table class="list-table" role="table">
                <caption class="sr-only">{tl!(imports.rejected)}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{tl!(imports.line)}</th>
                        <th role="columnheader" scope="col">{tl!(imports.column)}</th>
                        <th role="columnheader" scope="col">{tl!(imports.value)}</th>
                        <th role="columnheader" scope="col">{tl!(imports.reason)}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            <ShowAll hidden=Signal::derive(hidden) all=shown />
            {more}
        </Card>
    }
}

fn row(problem: RowProblem) -> impl IntoView {
    view! {
        <tr role="row" data-testid="problem-row" data-line=problem.line.to_string()>
            <td role="cell" class="cell-main">
                <span class="text-muted md:hidden">{tl!(imports.line)} " "</span>
                {problem.line.to_string()}
            </td>
            <td role="cell" data-label=tl!(imports.column)>
                <span>{problem.column}</span>
            </td>
            <td role="cell" data-label=tl!(imports.value)>
                <span class="font-mono break-all">{problem.value}</span>
            </td>
            <td role="cell" class="cell-block" data-label=tl!(imports.reason)>
                <span>{problem.message}</span>
            </td>
        </tr>
    }
}

fn write(problems: &[RowProblem]) {
    let head = [tr!(imports.line), tr!(imports.column), tr!(imports.value), tr!(imports.reason)];
    let rows: Vec<Vec<String>> = problems
        .iter()
        .map(|one| {
            vec![one.line.to_string(), one.column.clone(), one.value.clone(), one.message.clone()]
        })
        .collect();
    download::save_csv(tr!(imports.file_name), &head.map(str::to_owned), &rows);
}
