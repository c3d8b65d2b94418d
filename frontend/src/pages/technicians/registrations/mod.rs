//! Pending applications of technicians.

mod decision;

use leptos::prelude::*;
use shared::Permission;
use shared::live::LiveEvent;
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianRegistration;

use self::decision::{DecisionButtons, DecisionDialogs, DecisionState};
use crate::api;
use crate::components::contact::{PhoneLink, map_url};
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::page::Card;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::load::use_load;
use crate::core::{format, session};
use crate::{tl, tr};

/// Number of applications that are shown; more follow when these are decided.
const MAX_SHOWN: i64 = 20;

/// The pending applications, for those who may decide. Nothing is shown while there are none.
#[component]
pub fn Registrations() -> impl IntoView {
    session::can(Permission::TechniciansManage).then(|| view! { <PendingRegistrations /> })
}

#[component]
fn PendingRegistrations() -> impl IntoView {
    let load = use_load(
        || api::technician_registrations::list_pending(MAX_SHOWN),
        |event| matches!(event, LiveEvent::TechnicianRegistered(_)),
    );
    let pending = move || {
        load.value.with(|page| page.as_ref().map(|page| page.items.clone())).unwrap_or_default()
    };
    let total = move || {
        load.value.with(|page| page.as_ref().and_then(|page| page.total)).unwrap_or_default()
    };
    let title =
        move || tr!(technicians.registrations.title, count = format::number(total())).to_string();
    let is_any = move || total() > 0;
    let decision = DecisionState::new();
    let changed = Callback::new(move |()| load.reload());
    view! {
        <Show when=is_any>
            <Card title=title class="mb-4">
                <ul class="divide-y divide-base-300" data-testid="registrations">
                    <For
                        each=pending
                        key=|one| (one.id, one.version)
                        children=move |one| view! { <Applicant one=one decision=decision /> }
                    />
                </ul>
            </Card>
        </Show>
        <DecisionDialogs decision=decision on_decided=changed />
    }
}

#[component]
fn Applicant(one: TechnicianRegistration, decision: DecisionState) -> impl IntoView {
    let (name, since) = (one.name.clone(), one.created_at);
    let (phone, telegram_name) = (one.phone.clone(), one.telegram_name.clone());
    let (area, skills) = (area(&one), skills(one.skills.clone()));
    let testid = format!("registration-{}", one.id);
    view! {
        <li class="flex flex-col gap-3 p-4 lg:flex-row lg:items-start" data-testid=testid>
            <div class="min-w-0 grow">
                <div class="flex flex-wrap items-baseline gap-x-2">
                    <span class="font-semibold">{name}</span>
                    <span class="text-sm text-muted">
                        <RelativeTime at=since />
                    </span>
                </div>
                <DescriptionList>
                    <DescriptionItem label=tl!(technicians.phone)>
                        <PhoneLink phone=phone />
                    </DescriptionItem>
                    <DescriptionItem label=tl!(technicians.registrations.area)>{area}</DescriptionItem>
                    <DescriptionItem label=tl!(technicians.skills)>{skills}</DescriptionItem>
                    <DescriptionItem label=tl!(technicians.registrations.telegram_name)>
                        {telegram_name}
                    </DescriptionItem>
                </DescriptionList>
            </div>
            <DecisionButtons one=one decision=decision />
        </li>
    }
}

fn skills(skills: Vec<SkillKind>) -> impl IntoView {
    move || {
        let labels: Vec<_> = skills.iter().map(|skill| skill.label()).collect();
        if labels.is_empty() { tr!(common.none).to_owned() } else { labels.join(", ") }
    }
}

/// The area that the applicant chose, and the location on the map.
fn area(one: &TechnicianRegistration) -> impl IntoView + use<> {
    let place = one.latitude.zip(one.longitude);
    let named = one.area.clone();
    let map = place.map(|place| {
        view! {
            <a
                href=map_url("", Some(place))
                target="_blank"
                rel="noopener noreferrer"
                class="link link-hover"
            >
                {tl!(technicians.registrations.on_map)}
            </a>
        }
    });
    let nothing = (named.is_none() && map.is_none())
        .then(|| view! { <span class="text-muted">{tl!(common.none)}</span> });
    view! {
        <span class="flex flex-wrap gap-x-2">
            {named.map(|name| view! { <span>{name}</span> })}
            {map}
            {nothing}
        </span>
    }
}
