//! The jobs of one customer, newest first.

use leptos::prelude::*;
use shared::job::{Job, JobQuery, JobSort};
use shared::live::LiveEvent;
use shared::{CustomerId, Page};

use crate::components::badge::{JobTypeLabel, StatusBadge};
use crate::components::page::use_load;
use crate::components::state::{EmptyState, Loaded};
use crate::components::time::CompactTime;
use crate::pages::jobs::crew;
use crate::{api, tl};

/// How many jobs the customer's page shows.
const SHOWN: i64 = 20;

/// The last jobs of a customer.
#[component]
pub fn CustomerJobs(id: CustomerId) -> impl IntoView {
    let load = use_load(
        move || async move {
            let query = JobQuery {
                sort: Some(JobSort::NewestFirst),
                limit: Some(SHOWN),
                ..Default::default()
            };
            api::customers::jobs(id, &query).await
        },
        // An event does not say whose job it is.
        |event| matches!(event, LiveEvent::JobCreated(_) | LiveEvent::JobUpdated(_)),
    );
    let all = format!("/jobs?customer_id={id}");
    view! {
        <Loaded data=load view=move |page| jobs(page, &all).into_any() skeleton_rows=3 />
    }
}

fn jobs(page: Page<Job>, all: &str) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <EmptyState title=tl!(customers.no_jobs) hint=tl!(customers.no_jobs_hint) /> }
            .into_any();
    }
    view! {
        <JobTable jobs=page.items />
        {page
            .next_cursor
            .map(|_| {
                view! {
                    <p class="border-t border-base-300 px-4 py-2">
                        <a href=all.to_owned() class="link link-primary">
                            {tl!(customers.all_jobs)}
                        </a>
                    </p>
                }
            })}
    }
    .into_any()
}

/// Jobs as rows that lead to their pages.
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
                    <span>{crew(&job)}</span>
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
