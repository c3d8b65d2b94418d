//! Fields of a customer, for a new one and for changes.

use leptos::prelude::*;
use shared::customer::{Customer, CustomerInput, CustomerStatus};
use shared::validate::FieldFault;

use super::list::plan_options;
use crate::components::coordinate_fields::CoordinateFields;
use crate::components::field::{ChoiceField, SelectField, TextArea, TextField};
use crate::components::form::Form;
use crate::components::form_parse::{FormParser, optional_text};
use crate::components::similar_customers::{SimilarCustomers, TypedCustomer};
use crate::core::format;
use crate::{enum_options, tl, tr};

/// The input about a customer.
#[derive(Clone, Copy)]
pub struct CustomerDraft {
    name: RwSignal<String>,
    phone: RwSignal<String>,
    second_phone: RwSignal<String>,
    email: RwSignal<String>,
    address: RwSignal<String>,
    area: RwSignal<String>,
    latitude: RwSignal<String>,
    longitude: RwSignal<String>,
    plan: RwSignal<String>,
    status: RwSignal<String>,
    nik: RwSignal<String>,
    odp: RwSignal<String>,
    notes: RwSignal<String>,
    /// The stored NIK, masked.
    known_nik: StoredValue<Option<String>>,
}

impl CustomerDraft {
    /// Creates the input from a stored customer, or empty.
    pub fn new(of: Option<&Customer>) -> Self {
        let text = |read: fn(&Customer) -> Option<String>| {
            RwSignal::new(of.and_then(read).unwrap_or_default())
        };
        let status = of.map_or(CustomerStatus::Prospect, |one| one.status);
        Self {
            name: text(|one| Some(one.name.clone())),
            phone: text(|one| Some(format::phone(&one.phone))),
            second_phone: text(|one| one.second_phone.as_deref().map(format::phone)),
            email: text(|one| one.email.clone()),
            address: text(|one| Some(one.address.clone())),
            area: text(|one| one.area.clone()),
            latitude: text(|one| one.latitude.map(|degrees| degrees.to_string())),
            longitude: text(|one| one.longitude.map(|degrees| degrees.to_string())),
            plan: text(|one| one.plan_id.map(|id| id.to_string())),
            status: RwSignal::new(status.to_string()),
            nik: RwSignal::new(String::new()),
            odp: text(|one| one.odp.clone()),
            notes: text(|one| one.notes.clone()),
            known_nik: StoredValue::new(of.and_then(|one| one.nik.clone())),
        }
    }

    /// What the stored customers are compared with.
    const fn typed(self) -> TypedCustomer {
        TypedCustomer {
            name: self.name,
            phone: self.phone,
            second_phone: Some(self.second_phone),
            nik: Some(self.nik),
            address: self.address,
        }
    }

    /// Returns the checked request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn request(self) -> Result<CustomerInput, Vec<FieldFault>> {
        let mut parser = FormParser::default();
        let input = CustomerInput {
            name: self.name.get_untracked(),
            phone: self.phone.get_untracked(),
            second_phone: optional_text(self.second_phone),
            email: optional_text(self.email),
            address: self.address.get_untracked(),
            area: optional_text(self.area),
            latitude: parser.decimal("latitude", self.latitude),
            longitude: parser.decimal("longitude", self.longitude),
            plan_id: self.plan.get_untracked().parse().ok(),
            status: self.status.get_untracked().parse().ok(),
            nik: optional_text(self.nik),
            odp: optional_text(self.odp),
            notes: optional_text(self.notes),
        };
        parser.merge(input.parse()).map(|_| input)
    }
}

/// The fields.
#[component]
pub fn CustomerFields(
    form: Form,
    draft: CustomerDraft,
    /// Shows the stored customers that look the same.
    #[prop(optional)]
    compare: bool,
) -> impl IntoView {
    let nik_hint = move || match draft.known_nik.get_value() {
        Some(known) => tr!(customers.nik_kept, nik = known).to_string(),
        None => tr!(customers.nik_hint).to_owned(),
    };
    view! {
        <TextField form=form name="name" label=tl!(customers.name) value=draft.name required=true autofocus=true />
        <div class="grid gap-4 sm:grid-cols-2">
            <TextField
                form=form
                name="phone"
                label=tl!(customers.phone)
                hint=tl!(customers.phone_hint)
                value=draft.phone
                kind="tel"
                inputmode="tel"
                required=true
            />
            <TextField
                form=form
                name="second_phone"
                label=tl!(customers.second_phone)
                value=draft.second_phone
                kind="tel"
                inputmode="tel"
            />
        </div>
        {compare.then(|| view! { <SimilarCustomers typed=draft.typed() /> })}
        <TextField form=form name="email" label=tl!(customers.email) value=draft.email kind="email" inputmode="email" />
        <TextArea form=form name="address" label=tl!(customers.address) value=draft.address rows=2 required=true />
        <TextField form=form name="area" label=tl!(customers.area) hint=tl!(customers.area_hint) value=draft.area />
        <CoordinateFields
            form=form
            names=("latitude", "longitude")
            latitude=draft.latitude
            longitude=draft.longitude
        />
        <ChoiceField
            form=form
            name="status"
            label=tl!(customers.status)
            value=draft.status
            options=enum_options!(CustomerStatus)
        />
        <div class="grid gap-4 sm:grid-cols-2">
            <SelectField
                form=form
                name="plan_id"
                label=tl!(customers.plan)
                value=draft.plan
                options=plan_options(true)
                empty=true
            />
            <TextField form=form name="odp" label=tl!(customers.odp) hint=tl!(customers.odp_hint) value=draft.odp />
        </div>
        <TextField form=form name="nik" label=tl!(customers.nik) hint=nik_hint value=draft.nik inputmode="numeric" />
        <TextArea form=form name="notes" label=tl!(customers.notes) value=draft.notes />
    }
}
