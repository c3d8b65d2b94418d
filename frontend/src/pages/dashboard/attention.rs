//! Jobs that need attention.

use leptos::prelude::*;
use shared::job::{Job, JobPriority};

use crate::components::badge::{JobTypeLabel, PriorityBadge, StatusBadge};
use crate::components::contact::PhoneLink;
use crate::components::due_time::DueTime;
use crate::components::job_table::technician_names;

/// The jobs, the most urgent first.
#[component]
pub fn AttentionList(jobs: Vec<Job>) -> impl IntoView {
    view! {
        <ul class="divide-y divide-base-300" data-testid="attention">
            {jobs.into_iter().map(|job| view! { <AttentionRow job=job /> }).collect_view()}
        </ul>
    }
}

#[component]
fn AttentionRow(job: Job) -> impl IntoView {
    let stands_out = matches!(job.priority, JobPriority::High | JobPriority::Urgent);
    let names = technician_names(&job);
    view! {
        <li
            class="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 focus-within:bg-base-200 hover:bg-base-200"
            data-testid="attention-row"
            data-job=job.number.clone()
        >
            <div class="min-w-0 flex-1 basis-64">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <a href=format!("/jobs/{}", job.id) class="row-link font-medium">
                        {job.number.clone()}
                    </a>
                    <StatusBadge status=job.status />
                    {stands_out.then(|| view! { <PriorityBadge priority=job.priority /> })}
                </div>
                <div class="truncate">{job.customer_name.clone()}</div>
                <div class="truncate text-sm text-muted">{job.address.clone()}</div>
            </div>
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm sm:flex-col sm:items-end sm:gap-y-0">
                <DueTime job=job.clone() />
                <span class="flex items-center gap-2 text-muted">
                    <JobTypeLabel job_type=job.job_type />
                    <span class="max-w-32 truncate">{names}</span>
                </span>
                {job.customer_phone.map(|phone| view! { <PhoneLink phone=phone /> })}
            </div>
        </li>
    }
}
