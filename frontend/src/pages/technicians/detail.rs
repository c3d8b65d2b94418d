//! Page of a technician.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use shared::job::{JobQuery, JobSort};
use shared::job_state_machine::JobStatus;
use shared::live::LiveEvent;
use shared::technician::{Technician, TechnicianUpdate};
use shared::{CommaList, Permission, TechnicianId};

use super::bag::Bag;
use super::duty_status::{DutyBadge, update_from};
use super::skills::SkillList;
use crate::api::identity::IdentityHolder;
use crate::components::back_link::BackLink;
use crate::components::badge::{Badge, Tone};
use crate::components::contact::{AddressLink, PhoneLink};
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::dialog::ConfirmDialog;
use crate::components::icon::{Icon, IconName};
use crate::components::identity_photo::IdentityPhotoCard;
use crate::components::job_table::JobTable;
use crate::components::page::{Card, use_title};
use crate::components::page_states::{EmptyState, Loaded, NotFound};
use crate::components::time::RelativeTime;
use crate::core::error_text::ErrorText;
use crate::core::load::{Load, use_load};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page of the technician in the address.
#[component]
pub fn TechnicianPage() -> impl IntoView {
    let params = use_params_map();
    let page = move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <TechnicianDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    page.into_any()
}

/// Returns whether a job of this technician changed, or was taken away.
fn is_about_technician(event: &LiveEvent, id: TechnicianId) -> bool {
    match event {
        LiveEvent::JobCreated(job) | LiveEvent::JobUpdated(job) => {
            job.technician_ids.contains(&id) || job.left_technician_ids.contains(&id)
        }
        _ => false,
    }
}

#[component]
fn TechnicianDetails(id: TechnicianId) -> impl IntoView {
    let load = use_load(
        move || api::technicians::get(id),
        move |event| {
            is_about_technician(event, id)
                || matches!(event, LiveEvent::TechnicianUpdated(one) if one.id == id)
        },
    );
    use_title(move || {
        load.value.with(|one| one.as_ref().map(|one| one.name.clone()).unwrap_or_default())
    });
    let has_photo = Memo::new(move |_| {
        load.value.with(|one| one.as_ref().is_some_and(|one| one.identity_photo))
    });
    let unlinking = RwSignal::new(false);
    let unlink = move || async move {
        let Some(one) = load.value.get_untracked() else { return Ok(()) };
        api::telegram::unlink_user(one.user_id, None).await?;
        load.reload();
        Ok(())
    };
    let name =
        move || load.value.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default();
    view! {
        <BackLink href="/technicians" label=tl!(technicians.title) />
        <Loaded data=load view=move |one| header(&one, load).into_any() skeleton_rows=2 />
        <Show when=move || load.value.with(Option::is_some)>
            <div class="grid items-start gap-4 lg:grid-cols-5">
                <div class="flex min-w-0 flex-col gap-4 lg:col-span-2">
                    <Card title=tl!(technicians.facts)>
                        <Loaded data=load view=move |one| details(one, unlinking).into_any() />
                    </Card>
                    <Card title=tl!(technicians.skills)>
                        <Loaded data=load view=|one| skills(one).into_any() skeleton_rows=3 />
                    </Card>
                    <Show when=|| session::can(Permission::TechniciansManage)>
                        <Card title=tl!(identity.title)>
                            <IdentityPhotoCard
                                holder=IdentityHolder::Technician(id)
                                has_photo=has_photo
                                may_view=Signal::stored(true)
                                may_change=Signal::stored(true)
                                on_change=move |()| load.reload()
                            />
                        </Card>
                    </Show>
                </div>
                <div class="flex min-w-0 flex-col gap-4 lg:col-span-3">
                    <Card title=tl!(technicians.own_jobs)>
                        <OpenJobs id=id />
                    </Card>
                    <Show when=|| session::can(Permission::InventoryRead)>
                        <Bag technician=id />
                    </Show>
                </div>
            </div>
        </Show>
        <ConfirmDialog
            open=unlinking
            title=tl!(users.unlink.title)
            text=move || tr!(users.unlink.sure, name = name()).to_string()
            confirm=tl!(users.unlink.title)
            request=unlink
            on_done=move |()| toast::success(tr!(users.unlink.done))
            danger=true
        />
    }
}

