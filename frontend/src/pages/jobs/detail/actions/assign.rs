//! Assignment of technicians to a job. The first chosen one is the lead.

use leptos::prelude::*;
use shared::TechnicianId;
use shared::job::{AssignRequest, Job};
use shared::live::LiveEvent;
use shared::pagination::MAX_LIMIT;
use shared::technician::{Technician, TechnicianQuery};

use super::outcome::{reload_if_stale, show_success};
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::DialogButtons;
use crate::components::field::{FieldFault, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::icon::IconName;
use crate::components::page_states::Loaded;
use crate::core::format;
use crate::core::labels::Label;
use crate::core::load::{Load, use_load};
use crate::{tl, tr};

/// The form that assigns technicians.
#[component]
pub fn AssignForm(load: Load<Job>, open: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let assigned = load
        .value
        .with_untracked(|job| job.as_ref().map(|job| job.technicians.clone()).unwrap_or_default());
    // The version that the choice is based on: an open dialog does not follow changes by others.
    let version = RwSignal::new(job_version(load));
    let mut before: Vec<_> = assigned.iter().collect();
    before.sort_by_key(|technician| !technician.lead);
    let chosen: RwSignal<Vec<TechnicianId>> =
        RwSignal::new(before.iter().map(|technician| technician.technician_id).collect());
    let reason = RwSignal::new(String::new());
    let technicians = use_load(
        || async {
            let query = TechnicianQuery {
                active: Some(true),
                limit: Some(MAX_LIMIT),
                ..Default::default()
            };
            api::technicians::list(&query).await
        },
        |event| matches!(event, LiveEvent::TechnicianUpdated(_)),
    );
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(id) = load.value.with_untracked(|job| job.as_ref().map(|job| job.id)) else {
            return;
        };
        let reason = Some(reason.get_untracked()).filter(|text| !text.trim().is_empty());
        let request =
            AssignRequest { reason, ..AssignRequest::for_technicians(chosen.get_untracked()) };
        let Some(request) = form.check(request.parse()) else { return };
        form.send_or_else(
            async move { api::jobs::assign(id, version.get_untracked(), &request).await },
            move |job| {
                open.set(false);
                show_success(load, job);
            },
            move |error| reload_if_stale(load, error),
        );
    };
    let outdated =
        move || load.value.with(|job| job.as_ref().map(|job| job.version)) != Some(version.get());
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate>
            <FormError form=form />
            <Show when=outdated>
                <div class="alert alert-warning alert-soft items-start" role="status" data-testid="assign-outdated">
                    <p class="grow">
                        {move || {
                            let now = load.value.with(|job| job.as_ref().map(current_crew));
                            tr!(jobs.assign.outdated, crew = now.unwrap_or_default()).to_string()
                        }}
                    </p>
                    <button
                        type="button"
                        class="btn btn-sm"
                        on:click=move |_| version.set(job_version(load))
                        data-testid="assign-anyway"
                    >
                        {tl!(jobs.assign.anyway)}
                    </button>
                </div>
            </Show>
            <div>
                <p class="mb-1 text-sm text-muted">{tl!(jobs.assign.hint)}</p>
                <Loaded
                    data=technicians
                    view=move |page| technician_list(page.items, chosen, form).into_any()
                />
                <FieldFault form=form name="technician_ids" />
            </div>
            <TextField form=form name="reason" label=tl!(jobs.assign.note) value=reason />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(jobs.assign.submit) />
            </DialogButtons>
        </form>
    }
}

fn job_version(load: Load<Job>) -> i64 {
    load.value.with_untracked(|job| job.as_ref().map_or(0, |job| job.version))
}

/// Status and technicians of a job, as others see them now.
fn current_crew(job: &Job) -> String {
    let names: Vec<&str> = job.technicians.iter().map(|one| one.name.as_str()).collect();
    if names.is_empty() {
        job.status.label().to_owned()
    } else {
        format!("{} · {}", job.status.label(), names.join(", "))
    }
}

/// Lists technicians on duty first, then those with the fewest jobs.
fn technician_list(
    mut technicians: Vec<Technician>,
    chosen: RwSignal<Vec<TechnicianId>>,
    form: Form,
) -> impl IntoView {
    technicians.sort_by(|a, b| {
        (!a.on_duty, a.open_jobs, &a.name).cmp(&(!b.on_duty, b.open_jobs, &b.name))
    });
    let rows = technicians
        .into_iter()
        .map(|technician| view! { <TechnicianOption technician=technician chosen=chosen form=form /> })
        .collect_view();
    view! {
        <ul class="max-h-72 divide-y divide-base-300 overflow-y-auto rounded-field border border-base-300">
            {rows}
        </ul>
    }
}

#[component]
fn TechnicianOption(
    technician: Technician,
    chosen: RwSignal<Vec<TechnicianId>>,
    form: Form,
) -> impl IntoView {
    let id = technician.id;
    let is_chosen = move || chosen.with(|chosen| chosen.contains(&id));
    let leads = move || chosen.with(|chosen| chosen.first() == Some(&id));
    let toggle = move |_| {
        form.clear_fault("technician_ids");
        chosen.update(|chosen| match chosen.iter().position(|other| *other == id) {
            Some(index) => {
                chosen.remove(index);
            }
            None => chosen.push(id),
        });
    };
    let skills = technician.skills.clone();
    let about = move || {
        let jobs = tr!(jobs.assign.load, count = format::number(technician.open_jobs)).to_string();
        let skills = skills.iter().map(|one| format!("{} {}", one.skill.label(), one.level));
        std::iter::once(jobs).chain(skills).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <li>
            <label class="flex cursor-pointer items-center gap-3 px-3 py-2 hover:bg-base-200">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary"
                    prop:checked=is_chosen
                    on:change=toggle
                    data-testid="technician-choice"
                    data-username=technician.username
                />
                <span class="min-w-0 grow">
                    <span class="block truncate font-medium">{technician.name}</span>
                    <span class="block truncate text-sm text-muted">{about}</span>
                </span>
                <Show when=leads>
                    <Badge tone=Tone::Accent icon=IconName::Person text=tl!(jobs.lead) />
                </Show>
                <Show when=move || !technician.on_duty>
                    <Badge tone=Tone::Neutral icon=IconName::Moon text=tl!(jobs.assign.off_duty) />
                </Show>
            </label>
        </li>
    }
}
