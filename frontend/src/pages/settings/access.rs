//! Access settings: registration and required second factor.

use leptos::prelude::*;
use shared::second_factor::SecondFactorDemand;
use shared::settings::Settings;

use crate::components::field::{CheckField, ChoiceField};
use crate::components::form::Form;
use crate::{enum_options, tl};

/// The input about access.
#[derive(Clone, Copy)]
pub struct AccessDraft {
    registration: RwSignal<bool>,
    demand: RwSignal<String>,
}

impl AccessDraft {
    /// Creates the input from the stored settings.
    pub fn new(of: &Settings) -> Self {
        Self {
            registration: RwSignal::new(of.registration_open),
            demand: RwSignal::new(of.require_second_factor.to_string()),
        }
    }

    /// Returns whether anybody may register an account.
    pub fn registration_open(self) -> bool {
        self.registration.get_untracked()
    }

    /// Returns who must have a second factor.
    pub fn demand(self) -> SecondFactorDemand {
        self.demand.get_untracked().parse().unwrap_or_default()
    }
}

/// The two fields.
#[component]
pub fn AccessFields(form: Form, draft: AccessDraft) -> impl IntoView {
    view! {
        <div class="grid gap-6 p-4 lg:grid-cols-2">
            <div>
                <CheckField
                    form=form
                    name="registration_open"
                    label=tl!(settings.access.registration)
                    value=draft.registration
                />
                <p class="text-sm text-muted">{tl!(settings.access.registration_hint)}</p>
            </div>
            <div>
                <ChoiceField
                    form=form
                    name="require_second_factor"
                    label=tl!(settings.access.demand)
                    value=draft.demand
                    options=enum_options!(SecondFactorDemand)
                />
                <p class="mt-1 text-sm text-muted">{tl!(settings.access.demand_hint)}</p>
            </div>
        </div>
    }
}
