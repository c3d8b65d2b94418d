//! List of jobs.

use leptos::prelude::*;
use shared::job::{AppointmentDay, Job, JobPriority, JobQuery, JobSort, JobType};
use shared::job_state_machine::JobStatus;
use shared::live::LiveEvent;
use shared::{CommaList, Permission};

use crate::api;
use crate::components::appointment::Appointment;
use crate::components::badge::{JobTypeLabel, PriorityBadge, StatusBadge};
use crate::components::contact::PhoneLink;
use crate::components::due_time::DueTime;
use crate::components::icon::{Icon, IconName};
use crate::components::job_table::technician_names;
use crate::components::list_view::{Column, FilterSelect, FilterToggle, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::technician_options::technician_options;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::{format, session};
use crate::{enum_options, tl, tr};

type Jobs = List<JobQuery, Job>;

/// Every job, with search and filters.
#[component]
pub fn JobsPage() -> impl IntoView {
    let list: Jobs = use_list(
        |query: JobQuery| async move { api::jobs::list(&query).await },
        |event| matches!(event, LiveEvent::JobCreated(_) | LiveEvent::JobUpdated(_)),
    );
    view! {
        <PageHeader title=tl!(jobs.title)>
            <NewJobButton />
        </PageHeader>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <NewJobButton /> }
        />
    }
    .into_any()
}

#[component]
fn NewJobButton() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::JobsCreate)>
            <a href="/jobs/new" class="btn btn-primary btn-sm" data-testid="new-job">
                <Icon name=IconName::Plus />
                {tl!(jobs.new.title)}
            </a>
        </Show>
    }
}

fn spec() -> ListSpec<Job> {
    let columns = vec![
        Column::new(|| tr!(jobs.number), number_cell)
            .main()
            .text(|job| job.number.clone())
            .sort(JobSort::Number.as_str(), JobSort::NumberDescending.as_str()),
        Column::new(|| tr!(jobs.status), status_cell)
            .side()
            .text(|job| job.status.label().to_owned())
            .testid("job-status"),
        Column::new(|| tr!(jobs.customer), customer_cell)
            .block()
            .text(|job| job.customer_name.clone()),
        Column::new(|| tr!(jobs.address), |_| ().into_any())
            .export_only()
            .text(|job| job.address.clone()),
        Column::new(
            || tr!(jobs.phone),
            |job: &Job| {
                job.customer_phone
                    .clone()
                    .map(|phone| view! { <PhoneLink phone=phone /> })
                    .into_any()
            },
        )
        .text(|job| job.customer_phone.clone().unwrap_or_default()),
        Column::new(|| tr!(jobs.job_type), |_| ().into_any())
            .export_only()
            .text(|job| job.job_type.label().to_owned()),
        Column::new(|| tr!(jobs.priority), |_| ().into_any())
            .export_only()
            .text(|job| job.priority.label().to_owned()),
        Column::new(|| tr!(jobs.technicians), technicians_cell).text(technician_names),
        Column::new(
            || tr!(jobs.due.title),
            |job: &Job| view! { <DueTime job=job.clone() /> }.into_any(),
        )
        .text(|job| format::for_spreadsheet(job.due_at))
        .sort(JobSort::DueFirst.as_str(), JobSort::DueLast.as_str()),
        Column::new(|| tr!(jobs.schedule), appointment_cell)
            .text(|job| job.scheduled_start.map(format::for_spreadsheet).unwrap_or_default()),
        Column::new(
            || tr!(jobs.created),
            |job: &Job| view! { <RelativeTime at=job.created_at /> }.into_any(),
        )
        .wide_only()
        .text(|job| format::for_spreadsheet(job.created_at))
        .sort(JobSort::OldestFirst.as_str(), JobSort::NewestFirst.as_str()),
    ];
    ListSpec {
        columns,
        key: |job| (job.id.0, job.version),
        href: Some(|job| format!("/jobs/{}", job.id)),
        name: "job",
        caption: || tr!(jobs.title),
        search_hint: Some(|| tr!(jobs.search)),
        empty_hint: || tr!(jobs.empty),
    }
}

/// Status, and the priority unless it is normal.
fn status_cell(job: &Job) -> AnyView {
    let stands_out = job.priority != JobPriority::Normal;
    view! {
        <div class="flex flex-wrap items-center gap-1 max-md:justify-end">
            <StatusBadge status=job.status />
            {stands_out.then(|| view! { <PriorityBadge priority=job.priority /> })}
        </div>
    }
    .into_any()
}

