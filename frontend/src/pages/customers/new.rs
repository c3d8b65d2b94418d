//! A new customer.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::Permission;

use super::fields::{CustomerDraft, CustomerFields};
use crate::components::back_link::BackLink;
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn NewCustomerPage() -> impl IntoView {
    if !session::can(Permission::CustomersWrite) {
        return view! { <Forbidden /> }.into_any();
    }
    let form = Form::new();
    let draft = CustomerDraft::new(None);
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = form.check(draft.request()) else { return };
        let navigate = navigate.clone();
        form.send(async move { api::customers::create(&input).await }, move |customer| {
            toast::success(tr!(customers.created, number = customer.number).to_string());
            navigate(&format!("/customers/{}", customer.id), NavigateOptions::default());
        });
    };
    view! {
        <BackLink href="/customers" label=tl!(customers.title) />
        <PageHeader title=tl!(customers.new) />
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="customer-form">
                <FormError form=form />
                <CustomerFields form=form draft=draft />
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href="/customers" class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
    .into_any()
}
