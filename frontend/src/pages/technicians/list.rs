//! List of technicians.

use leptos::prelude::*;
use shared::Permission;
use shared::live::LiveEvent;
use shared::technician::{Technician, TechnicianQuery, TechnicianSort};

use super::duty_status::DutyBadge;
use super::registrations::Registrations;
use super::skills::skills_text;
use crate::api;
use crate::components::contact::PhoneLink;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, FilterToggle, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::RelativeTime;
use crate::core::list::{List, use_list};
use crate::core::{format, session};
use crate::{tl, tr};

type Technicians = List<TechnicianQuery, Technician>;

/// Every technician, with search and filters.
#[component]
pub fn TechniciansPage() -> impl IntoView {
    if !session::can(Permission::TechniciansRead) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: Technicians = use_list(
        |query: TechnicianQuery| async move { api::technicians::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::TechnicianCreated(_)
                    | LiveEvent::TechnicianUpdated(_)
                    | LiveEvent::JobCreated(_)
                    | LiveEvent::JobUpdated(_)
            )
        },
    );
    view! {
        <PageHeader title=tl!(technicians.title)>
            <NewButton />
        </PageHeader>
        <Registrations />
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <NewButton /> }
        />
    }
    .into_any()
}

#[component]
fn NewButton() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::TechniciansManage)>
            <a href="/technicians/new" class="btn btn-primary btn-sm" data-testid="new-technician">
                <Icon name=IconName::Plus />
                {tl!(technicians.new)}
            </a>
        </Show>
    }
}

fn spec() -> ListSpec<Technician> {
    let columns = vec![
        Column::new(|| tr!(technicians.name), |one: &Technician| one.name.clone().into_any())
            .main()
            .text(|one| one.name.clone())
            .sort(TechnicianSort::Name.as_str(), TechnicianSort::NameDescending.as_str()),
        Column::new(
            || tr!(technicians.duty),
            |one: &Technician| {
                view! { <DutyBadge on_duty=one.on_duty active=one.active /> }.into_any()
            },
        )
        .side()
        .text(duty_label)
        .testid("duty"),
        Column::new(
            || tr!(technicians.open_jobs),
            |one: &Technician| {
                let count = one.open_jobs;
                view! { <span>{move || format::number(count)}</span> }.into_any()
            },
        )
        .number()
        .text(|one| one.open_jobs.to_string())
        .testid("open-jobs"),
        Column::new(
            || tr!(technicians.phone),
            |one: &Technician| view! { <PhoneLink phone=one.phone.clone() /> }.into_any(),
        )
        .text(|one| one.phone.clone()),
        Column::new(|| tr!(technicians.skills), |one: &Technician| skills_cell(one).into_any())
            .text(|one| skills_text(&one.skills)),
        Column::new(
            || tr!(technicians.last_seen),
            |one: &Technician| {
                one.last_seen_at.map(|at| view! { <RelativeTime at=at /> }).into_any()
            },
        )
        .wide_only()
        .text(|one| one.last_seen_at.map(|at| at.to_rfc3339()).unwrap_or_default()),
    ];
    ListSpec {
        columns,
        // The number of open jobs changes without a new version.
        key: |one| (one.id.0, one.version.wrapping_mul(10_007) + one.open_jobs),
        href: Some(|one| format!("/technicians/{}", one.id)),
        name: "technician",
        caption: || tr!(technicians.title),
        search_hint: Some(|| tr!(technicians.search)),
        empty_hint: || tr!(technicians.empty),
    }
}

fn skills_cell(one: &Technician) -> impl IntoView + use<> {
    let skills = one.skills.clone();
    view! { <span>{move || skills_text(&skills)}</span> }
}

fn duty_label(one: &Technician) -> String {
    match (one.active, one.on_duty) {
        (false, _) => tr!(technicians.inactive).to_owned(),
        (true, true) => tr!(technicians.on_duty).to_owned(),
        (true, false) => tr!(technicians.off_duty).to_owned(),
    }
}

fn filters(list: Technicians) -> impl IntoView {
    let active = Signal::derive(move || {
        list.query.with(|query| query.active.map(|active| active.to_string()).unwrap_or_default())
    });
    let on_duty = Signal::derive(move || list.query.with(|query| query.on_duty == Some(true)));
    let options = Signal::derive(|| {
        vec![
            (true.to_string(), tr!(technicians.active).to_owned()),
            (false.to_string(), tr!(technicians.inactive).to_owned()),
        ]
    });
    view! {
        <FilterSelect
            label=tl!(technicians.state)
            name="active"
            value=active
            options=options
            on_change=move |text: String| list.change(|query| query.active = text.parse().ok())
        />
        <FilterToggle
            label=tl!(technicians.on_duty)
            name="on-duty"
            value=on_duty
            on_change=move |on: bool| list.change(|query| query.on_duty = on.then_some(true))
        />
    }
}
