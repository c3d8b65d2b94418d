//! Completion of a job with the evidence that its type requires.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::job::{
    DeviceCondition, Job, JobMaterial, MAX_REPORT_CHARS, RETURNED_SERIAL_NUMBER, ReturnedDevice,
    TransitionRequest,
};
use shared::job_state_machine::JobAction;
use shared::photo::Photo;
use shared::settings::JobTypeSettings;
use shared::validate::{FieldFault, Validator};
use shared::{Page, Permission};

use super::super::photos::AddPhoto;
use super::completion_draft::CompletionDraft;
use super::outcome::{reload_if_stale, show_success, shown};
use super::used_materials::{
    UsedMaterial, UsedMaterialFields, fraction_faults, material_lines, restore_lines,
};
use crate::components::dialog::DialogButtons;
use crate::components::enter_key::go_to_next_field;
use crate::components::field::{
    ChoiceField, FieldFault as FieldFaultText, TextArea, TextField, fault_id,
};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Loaded;
use crate::core::load::{Load, use_load};
use crate::core::{format, session};
use crate::{api, enum_options, tl, tr};

/// Name of the photos among the fields. The request has none: they are sent before it.
const PHOTOS: &str = "photos";

/// The content of the dialog.
pub fn show(
    load: Load<Job>,
    photos: Load<Page<Photo>>,
    materials: Load<Page<JobMaterial>>,
    open: RwSignal<bool>,
) -> AnyView {
    view! { <Complete load=load photos=photos materials=materials open=open /> }.into_any()
}

/// Loads the requirements, then shows the form.
#[component]
fn Complete(
    load: Load<Job>,
    photos: Load<Page<Photo>>,
    materials: Load<Page<JobMaterial>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let settings = use_load(api::settings::get, |_| false);
    view! {
        <Loaded
            data=settings
            view=move |settings| {
                let Some(job) = load.value.get_untracked() else { return ().into_any() };
                let requirements = settings.for_job_type(job.job_type);
                view! {
                    <CompleteForm
                        load=load
                        job=job
                        requirements=requirements
                        photos=photos
                        materials=materials
                        open=open
                    />
                }
                    .into_any()
            }
        />
    }
}

#[component]
fn CompleteForm(
    load: Load<Job>,
    job: Job,
    requirements: JobTypeSettings,
    photos: Load<Page<Photo>>,
    materials: Load<Page<JobMaterial>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let form = Form::new();
    let id = job.id;
    let known = materials.value.get_untracked().map(|page| page.items).unwrap_or_default();
    let known: Vec<_> = known.iter().map(UsedMaterial::for_material).collect();
    let (returned_serial, returned_condition) = match &job.returned_device {
        Some(device) => (device.serial_number.clone(), device.condition),
        None => (String::new(), DeviceCondition::Used),
    };
    let draft = CompletionDraft::load(id);
    let start = draft.clone().unwrap_or_else(|| CompletionDraft {
        report: job.report.clone().unwrap_or_default(),
        ont_serial_number: job.ont_serial_number.clone().unwrap_or_default(),
        attenuation: job.attenuation_dbm.map(format::decimal).unwrap_or_default(),
        returned_serial_number: returned_serial,
        returned_condition: returned_condition.to_string(),
        materials: Vec::new(),
    });
    let report = RwSignal::new(start.report);
    let serial = RwSignal::new(start.ont_serial_number);
    let attenuation = RwSignal::new(start.attenuation);
    let returned = RwSignal::new(start.returned_serial_number);
    let condition = RwSignal::new(start.returned_condition);
    let exchanges = job.job_type.profile().exchanges_device;
    let lines = RwSignal::new(restore_lines(known, &start.materials));
    let current = move || CompletionDraft {
        report: report.get(),
        ont_serial_number: serial.get(),
        attenuation: attenuation.get(),
        returned_serial_number: returned.get(),
        returned_condition: condition.get(),
        materials: lines.with(|lines| lines.iter().map(|line| line.draft()).collect()),
    };
    Effect::new(move |before: Option<CompletionDraft>| {
        let now = current();
        if before.is_some_and(|before| before != now) {
            now.save(id);
        }
        now
    });
    let (needs_serial, needs_attenuation) =
        (requirements.needs_ont_serial_number, requirements.needs_attenuation);
    let min_photos = requirements.min_photos;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((id, version)) = shown(load) else { return };
        let attenuation = attenuation.get_untracked();
        let mut request = TransitionRequest::for_action(JobAction::Complete);
        request.device_time = Some(chrono::Utc::now());
        request.report = Some(report.get_untracked());
        request.ont_serial_number =
            Some(serial.get_untracked()).filter(|text| !text.trim().is_empty());
        let condition = condition.get_untracked().parse().unwrap_or(DeviceCondition::Used);
        request.returned_device = Some(returned.get_untracked())
            .filter(|serial_number| !serial_number.trim().is_empty())
            .map(|serial_number| ReturnedDevice { serial_number, condition });
        request.attenuation_dbm = shared::number::parse_decimal(&attenuation);
        request.materials = Some(material_lines(&lines.get_untracked()));
        let wrong_number = !attenuation.trim().is_empty() && request.attenuation_dbm.is_none();
        let missing_photos = min_photos - photo_count(photos);
        let faults =
            faults(&request, needs_serial, needs_attenuation, wrong_number, missing_photos);
        let fractions = fraction_faults(&lines.get_untracked());
        if form.check(with_fractions(faults, fractions)).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::jobs::transition(id, version, &request).await },
            move |job| {
                CompletionDraft::remove(id);
                open.set(false);
                show_success(load, job);
            },
            move |error| reload_if_stale(load, error),
        );
    };
    view! {
        <form
            class="flex flex-col gap-4"
            on:submit=submit
            on:keydown=move |event| go_to_next_field(&event)
            novalidate
            data-testid="complete-form"
        >
            <JobPhotos form=form load=load photos=photos min_photos=min_photos />
            <TextArea
                form=form
                name="report"
                label=tl!(jobs.report)
                hint=tl!(jobs.complete.report_hint)
                value=report
                required=true
            />
            <div class="grid gap-4 sm:grid-cols-2">
                <TextField
                    form=form
                    name="ont_serial_number"
                    label=tl!(jobs.ont)
                    hint=tl!(jobs.complete.ont_hint)
                    value=serial
                    required=needs_serial
                />
                <TextField
                    form=form
                    name="attenuation_dbm"
                    label=tl!(jobs.attenuation_dbm)
                    hint=tl!(jobs.complete.attenuation_hint)
                    value=attenuation
                    required=needs_attenuation
                />
            </div>
            {exchanges.then(|| view! { <ReturnedDeviceFields form=form serial=returned condition=condition /> })}
            <UsedMaterialFields form=form lines=lines />
            // Beside the button: the top of the sheet is out of sight when somebody presses it on a phone.
            <FormError form=form />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(labels.action.complete) />
            </DialogButtons>
        </form>
    }
}

