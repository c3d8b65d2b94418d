//! Details of a job: customer, schedule, technicians and result.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::Permission;
use shared::job::Job;

use crate::components::badge::{Badge, Tone};
use crate::components::contact::{AddressLink, PhoneLink};
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::{clock, format, session};
use crate::{tl, tr};

/// The details, and the result once there is one.
#[component]
pub fn JobFacts(job: Job) -> impl IntoView {
    let outcome = job.clone();
    let has_outcome =
        job.report.is_some() || job.ont_serial_number.is_some() || job.attenuation_dbm.is_some();
    view! {
        <Card title=tl!(jobs.facts)>
            <DescriptionList stacked=true>{rows(job)}</DescriptionList>
        </Card>
        {has_outcome
            .then(|| {
                view! {
                    <Card title=tl!(jobs.outcome)>
                        <DescriptionList stacked=true>{result(outcome)}</DescriptionList>
                    </Card>
                }
            })}
    }
}

fn rows(job: Job) -> impl IntoView {
    let place = (job.latitude, job.longitude);
    let (address, description) = (job.address.clone(), job.description.clone());
    let customer = format!("/customers/{}", job.customer_id);
    let (name, number) = (job.customer_name.clone(), job.customer_number.clone());
    let phone = job.customer_phone.clone();
    let missed = job.clone();
    let late = move || {
        missed.missed_by(clock::now()).map(|late| {
            let text = tr!(jobs.due.late, span = format::duration(late)).to_string();
            view! {
                <p class="inline-flex items-center gap-1 text-error" data-testid="appointment-missed">
                    <Icon name=IconName::Alert class="size-3.5 shrink-0" />
                    {text}
                </p>
            }
        })
    };
    let (start, end, due_at, created_at) =
        (job.scheduled_start, job.scheduled_end, job.due_at, job.created_at);
    view! {
        <DescriptionItem label=tl!(jobs.customer)>
            {if session::can(Permission::CustomersRead) {
                view! {
                    <a href=customer class="link link-primary link-hover font-medium">
                        {name}
                    </a>
                }
                    .into_any()
            } else {
                view! { <span class="font-medium">{name}</span> }.into_any()
            }}
            <span class="text-muted">" · " {number}</span>
        </DescriptionItem>
        {phone
            .map(|phone| {
                view! {
                    <DescriptionItem label=tl!(jobs.phone)>
                        <PhoneLink phone=phone />
                    </DescriptionItem>
                }
            })}
        <DescriptionItem label=tl!(jobs.address) wide=true>
            <AddressLink address=address latitude=place.0 longitude=place.1 />
        </DescriptionItem>
        {description
            .map(|text| {
                view! {
                    <DescriptionItem label=tl!(jobs.description) wide=true>
                        <p class="whitespace-pre-line">{text}</p>
                    </DescriptionItem>
                }
            })}
        <DescriptionItem label=tl!(jobs.schedule)>
            {move || schedule(start, end)}
            {late}
        </DescriptionItem>
        <DescriptionItem label=tl!(jobs.due.title)>{move || format::exact(due_at)}</DescriptionItem>
        <DescriptionItem label=tl!(jobs.technicians)>
            <TechnicianList job=job />
        </DescriptionItem>
        <DescriptionItem label=tl!(jobs.created)>
            <RelativeTime at=created_at />
        </DescriptionItem>
    }
}

fn schedule(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> String {
    match (start, end) {
        (Some(start), Some(end)) => format!("{} – {}", format::exact(start), format::exact(end)),
        (Some(start), None) => format::exact(start),
        _ => tr!(jobs.unscheduled).to_owned(),
    }
}

#[component]
fn TechnicianList(job: Job) -> impl IntoView {
    if job.technicians.is_empty() {
        return view! { <span class="text-muted">{tl!(jobs.nobody)}</span> }.into_any();
    }
    let links = session::can(Permission::TechniciansRead);
    let one = move |technician: shared::job::JobTechnician| {
        let name = technician.name.clone();
        view! {
            <li class="flex items-center gap-2">
                {if links {
                    let page = format!("/technicians/{}", technician.technician_id);
                    view! {
                        <a href=page class="link link-hover">
                            {name}
                        </a>
                    }
                        .into_any()
                } else {
                    name.into_any()
                }}
                {technician
                    .lead
                    .then(|| {
                        view! { <Badge tone=Tone::Neutral icon=IconName::Person text=tl!(jobs.lead) /> }
                    })}
            </li>
        }
    };
    view! {
        <ul data-testid="job-technicians">{job.technicians.into_iter().map(one).collect_view()}</ul>
    }
    .into_any()
}

fn result(job: Job) -> impl IntoView {
    view! {
        {job
            .report
            .map(|text| {
                view! {
                    <DescriptionItem label=tl!(jobs.report) wide=true>
                        <p class="whitespace-pre-line">{text}</p>
                    </DescriptionItem>
                }
            })}
        {job
            .ont_serial_number
            .map(|serial| {
                view! {
                    <DescriptionItem label=tl!(jobs.ont)>
                        <span class="font-mono">{serial}</span>
                    </DescriptionItem>
                }
            })}
        {job
            .returned_device
            .map(|device| {
                view! {
                    <DescriptionItem label=tl!(jobs.returned)>
                        <span class="font-mono" data-testid="returned-device">{device.serial_number}</span>
                        " · "
                        {move || device.condition.label()}
                    </DescriptionItem>
                }
            })}
        {job
            .attenuation_dbm
            .map(|value| {
                view! {
                    <DescriptionItem label=tl!(jobs.attenuation)>
                        {move || format!("{} dBm", format::decimal(value))}
                    </DescriptionItem>
                }
            })}
        {job
            .completed_at
            .map(|at| {
                view! {
                    <DescriptionItem label=tl!(jobs.completed_at)>
                        <RelativeTime at=at />
                    </DescriptionItem>
                }
            })}
    }
}
