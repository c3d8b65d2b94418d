//! Page that creates a customer.

use leptos::prelude::*;
use shared::Permission;
use shared::customer::Customer;

use super::fields::{CustomerDraft, CustomerFields};
use crate::components::form::Form;
use crate::components::resource_form::{CreateForm, CreatePage};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn NewCustomerPage() -> impl IntoView {
    let form = Form::new();
    let draft = CustomerDraft::new(None);
    view! {
        <CreatePage
            title=tl!(customers.new)
            permission=Permission::CustomersWrite
            list="/customers"
            list_name=tl!(customers.title)
        >
            <CreateForm
                form=form
                testid="customer-form"
                list="/customers"
                read=move || draft.request()
                create=|input| async move { api::customers::create(&input).await }
                on_created=|customer: Customer| {
                    let page = format!("/customers/{}", customer.id);
                    (tr!(customers.created, number = customer.number).to_string(), page)
                }
            >
                <CustomerFields form=form draft=draft compare=true />
            </CreateForm>
        </CreatePage>
    }
    .into_any()
}
