//! Assignment of technicians to a job. The first chosen one is the lead.

use leptos::prelude::*;
use shared::TechnicianId;
use shared::job::{AssignRequest, Candidate, IneligibilityReason, Job};
use shared::live::LiveEvent;
use shared::technician::SkillKind;

use super::outcome::{reload_if_stale, show_success};
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::DialogButtons;
use crate::components::enter_key::go_to_next_field;
use crate::components::field::{FieldFault, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::icon::IconName;
use crate::components::page_states::Loaded;
use crate::core::format;
use crate::core::labels::Label;
use crate::core::load::{Load, use_load};
use crate::{tl, tr};

/// The content of the dialog.
pub fn show(load: Load<Job>, open: RwSignal<bool>) -> AnyView {
    view! { <AssignForm load=load open=open /> }.into_any()
}

/// The form that assigns technicians.
#[component]
fn AssignForm(load: Load<Job>, open: RwSignal<bool>) -> impl IntoView {
    let Some(job) = load.value.get_untracked() else { return ().into_any() };
    let form = Form::new();
    let (id, skill) = (job.id, job.job_type.profile().skill);
    // The version that the choice is based on: an open dialog does not follow changes by others.
    let version = RwSignal::new(job_version(load));
    let mut before: Vec<_> = job.technicians.iter().collect();
    before.sort_by_key(|technician| !technician.lead);
    let chosen: RwSignal<Vec<TechnicianId>> =
        RwSignal::new(before.iter().map(|technician| technician.technician_id).collect());
    let reason = RwSignal::new(String::new());
    let search = RwSignal::new(String::new());
    let candidates = use_load(
        move || api::jobs::candidates(id),
        |event| matches!(event, LiveEvent::TechnicianUpdated(_)),
    );
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
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
                <div
                    class="alert alert-warning alert-soft flex flex-wrap justify-between"
                    role="status"
                    data-testid="assign-outdated"
                >
                    <p class="min-w-0 grow basis-56">
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
                <input
                    type="search"
                    class="input input-sm mb-2 w-full"
                    placeholder=tl!(jobs.assign.search)
                    aria-label=tl!(jobs.assign.search)
                    prop:value=move || search.get()
                    on:input=move |event| search.set(event_target_value(&event))
                    on:keydown=move |event| go_to_next_field(&event)
                    data-testid="technician-search"
                />
                <Loaded
                    data=candidates
                    view=move |page| {
                        view! {
                            <CandidateList
                                candidates=page.items
                                skill=skill
                                search=search
                                chosen=chosen
                                form=form
                            />
                        }
                            .into_any()
                    }
                />
                <FieldFault form=form name="technician_ids" />
            </div>
            <TextField form=form name="reason" label=tl!(jobs.assign.note) value=reason />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(jobs.assign.submit) />
            </DialogButtons>
        </form>
    }
    .into_any()
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

/// The technicians as the server ranks them; those who are on the job already come first.
#[component]
fn CandidateList(
    candidates: Vec<Candidate>,
    /// The skill that the job requires.
    skill: SkillKind,
    search: RwSignal<String>,
    chosen: RwSignal<Vec<TechnicianId>>,
    form: Form,
) -> impl IntoView {
    let mut candidates = candidates;
    candidates.retain(|one| !one.reasons.contains(&IneligibilityReason::Inactive));
    candidates.sort_by_key(|one| !one.reasons.contains(&IneligibilityReason::OnJob));
    let best = candidates.iter().find(|one| one.eligible && one.skill_level > 0);
    let best = best.map(|one| one.technician_id);
    let candidates = StoredValue::new(candidates);
    let shown = move || {
        let wanted = search.with(|text| text.trim().to_lowercase());
        let matches = |one: &&Candidate| one.name.to_lowercase().contains(&wanted);
        candidates.with_value(|all| all.iter().filter(matches).cloned().collect::<Vec<_>>())
    };
    view! {
        <ul class="max-h-80 divide-y divide-base-300 overflow-y-auto rounded-field border border-base-300">
            <For
                each=shown
                key=|one| one.technician_id
                children=move |candidate| {
                    let recommended = best == Some(candidate.technician_id);
                    view! {
                        <CandidateOption
                            candidate=candidate
                            skill=skill
                            recommended=recommended
                            chosen=chosen
                            form=form
                        />
                    }
                }
            />
            <Show when=move || shown().is_empty()>
                <li class="px-3 py-2 text-muted">{tl!(jobs.assign.no_match)}</li>
            </Show>
        </ul>
    }
}

#[component]
fn CandidateOption(
    candidate: Candidate,
    skill: SkillKind,
    recommended: bool,
    chosen: RwSignal<Vec<TechnicianId>>,
    form: Form,
) -> impl IntoView {
    let id = candidate.technician_id;
    let off_duty = candidate.reasons.contains(&IneligibilityReason::OffDuty);
    let skilled = candidate.skill_level > 0;
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
    let (name, username) = (candidate.name.clone(), candidate.username.clone());
    let reason = move || reason_line(&candidate, skill);
    view! {
        <li>
            <label class="flex cursor-pointer items-center gap-3 px-3 py-2 hover:bg-base-200">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary"
                    prop:checked=is_chosen
                    on:change=toggle
                    data-testid="technician-choice"
                    data-username=username
                    data-recommended=recommended.to_string()
                    data-skilled=skilled.to_string()
                />
                <span class="min-w-0 grow">
                    <span class="flex flex-wrap items-center justify-between gap-x-3">
                        <span class="truncate" class=("font-medium", skilled) class=("text-muted", !skilled)>
                            {name}
                        </span>
                        <span class="flex gap-1">
                            {recommended
                                .then(|| {
                                    view! {
                                        <Badge
                                            tone=Tone::Success
                                            icon=IconName::Check
                                            text=tl!(jobs.assign.recommended)
                                        />
                                    }
                                })}
                            <Show when=leads>
                                <Badge tone=Tone::Accent icon=IconName::Person text=tl!(jobs.lead) />
                            </Show>
                            <Show when=move || off_duty>
                                <Badge tone=Tone::Neutral icon=IconName::Moon text=tl!(jobs.assign.off_duty) />
                            </Show>
                        </span>
                    </span>
                    <span class="block text-sm text-muted">{reason}</span>
                </span>
            </label>
        </li>
    }
}

/// Why somebody stands where they stand: `3,2 km · Perbaikan 4 · 1 pekerjaan`.
fn reason_line(candidate: &Candidate, skill: SkillKind) -> String {
    let distance = candidate.distance_km.map_or_else(
        || tr!(jobs.assign.place_unknown).to_owned(),
        |km| format!("{} km", format::decimal((km * 10.0).round() / 10.0)),
    );
    let skill = skill.label();
    let skill = match candidate.skill_level {
        0 => tr!(jobs.assign.without_skill, skill = skill).to_string(),
        level => format!("{skill} {level}"),
    };
    let load = tr!(jobs.assign.load, count = format::number(candidate.open_jobs)).to_string();
    [distance, skill, load].join(" · ")
}
