//! Settings of applications by Telegram.

use leptos::prelude::*;
use shared::settings::Settings;

use crate::components::field::{CheckField, TextArea};
use crate::components::form::Form;
use crate::tl;

/// The input about applications.
#[derive(Clone, Copy)]
pub struct ApplicantsDraft {
    open: RwSignal<bool>,
    /// One area per line.
    areas: RwSignal<String>,
}

impl ApplicantsDraft {
    /// Creates the input from the stored settings.
    pub fn new(of: &Settings) -> Self {
        Self {
            open: RwSignal::new(of.telegram_registration_open),
            areas: RwSignal::new(of.service_areas.join("\n")),
        }
    }

    /// Returns whether anybody may apply.
    pub fn open(self) -> bool {
        self.open.get_untracked()
    }

    /// Returns the areas without empty lines.
    pub fn areas(self) -> Vec<String> {
        let areas = self.areas.get_untracked();
        areas.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// The two fields.
#[component]
pub fn ApplicantsFields(form: Form, draft: ApplicantsDraft) -> impl IntoView {
    view! {
        <div class="grid gap-6 p-4 lg:grid-cols-2">
            <div>
                <CheckField
                    form=form
                    name="telegram_registration_open"
                    label=tl!(settings.applicants.open)
                    value=draft.open
                />
                <p class="text-sm text-muted">{tl!(settings.applicants.open_hint)}</p>
            </div>
            <TextArea
                form=form
                name="service_areas"
                label=tl!(settings.applicants.areas)
                hint=tl!(settings.applicants.areas_hint)
                value=draft.areas
                rows=5
            />
        </div>
    }
}
