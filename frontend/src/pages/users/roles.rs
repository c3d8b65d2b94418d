//! Table of the roles and their permissions.

use leptos::prelude::*;
use shared::permission::{Grant, RoleGrants};
use shared::{Page, Permission, Role, Scope};

use crate::components::back_link::BackLink;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Loaded;
use crate::core::labels::{Label, PermissionArea};
use crate::core::load::use_load;
use crate::core::session;
use crate::{api, tl, tr};

/// The page with the table.
#[component]
pub fn RolesPage() -> impl IntoView {
    let load = use_load(api::users::roles, |_| false);
    view! {
        <Show when=|| session::can(Permission::UsersManage)>
            <BackLink href="/users" label=tl!(users.title) />
        </Show>
        <PageHeader title=tl!(users.roles.title) />
        <p class="-mt-2 mb-4 max-w-3xl text-muted">{tl!(users.roles.hint)}</p>
        <Loaded data=load view=|page| roles(page).into_any() />
    }
    .into_any()
}

fn roles(page: Page<RoleGrants>) -> impl IntoView {
    let roles = StoredValue::new(page.items);
    let areas = PermissionArea::ALL.into_iter().filter(|area| area.permissions().next().is_some());
    view! {
        <div class="flex flex-col gap-4">
            {areas
                .map(|area| {
                    view! {
                        <Card title=move || area.label()>
                            <AreaTable area=area roles=roles />
                        </Card>
                    }
                })
                .collect_view()}
            <Card title=tl!(users.roles.manages)>
                <ManagedRoles roles=roles />
            </Card>
        </div>
    }
}

#[component]
fn AreaTable(area: PermissionArea, roles: StoredValue<Vec<RoleGrants>>) -> impl IntoView {
    let names: Vec<Role> = roles.with_value(|roles| roles.iter().map(|one| one.role).collect());
    let header = names.into_iter().map(|role| {
        view! {
            <th role="columnheader" scope="col" class="w-28">
                {move || role.label()}
            </th>
        }
    });
    let row = move |permission: Permission| {
        let cells = roles
            .with_value(|roles| roles.iter().map(|one| scope_cell(one, permission)).collect_view());
        view! {
            <tr role="row" data-testid="permission-row" data-permission=permission.as_str()>
                <th role="rowheader" scope="row">
                    {move || permission.label()}
                </th>
                {cells}
            </tr>
        }
    };
    view! {
        <div class="overflow-x-auto">
            <table class="list-table" role="table">
                <caption class="sr-only">{move || area.label()}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{tl!(users.roles.permission)}</th>
                        {header.collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup">{area.permissions().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Scope of a permission; on a phone only roles that have it are shown.
fn scope_cell(role: &RoleGrants, permission: Permission) -> impl IntoView + use<> {
    let name = role.role;
    let scope = role.grants.iter().find(|grant| grant.permission == permission);
    let scope = scope.map(|Grant { scope, .. }| *scope);
    let class = if scope.is_some() { "" } else { "max-md:hidden!" };
    let content = match scope {
        Some(scope) => {
            let class = match scope {
                Scope::All => "size-4 shrink-0 text-success",
                Scope::Own => "size-4 shrink-0 text-info",
            };
            let icon = match scope {
                Scope::All => IconName::Check,
                Scope::Own => IconName::Person,
            };
            view! {
                <span class="inline-flex items-center gap-1 whitespace-nowrap">
                    <Icon name=icon class=class />
                    {move || scope.label()}
                </span>
            }
            .into_any()
        }
        None => view! {
            <span class="text-muted" aria-hidden="true">"–"</span>
            <span class="sr-only">{tl!(common.no)}</span>
        }
        .into_any(),
    };
    view! {
        <td role="cell" class=class data-label=move || name.label()>
            {content}
        </td>
    }
}

/// Roles whose accounts each role manages.
#[component]
fn ManagedRoles(roles: StoredValue<Vec<RoleGrants>>) -> impl IntoView {
    let row = |one: &RoleGrants| {
        let (role, manages) = (one.role, one.manages.clone());
        let names = move || {
            let names: Vec<&str> = manages.iter().map(|role| role.label()).collect();
            if names.is_empty() { tr!(common.none).to_owned() } else { names.join(", ") }
        };
        view! {
            <div class="grid grid-cols-[6rem_1fr] gap-3 px-4 py-2">
                <dt class="font-medium">{move || role.label()}</dt>
                <dd class="text-muted">{names}</dd>
            </div>
        }
    };
    view! {
        <dl class="divide-y divide-base-300">
            {roles.with_value(|roles| roles.iter().map(row).collect_view())}
        </dl>
    }
}
