//! Page that edits a job.

use leptos::prelude::*;
use shared::Permission;
use shared::job::{Job, JobPriority, JobUpdate};

use crate::browser::organisation_time;
use crate::components::conflict_notice::EditedResource;
use crate::components::field::{ChoiceField, TextArea, TextField};
use crate::components::form::Form;
use crate::components::form_parse::optional_text;
use crate::components::resource_form::{EditForm, EditPage};
use crate::core::format;
use crate::core::load::Load;
use crate::{api, enum_options, tl};

/// The page with the form.
#[component]
pub fn EditJobPage() -> impl IntoView {
    view! {
        <EditPage
            title=tl!(jobs.edit.title)
            permission=Permission::JobsEdit
            fetch=api::jobs::get
            form=|job, load| view! { <JobForm job=job load=load /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn JobForm(job: Job, load: Load<Job>) -> impl IntoView {
    let form = Form::new();
    let priority = RwSignal::new(job.priority.to_string());
    let title = RwSignal::new(job.title.clone());
    let description = RwSignal::new(job.description.clone().unwrap_or_default());
    let address = RwSignal::new(job.address.clone());
    let start = RwSignal::new(format::to_datetime_input(job.scheduled_start));
    let end = RwSignal::new(format::to_datetime_input(job.scheduled_end));
    let id = job.id;
    let heading = (job.number.clone(), job.customer_name.clone());
    let read = move || {
        let update = JobUpdate {
            priority: priority.get_untracked().parse().unwrap_or(job.priority),
            title: title.get_untracked(),
            description: optional_text(description),
            address: address.get_untracked(),
            latitude: job.latitude,
            longitude: job.longitude,
            scheduled_start: format::parse_datetime_input(&start.get_untracked()),
            scheduled_end: format::parse_datetime_input(&end.get_untracked()),
        };
        let schedule = update.parse()?.schedule;
        // An appointment that stays as it is may be over.
        if schedule.start != job.scheduled_start {
            schedule.check_not_past(organisation_time::now())?;
        }
        Ok(update)
    };
    view! {
        <EditForm
            form=form
            testid="job-edit-form"
            load=load
            resource=EditedResource::Job(id)
            version_of=|job: &Job| job.version
            page=format!("/jobs/{id}")
            heading=heading
            read=read
            update=move |update, version| async move {
                api::jobs::update(id, &update, version).await
            }
        >
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
            <TextArea form=form name="description" label=tl!(jobs.description) value=description rows=4 />
        </EditForm>
    }
}
