//! Permissions of a key, grouped as checkboxes.

use leptos::prelude::*;
use shared::{Permission, PermissionSet};

use crate::components::field::{FieldFault, fault_id};
use crate::components::form::Form;
use crate::core::labels::{Label, PermissionArea};
use crate::core::session;
use crate::tl;

/// Every permission that a key of the signed-in person can have.
#[component]
pub fn PermissionFields(form: Form, chosen: RwSignal<Vec<Permission>>) -> impl IntoView {
    let rights = session::user().map(|user| PermissionSet::for_api_key(user.role, Permission::ALL));
    let may = move |permission: &Permission| rights.is_some_and(|all| all.allows(*permission));
    let areas = PermissionArea::ALL.into_iter().filter_map(|area| {
        let permissions: Vec<Permission> = area.permissions().filter(may).collect();
        (!permissions.is_empty()).then_some((area, permissions))
    });
    let groups = areas
        .map(|(area, permissions)| {
            view! { <PermissionGroup form=form area=area permissions=permissions chosen=chosen /> }
        })
        .collect_view();
    view! {
        <fieldset
            class="flex flex-col gap-2"
            aria-describedby=fault_id("permissions")
            data-invalid=move || form.fault("permissions").is_some().to_string()
            disabled=move || form.pending.get()
        >
            <legend class="mb-1 text-sm font-medium">
                {tl!(api_keys.permissions)} <span class="text-error" aria-hidden="true">" *"</span>
            </legend>
            <p class="text-sm text-muted">{tl!(api_keys.permissions_hint)}</p>
            <div class="grid gap-x-6 gap-y-4 sm:grid-cols-2">{groups}</div>
            <FieldFault form=form name="permissions" />
        </fieldset>
    }
}

#[component]
fn PermissionGroup(
    form: Form,
    area: PermissionArea,
    permissions: Vec<Permission>,
    chosen: RwSignal<Vec<Permission>>,
) -> impl IntoView {
    let heading = format!("area-{}", area as u8);
    let labelled = heading.clone();
    let permission_box = move |permission: Permission| {
        let is_chosen = move || chosen.with(|all| all.contains(&permission));
        let choose = move |event| {
            let wanted = event_target_checked(&event);
            chosen.update(|all| {
                all.retain(|one| *one != permission);
                if wanted {
                    all.push(permission);
                }
            });
            form.clear_fault("permissions");
        };
        view! {
            <label class="flex min-h-8 cursor-pointer items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary"
                    prop:checked=is_chosen
                    on:change=choose
                    data-testid=format!("permission-{permission}")
                />
                <span>{move || permission.label()}</span>
            </label>
        }
    };
    view! {
        <div role="group" aria-labelledby=labelled>
            <p id=heading class="text-sm text-muted">
                {move || area.label()}
            </p>
            {permissions.into_iter().map(permission_box).collect_view()}
        </div>
    }
}
