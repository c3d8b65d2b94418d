//! Page of a customer.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::customer::Customer;
use shared::live::LiveEvent;
use shared::{CustomerId, Permission};

use super::jobs::CustomerJobs;
use super::nik::NikValue;
use crate::api::identity::IdentityHolder;
use crate::components::back_link::BackLink;
use crate::components::badge::CustomerBadge;
use crate::components::contact::{AddressLink, PhoneLink};
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::icon::{Icon, IconName};
use crate::components::identity_photo::IdentityPhotoCard;
use crate::components::page::{Card, use_title};
use crate::components::page_states::{Loaded, NotFound};
use crate::components::time::RelativeTime;
use crate::core::load::use_load;
use crate::core::session;
use crate::{api, tl, tr};

/// The page of the customer in the address.
#[component]
pub fn CustomerPage() -> impl IntoView {
    let params = use_params_map();
    let page = move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <CustomerDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    page.into_any()
}

#[component]
fn CustomerDetails(id: CustomerId) -> impl IntoView {
    let load = use_load(
        move || api::customers::get(id),
        move |event| match event {
            LiveEvent::CustomerUpdated(customer) => customer.id == id,
            LiveEvent::CustomersImported(_) => true,
            _ => false,
        },
    );
    use_title(move || {
        load.value.with(|one| one.as_ref().map(|one| one.name.clone()).unwrap_or_default())
    });
    let has_photo = Memo::new(move |_| {
        load.value.with(|one| one.as_ref().is_some_and(|one| one.identity_photo))
    });
    view! {
        <BackLink href="/customers" label=tl!(customers.title) />
        <Loaded data=load view=|customer| header(&customer).into_any() skeleton_rows=2 />
        <Show when=move || load.value.with(Option::is_some)>
            <div class="grid items-start gap-4 lg:grid-cols-5">
                <div class="flex min-w-0 flex-col gap-4 lg:col-span-2">
                    <Card title=tl!(customers.facts)>
                        <Loaded data=load view=|customer| details(customer).into_any() />
                    </Card>
                    <Show when=|| {
                        session::can(Permission::CustomersIdentity)
                            || session::can(Permission::CustomersWrite)
                    }>
                        <Card title=tl!(identity.title)>
                            <IdentityPhotoCard
                                holder=IdentityHolder::Customer(id)
                                has_photo=has_photo
                                may_view=Signal::derive(|| {
                                    session::can(Permission::CustomersIdentity)
                                })
                                may_change=Signal::derive(|| {
                                    session::can(Permission::CustomersWrite)
                                })
                                on_change=move |()| load.reload()
                            />
                        </Card>
                    </Show>
                </div>
                <Card title=tl!(customers.jobs) class="min-w-0 lg:col-span-3">
                    <CustomerJobs id=id />
                </Card>
            </div>
        </Show>
    }
}

fn header(customer: &Customer) -> impl IntoView {
    let open_job = format!("/jobs/new?customer={}", customer.id);
    let edit = format!("/customers/{}/edit", customer.id);
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <div class="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-1">
                <h1 class="text-xl font-semibold" data-testid="customer-name">
                    {customer.name.clone()}
                </h1>
                <span class="text-muted" data-testid="customer-number">{customer.number.clone()}</span>
                <CustomerBadge status=customer.status />
            </div>
            <Show when=|| session::can(Permission::CustomersWrite)>
                <a href=edit.clone() class="btn btn-sm" data-testid="edit-customer">
                    <Icon name=IconName::Edit />
                    {tl!(common.edit)}
                </a>
            </Show>
            <Show when=|| session::can(Permission::JobsCreate)>
                <a href=open_job.clone() class="btn btn-primary btn-sm" data-testid="open-job">
                    <Icon name=IconName::Plus />
                    {tl!(customers.open_job)}
                </a>
            </Show>
        </div>
    }
}

fn details(customer: Customer) -> impl IntoView {
    let none = || tr!(common.none);
    let text = move |value: Option<String>| match value {
        Some(value) => value.into_any(),
        None => view! { <span class="text-muted">{none}</span> }.into_any(),
    };
    let second_phone = customer.second_phone.clone().map(|phone| {
        view! {
            <DescriptionItem label=tl!(customers.second_phone)>
                <PhoneLink phone=phone />
            </DescriptionItem>
        }
    });
    let email = customer.email.clone().map(|email| {
        view! {
            <DescriptionItem label=tl!(customers.email) wide=true>
                <a href=format!("mailto:{email}") class="link link-hover break-all">
                    {email.clone()}
                </a>
            </DescriptionItem>
        }
    });
    let notes = customer.notes.clone().map(|notes| {
        view! {
            <DescriptionItem label=tl!(customers.notes) wide=true>
                <p class="whitespace-pre-line">{notes}</p>
            </DescriptionItem>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=tl!(customers.phone) testid="customer-phone">
                <PhoneLink phone=customer.phone.clone() />
            </DescriptionItem>
            {second_phone}
            <DescriptionItem label=tl!(customers.plan)>{text(customer.plan_code.clone())}</DescriptionItem>
            <DescriptionItem label=tl!(customers.address) wide=true>
                <AddressLink
                    address=customer.address.clone()
                    latitude=customer.latitude
                    longitude=customer.longitude
                />
            </DescriptionItem>
            <DescriptionItem label=tl!(customers.area)>{text(customer.area.clone())}</DescriptionItem>
            <DescriptionItem label=tl!(customers.odp)>{text(customer.odp.clone())}</DescriptionItem>
            <DescriptionItem label=tl!(customers.nik)>
                <NikValue id=customer.id masked=customer.nik.clone() />
            </DescriptionItem>
            {email}
            {notes}
            <DescriptionItem label=tl!(customers.since)>
                <RelativeTime at=customer.created_at />
            </DescriptionItem>
            <DescriptionItem label=tl!(customers.changed)>
                <RelativeTime at=customer.updated_at />
            </DescriptionItem>
        </DescriptionList>
    }
}
