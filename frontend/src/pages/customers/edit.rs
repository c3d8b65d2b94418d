//! Page that edits a customer.

use leptos::prelude::*;
use shared::Permission;
use shared::customer::Customer;

use super::fields::{CustomerDraft, CustomerFields};
use crate::components::conflict_notice::EditedResource;
use crate::components::form::Form;
use crate::components::resource_form::{EditForm, EditPage};
use crate::core::load::Load;
use crate::{api, tl};

/// The page with the form.
#[component]
pub fn EditCustomerPage() -> impl IntoView {
    view! {
        <EditPage
            title=tl!(customers.edit)
            permission=Permission::CustomersWrite
            fetch=api::customers::get
            form=|customer, load| view! { <CustomerForm customer=customer load=load /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn CustomerForm(customer: Customer, load: Load<Customer>) -> impl IntoView {
    let form = Form::new();
    let draft = CustomerDraft::new(Some(&customer));
    let id = customer.id;
    view! {
        <EditForm
            form=form
            testid="customer-form"
            load=load
            resource=EditedResource::Customer(id)
            version_of=|customer: &Customer| customer.version
            page=format!("/customers/{id}")
            heading=(customer.number, customer.name)
            read=move || draft.request()
            update=move |input, version| async move {
                api::customers::update(id, &input, version).await
            }
        >
            <CustomerFields form=form draft=draft />
        </EditForm>
    }
}