fn header(technician: &Technician, load: Load<Technician>) -> impl IntoView + use<> {
    let edit = format!("/technicians/{}/edit", technician.id);
    let technician = technician.clone();
    let known = StoredValue::new(technician.clone());
    let busy = RwSignal::new(false);
    let switch = move |_| {
        let one = known.get_value();
        send_update(
            one.id,
            one.version,
            TechnicianUpdate { on_duty: !one.on_duty, ..update_from(&one) },
            load,
            busy,
        );
    };
    let active = technician.active;
    let (icon, label) = if technician.on_duty {
        (IconName::Pause, tl!(technicians.end_duty) as fn() -> &'static str)
    } else {
        (IconName::Check, tl!(technicians.start_duty) as fn() -> &'static str)
    };
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <div class="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-1">
                <h1 class="text-xl font-semibold" data-testid="technician-name">
                    {technician.name.clone()}
                </h1>
                <span data-testid="duty">
                    <DutyBadge on_duty=technician.on_duty active=technician.active />
                </span>
            </div>
            <Show when=|| session::can(Permission::TechniciansManage)>
                <Show when=move || active>
                    <button
                        type="button"
                        class="btn btn-sm"
                        disabled=move || busy.get()
                        on:click=switch
                        data-testid="switch-duty"
                    >
                        <Icon name=icon />
                        {label}
                    </button>
                </Show>
                <a href=edit.clone() class="btn btn-sm" data-testid="edit-technician">
                    <Icon name=IconName::Edit />
                    {tl!(common.edit)}
                </a>
            </Show>
        </div>
    }
}

fn send_update(
    id: TechnicianId,
    version: i64,
    update: TechnicianUpdate,
    load: Load<Technician>,
    busy: RwSignal<bool>,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        let answer = api::technicians::update(id, &update, version).await;
        busy.try_set(false);
        match answer {
            Ok(technician) => load.set(technician),
            Err(error) => {
                let stale = error.is_stale();
                toast::error(if stale {
                    tr!(common.error.changed_elsewhere).to_owned()
                } else {
                    error.message()
                });
                if stale {
                    load.reload();
                }
            }
        }
    });
}

fn details(technician: Technician, unlinking: RwSignal<bool>) -> impl IntoView {
    let place = |latitude: Option<f64>, longitude: Option<f64>| match latitude.zip(longitude) {
        Some((latitude, longitude)) => view! {
            <AddressLink
                address=format!("{latitude}, {longitude}")
                latitude=Some(latitude)
                longitude=Some(longitude)
            />
        }
        .into_any(),
        None => view! { <span class="text-muted">{tl!(common.none)}</span> }.into_any(),
    };
    let telegram = if technician.telegram_blocked {
        view! { <Badge tone=Tone::Error icon=IconName::Alert text=tl!(technicians.telegram_blocked) /> }
    } else if technician.telegram_linked {
        view! { <Badge tone=Tone::Success icon=IconName::Check text=tl!(technicians.linked) /> }
    } else {
        view! { <Badge tone=Tone::Neutral icon=IconName::Circle text=tl!(technicians.not_linked) /> }
    };
    let may_unlink = technician.telegram_linked && session::can(Permission::UsersManage);
    let unlink = may_unlink.then(|| {
        view! {
            <button
                type="button"
                class="btn btn-ghost btn-xs"
                on:click=move |_| unlinking.set(true)
                data-testid="unlink-telegram"
            >
                {tl!(technicians.unlink)}
            </button>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=tl!(technicians.phone)>
                <PhoneLink phone=technician.phone.clone() />
            </DescriptionItem>
            <DescriptionItem label=tl!(technicians.username)>{technician.username.clone()}</DescriptionItem>
            <DescriptionItem label=tl!(technicians.open_jobs) testid="open-jobs">
                {technician.open_jobs.to_string()}
            </DescriptionItem>
            <DescriptionItem label=tl!(technicians.telegram)>
                <span class="inline-flex flex-wrap items-center gap-2">{telegram} {unlink}</span>
            </DescriptionItem>
            <DescriptionItem label=tl!(technicians.base)>
                {place(technician.base_latitude, technician.base_longitude)}
            </DescriptionItem>
            <DescriptionItem label=tl!(technicians.last_place)>
                {place(technician.last_latitude, technician.last_longitude)}
                {technician
                    .last_seen_at
                    .map(|at| {
                        view! {
                            <div class="text-sm text-muted">
                                <RelativeTime at=at />
                            </div>
                        }
                    })}
            </DescriptionItem>
        </DescriptionList>
    }
}

fn skills(technician: Technician) -> impl IntoView {
    if technician.skills.is_empty() {
        view! { <p class="p-4 text-muted">{tl!(technicians.no_skills)}</p> }.into_any()
    } else {
        view! {
            <div class="px-4 py-2">
                <SkillList skills=technician.skills />
            </div>
        }
        .into_any()
    }
}

#[component]
fn OpenJobs(id: TechnicianId) -> impl IntoView {
    let load = use_load(
        move || async move {
            let unfinished = JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished());
            let query = JobQuery {
                technician_id: Some(id),
                status: Some(CommaList(unfinished.collect())),
                sort: Some(JobSort::DueFirst),
                ..Default::default()
            };
            api::jobs::list(&query).await
        },
        move |event| is_about_technician(event, id),
    );
    let all = format!("/jobs?technician_id={id}");
    view! {
        <Loaded
            data=load
            view=|page| {
                if page.items.is_empty() {
                    view! {
                        <EmptyState
                            title=tl!(technicians.no_jobs)
                            hint=tl!(technicians.no_jobs_hint)
                        />
                    }
                        .into_any()
                } else {
                    view! { <JobTable jobs=page.items /> }.into_any()
                }
            }
            skeleton_rows=3
        />
        <p class="border-t border-base-300 px-4 py-2">
            <a href=all class="link link-primary">
                {tl!(technicians.all_jobs)}
            </a>
        </p>
    }
}
