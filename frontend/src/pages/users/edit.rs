//! Form that edits name and role of an account.

use leptos::prelude::*;
use shared::user::{User, UserUpdate};

use super::role_options::role_options;
use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::field::{SelectField, TextField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::load::Load;
use crate::core::toast;
use crate::{api, tl, tr};

/// The form. `typed` is the data that filled it, `load` what the page shows.
#[component]
pub fn EditForm(user: User, typed: Load<User>, load: Load<User>) -> impl IntoView {
    let form = Form::new();
    let lock =
        OptimisticLock::new(typed, EditedResource::User(user.id), |user: &User| user.version);
    let name = RwSignal::new(user.name.clone());
    let role = RwSignal::new(user.role.to_string());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let update = UserUpdate {
            name: name.get_untracked(),
            role: role.get_untracked().parse().unwrap_or(user.role),
            active: load
                .value
                .with_untracked(|now| now.as_ref().map_or(user.active, |one| one.active)),
        };
        if form.check(update.parse()).is_none() {
            return;
        }
        let (id, version) = (user.id, lock.version());
        form.send_or_else(
            async move { api::users::update(id, &update, version).await },
            move |user| {
                toast::success(tr!(common.saved));
                load.set(user.clone());
                typed.set(user);
            },
            move |error| lock.on_refused(form, error),
        );
    };
    view! {
        <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="user-edit-form">
            <FormError form=form />
            <ConflictNotice conflict=lock.conflict />
            <TextField form=form name="name" label=tl!(users.name) value=name required=true />
            <SelectField
                form=form
                name="role"
                label=tl!(users.role)
                hint=tl!(users.role_change_hint)
                value=role
                options=role_options(|_| true)
                required=true
            />
            <SubmitButton form=form label=tl!(common.save) class="btn btn-primary self-end" />
        </form>
    }
}
