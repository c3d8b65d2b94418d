//! Page that edits a technician.

use leptos::prelude::*;
use shared::Permission;
use shared::technician::{Technician, TechnicianUpdate};

use super::fields::{PersonFields, TechnicianDraft, WorkFields};
use crate::components::conflict_notice::EditedResource;
use crate::components::field::CheckField;
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::resource_form::{EditForm, EditPage};
use crate::core::load::Load;
use crate::{api, tl};

/// The page with the form.
#[component]
pub fn EditTechnicianPage() -> impl IntoView {
    view! {
        <EditPage
            title=tl!(technicians.edit)
            permission=Permission::TechniciansManage
            fetch=api::technicians::get
            form=|technician, load| {
                view! { <TechnicianForm technician=technician load=load /> }.into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn TechnicianForm(technician: Technician, load: Load<Technician>) -> impl IntoView {
    let form = Form::new();
    let draft = TechnicianDraft::new(Some(&technician));
    let on_duty = RwSignal::new(technician.on_duty);
    let active = RwSignal::new(technician.active);
    let id = technician.id;
    let read = move || {
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
        parser.merge(update.parse()).map(|_| update)
    };
    view! {
        <EditForm
            form=form
            testid="technician-form"
            load=load
            resource=EditedResource::Technician(id)
            version_of=|technician: &Technician| technician.version
            page=format!("/technicians/{id}")
            heading=(technician.name, technician.username)
            read=read
            update=move |update, version| async move {
                api::technicians::update(id, &update, version).await
            }
        >
            <PersonFields form=form draft=draft />
            <WorkFields form=form draft=draft />
            <div>
                <CheckField form=form name="on_duty" label=tl!(technicians.on_duty) value=on_duty />
                <CheckField form=form name="active" label=tl!(technicians.active_long) value=active />
            </div>
        </EditForm>
    }
}
