//! Fields of a technician, for a new one and for changes.

use leptos::prelude::*;
use shared::technician::Technician;

use super::skills::{SkillDraft, SkillFields};
use crate::components::coordinate_fields::CoordinateFields;
use crate::components::field::TextField;
use crate::components::form::Form;
use crate::core::format;
use crate::tl;

/// The input about a technician.
#[derive(Clone, Copy)]
pub struct TechnicianDraft {
    pub name: RwSignal<String>,
    pub phone: RwSignal<String>,
    pub latitude: RwSignal<String>,
    pub longitude: RwSignal<String>,
    pub skills: SkillDraft,
}

impl TechnicianDraft {
    /// Creates the input from a stored technician, or empty.
    pub fn new(of: Option<&Technician>) -> Self {
        let degrees = |value: Option<f64>| {
            RwSignal::new(value.map(|value| value.to_string()).unwrap_or_default())
        };
        Self {
            name: RwSignal::new(of.map(|one| one.name.clone()).unwrap_or_default()),
            phone: RwSignal::new(of.map(|one| format::phone(&one.phone)).unwrap_or_default()),
            latitude: degrees(of.and_then(|one| one.base_latitude)),
            longitude: degrees(of.and_then(|one| one.base_longitude)),
            skills: SkillDraft::new(of.map(|one| one.skills.as_slice()).unwrap_or_default()),
        }
    }
}

/// Name and phone number.
#[component]
pub fn PersonFields(form: Form, draft: TechnicianDraft) -> impl IntoView {
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <TextField
                form=form
                name="name"
                label=tl!(technicians.name)
                value=draft.name
                required=true
                autofocus=true
            />
            <TextField
                form=form
                name="phone"
                label=tl!(technicians.phone)
                hint=tl!(technicians.phone_hint)
                value=draft.phone
                kind="tel"
                inputmode="tel"
                required=true
            />
        </div>
    }
}

/// Skills and the start of the working day.
#[component]
pub fn WorkFields(form: Form, draft: TechnicianDraft) -> impl IntoView {
    view! {
        <SkillFields form=form draft=draft.skills />
        <fieldset class="flex flex-col gap-4">
            <legend class="mb-1 text-sm font-medium">{tl!(technicians.base)}</legend>
            <CoordinateFields
                form=form
                names=("base_latitude", "base_longitude")
                latitude=draft.latitude
                longitude=draft.longitude
            />
        </fieldset>
    }
}
