//! Duty status of a technician: on duty, off duty or inactive.

use leptos::prelude::*;
use shared::technician::{Technician, TechnicianUpdate};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::tl;

/// Badge of the duty status.
#[component]
pub fn DutyBadge(on_duty: bool, active: bool) -> impl IntoView {
    match (active, on_duty) {
        (false, _) => {
            view! { <Badge tone=Tone::Neutral icon=IconName::Ban text=tl!(technicians.inactive) /> }
        }
        (true, true) => {
            view! { <Badge tone=Tone::Success icon=IconName::Check text=tl!(technicians.on_duty) /> }
        }
        (true, false) => {
            view! { <Badge tone=Tone::Neutral icon=IconName::Pause text=tl!(technicians.off_duty) /> }
        }
    }
}

/// Returns an update that changes nothing yet.
pub fn update_from(technician: &Technician) -> TechnicianUpdate {
    TechnicianUpdate {
        name: technician.name.clone(),
        phone: technician.phone.clone(),
        skills: technician.skills.clone(),
        base_latitude: technician.base_latitude,
        base_longitude: technician.base_longitude,
        on_duty: technician.on_duty,
        active: technician.active,
    }
}
