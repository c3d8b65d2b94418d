//! A new technician with a login of the same person.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::Permission;
use shared::technician::TechnicianCreate;

use super::fields::{PersonFields, TechnicianDraft, WorkFields};
use crate::components::back_link::BackLink;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::new_password::{NewPasswordField, new_password_fault};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::core::auth_options::use_auth_options;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn NewTechnicianPage() -> impl IntoView {
    if !session::can(Permission::TechniciansManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let form = Form::new();
    let options = use_auth_options();
    let draft = TechnicianDraft::new(None);
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
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
        if form.check(parser.merge(request.parse())).is_none() {
            return;
        }
        let navigate = navigate.clone();
        form.send(async move { api::technicians::create(&request).await }, move |technician| {
            toast::success(tr!(technicians.created, name = technician.name).to_string());
            navigate(&format!("/technicians/{}", technician.id), NavigateOptions::default());
        });
    };
    view! {
        <BackLink href="/technicians" label=tl!(technicians.title) />
        <PageHeader title=tl!(technicians.new) />
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="technician-form">
                <FormError form=form />
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
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href="/technicians" class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
    .into_any()
}