/// The device that another one replaces.
#[component]
fn ReturnedDeviceFields(
    form: Form,
    serial: RwSignal<String>,
    condition: RwSignal<String>,
) -> impl IntoView {
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <TextField
                form=form
                name=RETURNED_SERIAL_NUMBER
                label=tl!(jobs.returned)
                hint=tl!(jobs.complete.returned_hint)
                value=serial
            />
            <Show when=move || serial.with(|serial| !serial.trim().is_empty())>
                <ChoiceField
                    form=form
                    name="returned_device.condition"
                    label=tl!(jobs.complete.condition)
                    value=condition
                    options=enum_options!(DeviceCondition)
                />
            </Show>
        </div>
    }
}

/// Photos of the job, against the required number.
#[component]
fn JobPhotos(
    form: Form,
    load: Load<Job>,
    photos: Load<Page<Photo>>,
    min_photos: i64,
) -> impl IntoView {
    let count = Memo::new(move |_| {
        photos.value.with(|page| page.as_ref().map_or(0, |page| page.items.len() as i64))
    });
    let enough = move || count.get() >= min_photos;
    Effect::new(move || {
        if enough() {
            form.clear_fault(PHOTOS);
        }
    });
    let text = move || {
        let (count, least) = (format::number(count.get()), format::number(min_photos));
        tr!(jobs.complete.photos, count = count, least = least).to_string()
    };
    view! {
        <fieldset
            class="rounded-field border border-base-300"
            data-invalid=move || form.fault(PHOTOS).is_some().to_string()
            aria-describedby=fault_id(PHOTOS)
            data-testid="complete-photos"
        >
            <legend class="sr-only">{tl!(jobs.photos.title)}</legend>
            <p
                class="flex items-center gap-2 px-4 py-2"
                class=("text-warning", move || !enough())
                data-testid="complete-photo-count"
                data-value=move || count.get().to_string()
            >
                {move || {
                    let name = if enough() { IconName::CheckCircle } else { IconName::Alert };
                    view! { <Icon name=name class="size-4 shrink-0" /> }
                }}
                <span>{text}</span>
            </p>
            <Show when=|| session::can(Permission::JobsWork)>
                <AddPhoto load=load photos=photos />
            </Show>
            <div class="px-4 pb-2 empty:hidden">
                <FieldFaultText form=form name=PHOTOS />
            </div>
        </fieldset>
    }
}

fn photo_count(photos: Load<Page<Photo>>) -> i64 {
    photos.value.with_untracked(|page| page.as_ref().map_or(0, |page| page.items.len() as i64))
}

/// Puts the faults of fractions in the place of those that the same fields have.
fn with_fractions(
    faults: Result<(), Vec<FieldFault>>,
    fractions: Vec<FieldFault>,
) -> Result<(), Vec<FieldFault>> {
    let mut faults = faults.err().unwrap_or_default();
    faults.retain(|fault| fractions.iter().all(|fraction| fraction.field != fault.field));
    faults.extend(fractions);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Finds all faults at once, so that a person corrects them together.
fn faults(
    request: &TransitionRequest,
    needs_serial: bool,
    needs_attenuation: bool,
    wrong_number: bool,
    missing_photos: i64,
) -> Result<(), Vec<FieldFault>> {
    let mut faults = request.parse().err().unwrap_or_default();
    let mut check = Validator::default();
    check.prose("report", request.report.as_deref().unwrap_or_default(), MAX_REPORT_CHARS);
    if needs_serial && request.ont_serial_number.is_none() {
        check.fail::<()>("ont_serial_number", ErrorCode::Required);
    }
    if wrong_number {
        check.fail_with::<()>("attenuation_dbm", ErrorCode::WrongType, "-19,4");
    } else if needs_attenuation && request.attenuation_dbm.is_none() {
        check.fail::<()>("attenuation_dbm", ErrorCode::Required);
    }
    if missing_photos > 0 {
        check.fail_with::<()>(PHOTOS, ErrorCode::EvidenceMissing, missing_photos);
    }
    for fault in check.faults() {
        if !faults.iter().any(|known| known.field == fault.field) {
            faults.push(fault.clone());
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
