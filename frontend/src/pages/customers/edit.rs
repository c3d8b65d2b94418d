//! Changing the facts of a customer.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::customer::Customer;
use shared::{CustomerId, Permission};

use super::fields::{CustomerDraft, CustomerFields};
use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{Forbidden, Loaded, NotFound};
use crate::core::load::{Load, use_load_once};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn EditCustomerPage() -> impl IntoView {
    if !session::can(Permission::CustomersWrite) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let id: Option<CustomerId> = params.read_untracked().get("id").and_then(|id| id.parse().ok());
    let Some(id) = id else { return view! { <NotFound /> }.into_any() };
    let load = use_load_once(move || api::customers::get(id));
    view! {
        <PageHeader title=tl!(customers.edit) />
        <Loaded
            data=load
            view=move |customer| view! { <EditForm customer=customer load=load /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn EditForm(customer: Customer, load: Load<Customer>) -> impl IntoView {
    let form = Form::new();
    let draft = CustomerDraft::new(Some(&customer));
    let navigate = use_navigate();
    let page = format!("/customers/{}", customer.id);
    let back = page.clone();
    let id = customer.id;
    let lock =
        OptimisticLock::new(load, EditedResource::Customer(id), |one: &Customer| one.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = form.check(draft.request()) else { return };
        let (version, navigate, page) = (lock.version(), navigate.clone(), page.clone());
        form.send_or_else(
            async move { api::customers::update(id, &input, version).await },
            move |_| {
                toast::success(tr!(common.saved));
                navigate(&page, NavigateOptions::default());
            },
            move |error| lock.on_refused(form, error),
        );
    };
    view! {
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="customer-form">
                <p class="text-muted">
                    <span class="font-medium text-base-content">{customer.number}</span>
                    " · "
                    {customer.name}
                </p>
                <FormError form=form />
                <ConflictNotice conflict=lock.conflict />
                <CustomerFields form=form draft=draft />
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href=back class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
}
