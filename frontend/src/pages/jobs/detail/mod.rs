//! Page of a job.

mod actions;
mod job_details;
mod materials;
mod photos;
mod timeline;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::JobId;
use shared::job::Job;
use shared::live::LiveEvent;

use crate::api;
use crate::components::badge::{JobTypeLabel, PriorityBadge, StatusBadge};
use crate::components::due_time::DueTime;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, use_title};
use crate::components::page_states::{Loaded, NotFound};
use crate::core::load::use_load;
use crate::tl;

/// The page of the job in the address.
#[component]
pub fn JobPage() -> impl IntoView {
    let params = use_params_map();
    move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <JobDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// Returns whether an event is about this job.
fn is_about_job(event: &LiveEvent, id: JobId) -> bool {
    matches!(event, LiveEvent::JobUpdated(job) if job.id == id)
}

#[component]
fn JobDetails(id: JobId) -> impl IntoView {
    let load = use_load(move || api::jobs::get(id), move |event| is_about_job(event, id));
    use_title(move || {
        load.value.with(|job| job.as_ref().map(|job| job.number.clone()).unwrap_or_default())
    });
    // Each part loads on its own: a slow one does not delay the others.
    let materials = use_load(
        move || api::jobs::materials(id),
        move |event| is_about_job(event, id) || matches!(event, LiveEvent::InventoryMoved(_)),
    );
    let photos = use_load(move || api::jobs::photos(id), move |event| is_about_job(event, id));
    let timeline = use_load(move || api::jobs::timeline(id), move |event| is_about_job(event, id));
    view! {
        <nav class="mb-2 text-sm" aria-label=tl!(jobs.title)>
            <a href="/jobs" class="link link-hover inline-flex items-center gap-1 text-muted">
                <Icon name=IconName::ChevronLeft class="size-3.5" />
                {tl!(jobs.title)}
            </a>
        </nav>
        <Loaded data=load view=|job| header(&job).into_any() skeleton_rows=3 />
        <Show when=move || load.value.with(Option::is_some)>
            <actions::Actions load=load photos=photos materials=materials />
            <div class="grid gap-4 lg:grid-cols-3">
                <div class="flex min-w-0 flex-col gap-4 lg:col-span-2">
                    <Loaded data=load view=|job| view! { <job_details::JobFacts job=job /> }.into_any() />
                    <Card title=tl!(jobs.photos.title)>
                        <photos::Photos load=load photos=photos />
                    </Card>
                    <Card title=tl!(jobs.materials.title)>
                        <Loaded
                            data=materials
                            view=|page| {
                                view! { <materials::Materials rows=page.items /> }.into_any()
                            }
                            skeleton_rows=3
                        />
                    </Card>
                </div>
                <Card title=tl!(jobs.timeline.title) class="self-start">
                    <Loaded
                        data=timeline
                        view=|page| {
                            view! { <timeline::Timeline entries=page.items /> }.into_any()
                        }
                    />
                </Card>
            </div>
        </Show>
    }
}

fn header(job: &Job) -> impl IntoView {
    view! {
        <div class="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
            <div class="min-w-0 grow">
                <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <h1 class="text-xl font-semibold" data-testid="job-number">
                        {job.number.clone()}
                    </h1>
                    <span data-testid="job-status" data-status=job.status.as_str()>
                        <StatusBadge status=job.status />
                    </span>
                    <PriorityBadge priority=job.priority />
                    <JobTypeLabel job_type=job.job_type />
                    <DueTime job=job.clone() />
                </div>
                <p class="mt-1 text-lg">{job.title.clone()}</p>
                {job
                    .on_hold_reason
                    .clone()
                    .map(|reason| {
                        view! {
                            <p class="mt-1 flex items-center gap-1.5 text-muted">
                                <Icon name=IconName::Pause class="size-4 shrink-0" />
                                {tl!(jobs.hold_reason)}
                                ": "
                                {reason}
                            </p>
                        }
                    })}
            </div>
        </div>
    }
}
