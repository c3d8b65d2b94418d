//! Settings of a job type.

use std::collections::HashMap;

use leptos::prelude::*;
use shared::ItemId;
use shared::inventory::Item;
use shared::job::JobType;
use shared::settings::JobTypeSettings;

use super::materials::{MaterialDrafts, MaterialFields};
use crate::components::field::{CheckField, TextField};
use crate::components::form::Form;
use crate::components::form_parse::{FormParser, interned};
use crate::tl;

/// Paths of the fields in the request.
#[derive(Clone, Copy)]
struct FieldPaths {
    sla_hours: &'static str,
    min_photos: &'static str,
    needs_ont: &'static str,
    needs_attenuation: &'static str,
    materials: &'static str,
}

impl FieldPaths {
    fn new(job_type: JobType) -> Self {
        let path = |field: &str| interned(format!("job_types.{job_type}.{field}"));
        Self {
            sla_hours: path("sla_hours"),
            min_photos: path("min_photos"),
            needs_ont: path("needs_ont_serial_number"),
            needs_attenuation: path("needs_attenuation"),
            materials: path("materials"),
        }
    }
}

/// The input about a job type.
#[derive(Clone, Copy)]
pub struct JobTypeDraft {
    pub job_type: JobType,
    names: FieldPaths,
    sla_hours: RwSignal<String>,
    min_photos: RwSignal<String>,
    needs_ont: RwSignal<bool>,
    needs_attenuation: RwSignal<bool>,
    materials: MaterialDrafts,
}

impl JobTypeDraft {
    /// Creates the input from the stored settings.
    pub fn new(job_type: JobType, of: &JobTypeSettings, items: &HashMap<ItemId, Item>) -> Self {
        Self {
            job_type,
            names: FieldPaths::new(job_type),
            sla_hours: RwSignal::new(of.sla_hours.to_string()),
            min_photos: RwSignal::new(of.min_photos.to_string()),
            needs_ont: RwSignal::new(of.needs_ont_serial_number),
            needs_attenuation: RwSignal::new(of.needs_attenuation),
            materials: MaterialDrafts::new(&of.materials, items),
        }
    }

    /// Returns the settings of the request.
    pub fn settings(self, parser: &mut FormParser) -> JobTypeSettings {
        JobTypeSettings {
            sla_hours: parser.required_integer(self.names.sla_hours, self.sla_hours),
            min_photos: parser.required_integer(self.names.min_photos, self.min_photos),
            needs_ont_serial_number: self.needs_ont.get_untracked(),
            needs_attenuation: self.needs_attenuation.get_untracked(),
            materials: self.materials.lines(self.names.materials, parser),
        }
    }
}

/// The fields.
#[component]
pub fn JobTypeFields(form: Form, draft: JobTypeDraft) -> impl IntoView {
    let names = draft.names;
    view! {
        <div class="flex flex-col gap-4 p-4">
            <div class="grid grid-cols-2 gap-4">
                <TextField
                    form=form
                    name=names.sla_hours
                    label=tl!(settings.sla_hours)
                    hint=tl!(settings.sla_hint)
                    value=draft.sla_hours
                    inputmode="numeric"
                    required=true
                />
                <TextField
                    form=form
                    name=names.min_photos
                    label=tl!(settings.min_photos)
                    hint=tl!(settings.photos_hint)
                    value=draft.min_photos
                    inputmode="numeric"
                    required=true
                />
            </div>
            <div>
                <CheckField
                    form=form
                    name=names.needs_ont
                    label=tl!(settings.needs_ont)
                    value=draft.needs_ont
                />
                <CheckField
                    form=form
                    name=names.needs_attenuation
                    label=tl!(settings.needs_attenuation)
                    value=draft.needs_attenuation
                />
            </div>
            <MaterialFields form=form path=names.materials materials=draft.materials />
        </div>
    }
}
