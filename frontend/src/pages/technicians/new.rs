//! Page that creates a technician together with the account of the same person.

use leptos::prelude::*;
use shared::Permission;
use shared::technician::{Technician, TechnicianCreate};

use super::fields::{PersonFields, TechnicianDraft, WorkFields};
use crate::components::field::TextField;
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::new_password::{NewPasswordField, new_password_fault};
use crate::components::resource_form::{CreateForm, CreatePage};
use crate::core::auth_options::use_auth_options;
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn NewTechnicianPage() -> impl IntoView {
    let form = Form::new();
    let options = use_auth_options();
    let draft = TechnicianDraft::new(None);
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let read = move || {
        let mut parser = FormParser::default();
        parser.add_faults(new_password_fault(options, "password", &password.get_untracked()));
        let request = TechnicianCreate {
            name: draft.name.get_untracked(),
            phone: draft.phone.get_untracked(),
            username: username.get_untracked(),
            password: password.get_untracked(),
            skills: draft.skills.skills(),
            base_latitude: parser.decimal("base_latitude", draft.latitude),
            base_longitude: parser.decimal("base_longitude", draft.longitude),
        };
        parser.merge(request.parse()).map(|_| request)
    };
    view! {
        <CreatePage
            title=tl!(technicians.new)
            permission=Permission::TechniciansManage
            list="/technicians"
            list_name=tl!(technicians.title)
        >
            <CreateForm
                form=form
                testid="technician-form"
                list="/technicians"
                read=read
                create=|request| async move { api::technicians::create(&request).await }
                on_created=|technician: Technician| {
                    let page = format!("/technicians/{}", technician.id);
                    (tr!(technicians.created, name = technician.name).to_string(), page)
                }
            >
                <PersonFields form=form draft=draft />
                <div class="grid gap-4 sm:grid-cols-2">
                    <TextField
                        form=form
                        name="username"
                        label=tl!(technicians.username)
                        hint=tl!(technicians.username_hint)
                        value=username
                        required=true
                    />
                    <NewPasswordField
                        form=form
                        name="password"
                        label=tl!(technicians.password)
                        value=password
                        known=Signal::derive(move || vec![username.get(), draft.name.get()])
                    />
                </div>
                <p class="-mt-2 text-sm text-muted">{tl!(technicians.password_hint)}</p>
                <WorkFields form=form draft=draft />
            </CreateForm>
        </CreatePage>
    }
    .into_any()
}
