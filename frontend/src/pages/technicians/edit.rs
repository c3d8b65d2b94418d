//! Changing the facts of a technician.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::technician::{Technician, TechnicianUpdate};
use shared::{Permission, TechnicianId};

use super::fields::{PersonFields, TechnicianDraft, WorkFields};
use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::field::CheckField;
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{Forbidden, Loaded, NotFound};
use crate::core::load::{Load, use_load_once};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn EditTechnicianPage() -> impl IntoView {
    if !session::can(Permission::TechniciansManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let id: Option<TechnicianId> = params.read_untracked().get("id").and_then(|id| id.parse().ok());
    let Some(id) = id else { return view! { <NotFound /> }.into_any() };
    let load = use_load_once(move || api::technicians::get(id));
    view! {
        <PageHeader title=tl!(technicians.edit) />
        <Loaded
            data=load
            view=move |one| view! { <EditForm technician=one load=load /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn EditForm(technician: Technician, load: Load<Technician>) -> impl IntoView {
    let form = Form::new();
    let draft = TechnicianDraft::new(Some(&technician));
    let on_duty = RwSignal::new(technician.on_duty);
    let active = RwSignal::new(technician.active);
    let navigate = use_navigate();
    let page = format!("/technicians/{}", technician.id);
    let back = page.clone();
    let id = technician.id;
    let lock =
        OptimisticLock::new(load, EditedResource::Technician(id), |one: &Technician| one.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut parser = FormParser::default();
        let update = TechnicianUpdate {
            name: draft.name.get_untracked(),
            phone: draft.phone.get_untracked(),
            skills: draft.skills.skills(),
            base_latitude: parser.decimal("base_latitude", draft.latitude),
            base_longitude: parser.decimal("base_longitude", draft.longitude),
            on_duty: on_duty.get_untracked(),
            active: active.get_untracked(),
        };
        if form.check(parser.merge(update.parse())).is_none() {
            return;
        }
        let (version, navigate, page) = (lock.version(), navigate.clone(), page.clone());
        form.send_or_else(
            async move { api::technicians::update(id, &update, version).await },
            move |_| {
                toast::success(tr!(common.saved));
                navigate(&page, NavigateOptions::default());
            },
            move |error| lock.on_refused(form, error),
        );
    };
    view! {
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="technician-form">
                <p class="text-muted">
                    <span class="font-medium text-base-content">{technician.name}</span>
                    " · "
                    {technician.username}
                </p>
                <FormError form=form />
                <ConflictNotice conflict=lock.conflict />
                <PersonFields form=form draft=draft />
                <WorkFields form=form draft=draft />
                <div>
                    <CheckField form=form name="on_duty" label=tl!(technicians.on_duty) value=on_duty />
                    <CheckField form=form name="active" label=tl!(technicians.active_long) value=active />
                </div>
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href=back class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
}
