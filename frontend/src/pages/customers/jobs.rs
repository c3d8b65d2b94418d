//! Latest jobs of a customer.

use leptos::prelude::*;
use shared::job::{Job, JobQuery, JobSort};
use shared::live::LiveEvent;
use shared::{CustomerId, Page};

use crate::components::job_table::JobTable;
use crate::components::page_states::{EmptyState, Loaded};
use crate::core::load::use_load;
use crate::{api, tl};

/// Number of jobs on the customer's page.
const MAX_JOBS: i64 = 20;

/// The latest jobs, newest first.
#[component]
pub fn CustomerJobs(id: CustomerId) -> impl IntoView {
    let load = use_load(
        move || async move {
            let query = JobQuery {
                sort: Some(JobSort::NewestFirst),
                limit: Some(MAX_JOBS),
                ..Default::default()
            };
            api::customers::jobs(id, &query).await
        },
        // An event does not name the customer of the job.
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