fn number_cell(job: &Job) -> AnyView {
    view! {
        <div>
            <div>{job.number.clone()}</div>
            <div class="text-sm font-normal text-muted">
                <JobTypeLabel job_type=job.job_type />
            </div>
        </div>
    }
    .into_any()
}

fn technicians_cell(job: &Job) -> AnyView {
    let names = technician_names(job);
    let title = names.clone();
    view! {
        <div class="max-w-36 truncate" title=title>
            {names}
        </div>
    }
    .into_any()
}

/// Empty without an appointment, so that the card of a phone leaves the line out.
fn appointment_cell(job: &Job) -> AnyView {
    if job.scheduled_start.is_none() {
        return ().into_any();
    }
    view! { <Appointment job=job.clone() /> }.into_any()
}

fn customer_cell(job: &Job) -> AnyView {
    view! {
        <div class="min-w-0 max-w-64 max-md:max-w-none">
            <div class="truncate font-medium">{job.customer_name.clone()}</div>
            <div class="truncate text-sm text-muted" title=job.address.clone()>
                {job.address.clone()}
            </div>
        </div>
    }
    .into_any()
}

fn filters(list: Jobs) -> impl IntoView {
    let first = |text: Option<String>| text.unwrap_or_default();
    let status = Signal::derive(move || {
        list.query.with(|query| first(query.status.as_ref().map(|list| join_values(&list.0))))
    });
    let kind = Signal::derive(move || {
        list.query.with(|query| first(query.job_type.map(|kind| kind.to_string())))
    });
    let priority = Signal::derive(move || {
        list.query.with(|query| first(query.priority.as_ref().map(|list| join_values(&list.0))))
    });
    let technician = Signal::derive(move || {
        list.query.with(|query| first(query.technician_id.map(|id| id.to_string())))
    });
    let appointment = Signal::derive(move || {
        list.query.with(|query| first(query.appointment.map(|day| day.to_string())))
    });
    let overdue = Signal::derive(move || list.query.with(|query| query.overdue == Some(true)));
    let due_soon = Signal::derive(move || list.query.with(|query| query.due_soon == Some(true)));
    view! {
        <FilterSelect
            label=tl!(jobs.status)
            name="status"
            value=status
            options=status_options()
            on_change=move |text: String| list.change(|query| query.status = split_values(&text))
        />
        <FilterSelect
            label=tl!(jobs.job_type)
            name="type"
            value=kind
            options=enum_options!(JobType)
            on_change=move |text: String| list.change(|query| query.job_type = text.parse().ok())
        />
        <FilterSelect
            label=tl!(jobs.priority)
            name="priority"
            value=priority
            options=enum_options!(JobPriority)
            on_change=move |text: String| list.change(|query| query.priority = split_values(&text))
        />
        <FilterSelect
            label=tl!(jobs.schedule)
            name="appointment"
            value=appointment
            options=enum_options!(AppointmentDay)
            on_change=move |text: String| list.change(|query| query.appointment = text.parse().ok())
        />
        <Show when=|| session::can(Permission::TechniciansRead)>
            <FilterSelect
                label=tl!(jobs.technician)
                name="technician"
                value=technician
                options=technician_options()
                on_change=move |text: String| {
                    list.change(|query| query.technician_id = text.parse().ok())
                }
            />
        </Show>
        <FilterToggle
            label=tl!(jobs.due.overdue)
            name="overdue"
            value=overdue
            on_change=move |on: bool| list.change(|query| query.overdue = on.then_some(true))
        />
        <FilterToggle
            label=tl!(jobs.due.soon)
            name="due_soon"
            value=due_soon
            on_change=move |on: bool| list.change(|query| query.due_soon = on.then_some(true))
        />
    }
}

fn join_values<T: ToString>(values: &[T]) -> String {
    values.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

fn split_values<T: std::str::FromStr>(text: &str) -> Option<CommaList<T>> {
    let values: Vec<T> = text.split(',').filter_map(|part| part.parse().ok()).collect();
    (!values.is_empty()).then_some(CommaList(values))
}

/// Returns every status as options of a select, and first all unfinished ones together.
fn status_options() -> Signal<Vec<(String, String)>> {
    Signal::derive(|| {
        let unfinished: Vec<JobStatus> =
            JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished()).collect();
        let all =
            JobStatus::ALL.iter().map(|status| (status.to_string(), status.label().to_owned()));
        std::iter::once((join_values(&unfinished), tr!(jobs.unfinished).to_owned()))
            .chain(all)
            .collect()
    })
}
