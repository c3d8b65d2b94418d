//! Editing the facts of a job.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::job::{Job, JobPriority, JobUpdate};
use shared::{JobId, Permission};

use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::field::{ChoiceField, TextArea, TextField};
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{Forbidden, Loaded, NotFound};
use crate::core::load::{Load, use_load_once};
use crate::core::{format, session, toast};
use crate::{api, enum_options, tl, tr};

/// The page with the form.
#[component]
pub fn EditJobPage() -> impl IntoView {
    if !session::can(Permission::JobsEdit) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let id: Option<JobId> = params.read_untracked().get("id").and_then(|id| id.parse().ok());
    let Some(id) = id else { return view! { <NotFound /> }.into_any() };
    let load = use_load_once(move || api::jobs::get(id));
    view! {
        <PageHeader title=tl!(jobs.edit.title) />
        <Loaded
            data=load
            view=move |job| view! { <EditForm job=job load=load /> }.into_any()
        />
    }
    .into_any()
}

fn optional(text: RwSignal<String>) -> Option<String> {
    Some(text.get_untracked()).filter(|text| !text.trim().is_empty())
}

#[component]
fn EditForm(job: Job, load: Load<Job>) -> impl IntoView {
    let form = Form::new();
    let lock = OptimisticLock::new(load, EditedResource::Job(job.id), |job: &Job| job.version);
    let priority = RwSignal::new(job.priority.to_string());
    let title = RwSignal::new(job.title.clone());
    let description = RwSignal::new(job.description.clone().unwrap_or_default());
    let address = RwSignal::new(job.address.clone());
    let start = RwSignal::new(format::to_datetime_input(job.scheduled_start));
    let end = RwSignal::new(format::to_datetime_input(job.scheduled_end));
    let navigate = use_navigate();
    let page = format!("/jobs/{}", job.id);
    let back = page.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let update = JobUpdate {
            priority: priority.get_untracked().parse().unwrap_or(job.priority),
            title: title.get_untracked(),
            description: optional(description),
            address: address.get_untracked(),
            latitude: job.latitude,
            longitude: job.longitude,
            scheduled_start: format::parse_datetime_input(&start.get_untracked()),
            scheduled_end: format::parse_datetime_input(&end.get_untracked()),
        };
        if form.check(update.parse()).is_none() {
            return;
        }
        let (id, version) = (job.id, lock.version());
        let (navigate, page) = (navigate.clone(), page.clone());
        form.send_or_else(
            async move { api::jobs::update(id, &update, version).await },
            move |_| {
                toast::success(tr!(common.saved));
                navigate(&page, NavigateOptions::default());
            },
            move |error| lock.on_refused(form, error),
        );
    };
    view! {
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate>
                <p class="text-muted">
                    <span class="font-medium text-base-content">{job.number.clone()}</span>
                    " · "
                    {job.customer_name.clone()}
                </p>
                <FormError form=form />
                <ConflictNotice conflict=lock.conflict />
                <TextField form=form name="title" label=tl!(jobs.job_title) value=title required=true />
                <ChoiceField
                    form=form
                    name="priority"
                    label=tl!(jobs.priority)
                    value=priority
                    options=enum_options!(JobPriority)
                />
                <TextField form=form name="address" label=tl!(jobs.address) value=address required=true />
                <div class="grid gap-4 sm:grid-cols-2">
                    <TextField
                        form=form
                        name="scheduled_start"
                        label=tl!(jobs.start)
                        value=start
                        kind="datetime-local"
                    />
                    <TextField
                        form=form
                        name="scheduled_end"
                        label=tl!(jobs.end)
                        value=end
                        kind="datetime-local"
                    />
                </div>
                <TextArea
                    form=form
                    name="description"
                    label=tl!(jobs.description)
                    value=description
                    rows=4
                />
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href=back class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
}
