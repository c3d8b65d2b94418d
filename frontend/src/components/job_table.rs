//! Short table of jobs.

use leptos::prelude::*;
use shared::job::Job;

use super::badge::{JobTypeLabel, StatusBadge};
use super::time::CompactTime;
use crate::{tl, tr};

/// Rows that lead to the pages of the jobs.
#[component]
pub fn JobTable(jobs: Vec<Job>) -> impl IntoView {
    let row = |job: Job| {
        view! {
            <tr role="row" data-testid="job-row">
                <td role="cell" class="cell-main">
                    <a href=format!("/jobs/{}", job.id) class="row-link">
                        {job.number.clone()}
                    </a>
                </td>
                <td role="cell" class="cell-side" data-label=tl!(jobs.status)>
                    <StatusBadge status=job.status />
                </td>
                <td role="cell" data-label=tl!(jobs.job_type)>
                    <JobTypeLabel job_type=job.job_type />
                </td>
                <td role="cell" data-label=tl!(jobs.technicians)>
                    <span>{technician_names(&job)}</span>
                </td>
                <td role="cell" data-label=tl!(jobs.created)>
                    <CompactTime at=job.created_at />
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(jobs.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(jobs.number)}</th>
                    <th role="columnheader" scope="col">{tl!(jobs.status)}</th>
                    <th role="columnheader" scope="col">{tl!(jobs.job_type)}</th>
                    <th role="columnheader" scope="col">{tl!(jobs.technicians)}</th>
                    <th role="columnheader" scope="col">{tl!(jobs.created)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{jobs.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// Returns the names of the technicians, the lead first.
pub fn technician_names(job: &Job) -> String {
    let mut names: Vec<_> = job.technicians.iter().collect();
    names.sort_by_key(|technician| !technician.lead);
    let names: Vec<&str> = names.iter().map(|technician| technician.name.as_str()).collect();
    if names.is_empty() { tr!(common.none).to_owned() } else { names.join(", ") }
}
