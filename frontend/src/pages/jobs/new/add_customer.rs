//! Short form that adds a customer for a new job.

use leptos::prelude::*;
use shared::customer::{Customer, CustomerInput};
use shared::phone::PhoneNumber;

use crate::components::field::{SelectField, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::similar_customers::{SimilarCustomers, TypedCustomer};
use crate::core::load::use_load;
use crate::{api, tl};

/// The fields that a job needs; the customer's page has all fields.
#[component]
pub fn AddCustomer(
    /// The unsuccessful search: a phone number or a name.
    typed: String,
    on_done: impl Fn(Customer) + Copy + Send + Sync + 'static,
    on_cancel: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let form = Form::new();
    let is_phone = PhoneNumber::parse(&typed).is_ok();
    let (name_text, phone_text) =
        if is_phone { (String::new(), typed) } else { (typed, String::new()) };
    let (name, phone) = (RwSignal::new(name_text), RwSignal::new(phone_text));
    let (address, plan) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let plans = use_load(api::customers::plans, |_| false);
    let plan_options = Signal::derive(move || {
        let plans = plans.value.get().map(|page| page.items).unwrap_or_default();
        let label = |plan: &shared::plan::Plan| format!("{} · {}", plan.name, plan.price);
        plans.iter().map(|plan| (plan.id.to_string(), label(plan))).collect::<Vec<_>>()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let input = CustomerInput {
            name: name.get_untracked(),
            phone: phone.get_untracked(),
            address: address.get_untracked(),
            plan_id: plan.get_untracked().parse().ok(),
            ..Default::default()
        };
        if form.check(input.parse()).is_some() {
            form.send(async move { api::customers::create(&input).await }, on_done);
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="customer-form">
            <FormError form=form />
            <div class="grid gap-4 sm:grid-cols-2">
                <TextField
                    form=form
                    name="name"
                    label=tl!(jobs.new.customer_name)
                    value=name
                    required=true
                    autofocus=true
                />
                <TextField
                    form=form
                    name="phone"
                    label=tl!(jobs.phone)
                    value=phone
                    kind="tel"
                    required=true
                />
            </div>
            <TextField form=form name="address" label=tl!(jobs.address) value=address required=true />
            <SimilarCustomers
                typed=TypedCustomer { name, phone, second_phone: None, nik: None, address }
                on_use=Callback::new(on_done)
            />
            <SelectField
                form=form
                name="plan_id"
                label=tl!(jobs.new.plan)
                value=plan
                options=plan_options
                empty=true
            />
            <div class="flex justify-end gap-2">
                <button type="button" class="btn btn-ghost" on:click=move |_| on_cancel()>
                    {tl!(common.cancel)}
                </button>
                <SubmitButton
                    form=form
                    label=tl!(jobs.new.save_customer)
                    class="btn"
                    testid="save-customer"
                />
            </div>
        </form>
    }
}
