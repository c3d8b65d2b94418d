//! Settings of the organisation.

mod access;
mod applicants;
mod calendar;
mod holidays;
mod job_type;
mod materials;

use std::collections::HashMap;

use leptos::prelude::*;
use serde::Serialize;
use shared::inventory::{Item, ItemQuery};
use shared::pagination::MAX_LIMIT;
use shared::settings::Settings;
use shared::{ItemId, Permission};

use self::access::{AccessDraft, AccessFields};
use self::applicants::{ApplicantsDraft, ApplicantsFields};
use self::calendar::{CalendarDraft, CalendarFields};
use self::job_type::{JobTypeDraft, JobTypeFields};
use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{Forbidden, Loaded};
use crate::core::labels::Label;
use crate::core::load::{Load, use_load_once};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The settings and the items that they refer to.
#[derive(Clone, PartialEq, Serialize)]
struct LoadedSettings {
    #[serde(flatten)]
    settings: Settings,
    #[serde(skip)]
    items: HashMap<ItemId, Item>,
}

/// The page with the form.
#[component]
pub fn SettingsPage() -> impl IntoView {
    if !session::can(Permission::SettingsManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let load = use_load_once(|| async {
        let settings = api::settings::get().await?;
        let query = ItemQuery { limit: Some(MAX_LIMIT), ..Default::default() };
        let items = api::inventory::list(&query).await?.items;
        let items = items.into_iter().map(|item| (item.id, item)).collect();
        Ok(LoadedSettings { settings, items })
    });
    view! {
        <PageHeader title=tl!(settings.title) />
        <Loaded data=load view=move |known| view! { <SettingsForm known=known load=load /> }.into_any() />
    }
    .into_any()
}

#[component]
fn SettingsForm(known: LoadedSettings, load: Load<LoadedSettings>) -> impl IntoView {
    let form = Form::new();
    let LoadedSettings { settings, items } = known;
    let job_types: Vec<JobTypeDraft> = settings
        .job_types
        .iter()
        .map(|(job_type, settings)| JobTypeDraft::new(*job_type, settings, &items))
        .collect();
    let drafts = StoredValue::new(job_types.clone());
    let calendar = CalendarDraft::new(&settings.calendar);
    let access = AccessDraft::new(&settings);
    let applicants = ApplicantsDraft::new(&settings);
    let lock = OptimisticLock::new(load, EditedResource::Settings, |known: &LoadedSettings| {
        known.settings.version
    });
    let items = StoredValue::new(items);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut parser = FormParser::default();
        let changed = Settings {
            job_types: drafts.with_value(|drafts| {
                drafts.iter().map(|draft| (draft.job_type, draft.settings(&mut parser))).collect()
            }),
            calendar: calendar.calendar(&mut parser),
            require_second_factor: access.demand(),
            registration_open: access.registration_open(),
            telegram_registration_open: applicants.open(),
            service_areas: applicants.areas(),
            version: lock.version(),
        };
        if form.check(parser.merge(changed.parse().map(drop))).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::settings::update(&changed).await },
            move |settings| {
                toast::success(tr!(common.saved));
                load.set(LoadedSettings { settings, items: items.get_value() });
            },
            move |error| lock.on_refused(form, error),
        );
    };
    let card = move |draft: JobTypeDraft| {
        view! {
            <Card title=move || draft.job_type.label()>
                <JobTypeFields form=form draft=draft />
            </Card>
        }
    };
    view! {
        <form class="flex max-w-5xl flex-col gap-4" on:submit=submit novalidate data-testid="settings-form">
            <div class="grid items-start gap-4 lg:grid-cols-2">
                {job_types.into_iter().map(card).collect_view()}
            </div>
            <Card title=tl!(settings.calendar.title)>
                <CalendarFields form=form draft=calendar />
            </Card>
            <Card title=tl!(settings.access.title)>
                <AccessFields form=form draft=access />
            </Card>
            <Card title=tl!(settings.applicants.title)>
                <ApplicantsFields form=form draft=applicants />
            </Card>
            <FormError form=form />
            <ConflictNotice conflict=lock.conflict />
            <div class="flex justify-end">
                <SubmitButton form=form label=tl!(common.save) />
            </div>
        </form>
    }
}
