//! Approval of a registered account.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::Role;
use shared::user::{User, UserApproval};

use super::role_options::role_options;
use crate::components::dialog::ConfirmDialog;
use crate::components::field::SelectField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::page::Card;
use crate::core::load::Load;
use crate::core::toast;
use crate::{api, tl, tr};

/// The form with the role of the account.
#[component]
pub fn Approval(load: Load<User>) -> impl IntoView {
    let form = Form::new();
    let role = RwSignal::new(Role::User.to_string());
    let rejecting = RwSignal::new(false);
    let user = StoredValue::new(load.value.get_untracked());
    let read =
        move || load.value.with_untracked(|user| user.as_ref().map(|user| (user.id, user.version)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((id, version)) = read() else { return };
        let approval = UserApproval { role: role.get_untracked().parse().ok() };
        form.send_or_else(
            async move { api::users::approve(id, &approval, version).await },
            move |user| {
                toast::success(tr!(users.approval.approved, name = user.name.clone()).to_string());
                load.set(user);
            },
            move |error| load.reload_if_stale(error),
        );
    };
    let navigate = use_navigate();
    let reject = move || async move {
        let Some((id, version)) = read() else { return Ok(()) };
        let answer = api::users::reject(id, version).await;
        answer.inspect_err(|error| load.reload_if_stale(error)).map(drop)
    };
    let rejected = move |()| {
        toast::success(tr!(users.approval.rejected));
        navigate("/users", NavigateOptions::default());
    };
    let name = user.with_value(|user| user.as_ref().map(|user| user.name.clone()));
    let name = StoredValue::new(name.unwrap_or_default());
    view! {
        <Card title=tl!(users.approval.title)>
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="approval-form">
                <p class="text-muted">{tl!(users.approval.hint)}</p>
                <FormError form=form />
                <SelectField
                    form=form
                    name="role"
                    label=tl!(users.role)
                    hint=tl!(users.approval.role_hint)
                    value=role
                    options=role_options(|_| true)
                    required=true
                />
                <div class="flex justify-end gap-2">
                    <button
                        type="button"
                        class="btn"
                        on:click=move |_| rejecting.set(true)
                        data-testid="reject"
                    >
                        {tl!(common.reject)}
                    </button>
                    <SubmitButton form=form label=tl!(common.approve) testid="approve" />
                </div>
            </form>
        </Card>
        <ConfirmDialog
            open=rejecting
            title=tl!(common.reject)
            text=move || tr!(users.approval.reject_sure, name = name.get_value()).to_string()
            confirm=tl!(common.reject)
            request=reject
            on_done=rejected
            danger=true
        />
    }
}
