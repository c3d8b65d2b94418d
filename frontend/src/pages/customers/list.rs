//! List of customers.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::Permission;
use shared::customer::{Customer, CustomerQuery, CustomerSort, CustomerStatus};
use shared::live::LiveEvent;

use crate::api;
use crate::components::badge::CustomerBadge;
use crate::components::contact::PhoneLink;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, FilterText, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::session;
use crate::{enum_options, tl, tr};

type Customers = List<CustomerQuery, Customer>;

/// Every customer, with search and filters.
#[component]
pub fn CustomersPage() -> impl IntoView {
    if !session::can(Permission::CustomersRead) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: Customers = use_list(
        |query: CustomerQuery| async move { api::customers::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::CustomerCreated(_)
                    | LiveEvent::CustomerUpdated(_)
                    | LiveEvent::CustomersImported(_)
            )
        },
    );
    view! {
        <PageHeader title=tl!(customers.title)>
            <a href="/plans" class="btn btn-sm" data-testid="plans">
                {tl!(plans.title)}
            </a>
            <ListButtons />
        </PageHeader>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <ListButtons /> }
        />
    }
    .into_any()
}

#[component]
fn ListButtons() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::CustomersWrite)>
            <a href="/customers/place" class="btn btn-sm" data-testid="place-customers">
                <Icon name=IconName::MapPin />
                {tl!(customers.place.short)}
            </a>
            <a href="/customers/import" class="btn btn-sm" data-testid="import-customers">
                <Icon name=IconName::Import />
                {tl!(customers.import)}
            </a>
            <a href="/customers/new" class="btn btn-primary btn-sm" data-testid="new-customer">
                <Icon name=IconName::Plus />
                {tl!(customers.new)}
            </a>
        </Show>
    }
}

fn spec() -> ListSpec<Customer> {
    let columns = vec![
        Column::new(|| tr!(customers.name), |one: &Customer| one.name.clone().into_any())
            .main()
            .text(|one| one.name.clone())
            .sort(CustomerSort::Name.as_str(), CustomerSort::NameDescending.as_str()),
        Column::new(
            || tr!(customers.status),
            |one: &Customer| view! { <CustomerBadge status=one.status /> }.into_any(),
        )
        .side()
        .text(|one| one.status.label().to_owned())
        .testid("customer-status"),
        Column::new(|| tr!(customers.number), |one: &Customer| one.number.clone().into_any())
            .text(|one| one.number.clone())
            .sort(CustomerSort::Number.as_str(), CustomerSort::NumberDescending.as_str()),
        Column::new(
            || tr!(customers.phone),
            |one: &Customer| view! { <PhoneLink phone=one.phone.clone() /> }.into_any(),
        )
        .text(|one| one.phone.clone()),
        Column::new(|| tr!(customers.address), address_cell)
            .block()
            .text(|one| one.address.clone()),
        Column::new(|| tr!(customers.area), |one: &Customer| one.area.clone().into_any())
            .wide_only()
            .text(|one| one.area.clone().unwrap_or_default()),
        Column::new(|| tr!(customers.plan), plan_cell).text(plan),
        Column::new(|| tr!(customers.odp), |one: &Customer| one.odp.clone().into_any())
            .wide_only()
            .text(|one| one.odp.clone().unwrap_or_default()),
        Column::new(
            || tr!(customers.since),
            |one: &Customer| view! { <RelativeTime at=one.created_at /> }.into_any(),
        )
        .wide_only()
        .text(|one| one.created_at.to_rfc3339())
        .sort(CustomerSort::OldestFirst.as_str(), CustomerSort::NewestFirst.as_str()),
    ];
    ListSpec {
        columns,
        key: |one| (one.id.0, one.version),
        href: Some(|one| format!("/customers/{}", one.id)),
        name: "customer",
        caption: || tr!(customers.title),
        search_hint: Some(|| tr!(customers.search)),
        empty_hint: || tr!(customers.empty),
    }
}

fn address_cell(one: &Customer) -> AnyView {
    view! {
        <div class="line-clamp-2 md:line-clamp-1" title=one.address.clone()>
            {one.address.clone()}
        </div>
    }
    .into_any()
}

fn plan_cell(one: &Customer) -> AnyView {
    view! { <span class="whitespace-nowrap">{plan(one)}</span> }.into_any()
}

fn plan(one: &Customer) -> String {
    one.plan_code.clone().unwrap_or_else(|| tr!(common.none).to_owned())
}

fn filters(list: Customers) -> impl IntoView {
    let status = Signal::derive(move || {
        list.query.with(|query| {
            let chosen = query.status.as_ref().and_then(|list| list.0.first());
            chosen.map(ToString::to_string).unwrap_or_default()
        })
    });
    let plan = Signal::derive(move || {
        list.query.with(|query| query.plan_id.map(|id| id.to_string()).unwrap_or_default())
    });
    let area =
        Signal::derive(move || list.query.with(|query| query.area.clone().unwrap_or_default()));
    let areas = Signal::derive(move || {
        let areas = list.items.with(|items| {
            items.iter().filter_map(|one| one.area.clone()).collect::<BTreeSet<String>>()
        });
        areas.into_iter().collect::<Vec<String>>()
    });
    view! {
        <FilterSelect
            label=tl!(customers.status)
            name="status"
            value=status
            options=enum_options!(CustomerStatus)
            on_change=move |text: String| {
                let status = text.parse().ok().map(|status| shared::CommaList(vec![status]));
                list.change(|query| query.status = status);
            }
        />
        <FilterSelect
            label=tl!(customers.plan)
            name="plan"
            value=plan
            options=plan_options(false)
            on_change=move |text: String| list.change(|query| query.plan_id = text.parse().ok())
        />
        <FilterText
            label=tl!(customers.area)
            name="area"
            value=area
            suggestions=areas
            on_change=move |text: String| {
                let area = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                list.change(|query| query.area = area);
            }
        />
    }
}

/// Returns the plans as options of a select, with their names where there is room.
pub fn plan_options(with_names: bool) -> Signal<Vec<(String, String)>> {
    let plans = LocalResource::new(|| async {
        api::customers::plans().await.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let plans = plans.get().unwrap_or_default();
        let label = |plan: &shared::plan::Plan| {
            if with_names { format!("{} · {}", plan.code, plan.name) } else { plan.code.clone() }
        };
        plans.iter().map(|plan| (plan.id.to_string(), label(plan))).collect()
    })
}
