//! Page of an account.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::live::LiveEvent;
use shared::user::User;
use shared::{Permission, UserId};

use super::account_access::AccountAccess;
use super::account_status::AccountStatusBadge;
use super::approval::Approval;
use super::edit::EditForm;
use crate::components::back_link::BackLink;
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::page::{Card, use_title};
use crate::components::page_states::{Forbidden, Loaded, NotFound};
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::load::{use_load, use_load_once};
use crate::core::session;
use crate::{api, tl, tr};

/// The page of the account in the address.
#[component]
pub fn UserPage() -> impl IntoView {
    if !session::can(Permission::UsersManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let page = move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <UserDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    page.into_any()
}

/// What the page offers the signed-in person to do with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UserActions {
    /// It waits for an approval.
    Approve,
    /// Everything.
    Manage,
    /// It is the own account, which has a page of its own.
    OwnAccount,
    /// Nothing, because its role is not below the own one.
    Unavailable,
}

impl UserActions {
    fn for_user(user: &User) -> Self {
        if user.pending {
            UserActions::Approve
        } else if session::user().is_some_and(|own| own.id == user.id) {
            UserActions::OwnAccount
        } else if session::may_manage(user.role) {
            UserActions::Manage
        } else {
            UserActions::Unavailable
        }
    }
}

#[component]
fn UserDetails(id: UserId) -> impl IntoView {
    let load = use_load(
        move || api::users::get(id),
        move |event| matches!(event, LiveEvent::UserChanged(user) if user.id == id),
    );
    // Typed input is not overwritten by changes of others.
    let typed = use_load_once(move || api::users::get(id));
    use_title(move || {
        load.value.with(|one| one.as_ref().map(|one| one.name.clone()).unwrap_or_default())
    });
    let allowed =
        Memo::new(move |_| load.value.with(|user| user.as_ref().map(UserActions::for_user)));
    let actions = move || {
        Some(match allowed.get()? {
            UserActions::Approve => view! { <Approval load=load /> }.into_any(),
            UserActions::Manage => view! {
                <Card title=tl!(users.edit)>
                    <Loaded
                        data=typed
                        view=move |user| view! { <EditForm user=user typed=typed load=load /> }.into_any()
                        skeleton_rows=3
                    />
                </Card>
                <Card title=tl!(users.access)>
                    <AccountAccess load=load />
                </Card>
            }
            .into_any(),
            UserActions::OwnAccount => view! { <InfoCard text=tl!(users.own) to_profile=true /> }.into_any(),
            UserActions::Unavailable => view! { <InfoCard text=tl!(users.not_yours) /> }.into_any(),
        })
    };
    view! {
        <BackLink href="/users" label=tl!(users.title) />
        <Loaded data=load view=|user| header(user).into_any() skeleton_rows=2 />
        <Show when=move || load.value.with(Option::is_some)>
            <div class="grid max-w-5xl items-start gap-4 lg:grid-cols-2">
                <Card title=tl!(users.facts)>
                    <Loaded data=load view=|user| details(user).into_any() />
                </Card>
                <div class="flex min-w-0 flex-col gap-4">{actions}</div>
            </div>
        </Show>
    }
}

/// Explains why there are no actions here.
#[component]
fn InfoCard(
    #[prop(into)] text: TextProp,
    /// Links to the own profile.
    #[prop(optional)]
    to_profile: bool,
) -> impl IntoView {
    view! {
        <Card>
            <div class="flex flex-col items-start gap-2 p-4">
                <p class="text-muted">{move || text.get()}</p>
                {to_profile
                    .then(|| {
                        view! {
                            <a href="/profile" class="btn btn-sm">
                                {tl!(common.user.profile)}
                            </a>
                        }
                    })}
            </div>
        </Card>
    }
}

fn header(user: User) -> impl IntoView {
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 class="text-xl font-semibold" data-testid="user-name">
                {user.name.clone()}
            </h1>
            <span class="text-muted">{user.username.clone()}</span>
            <span data-testid="user-state">
                <AccountStatusBadge user=user />
            </span>
        </div>
    }
}

fn details(user: User) -> impl IntoView {
    let role = user.role;
    let technician = user.technician_id.map(|id| {
        view! {
            <DescriptionItem label=tl!(users.technician)>
                <a href=format!("/technicians/{id}") class="link link-hover">
                    {tl!(users.open_technician)}
                </a>
            </DescriptionItem>
        }
    });
    let seen = match user.last_login_at {
        Some(at) => view! { <RelativeTime at=at /> }.into_any(),
        None => view! { <span class="text-muted">{tl!(users.never)}</span> }.into_any(),
    };
    view! {
        <DescriptionList>
            <DescriptionItem label=tl!(users.username)>{user.username}</DescriptionItem>
            <DescriptionItem label=tl!(users.role) testid="user-role">
                {move || role.label()}
            </DescriptionItem>
            <DescriptionItem label=tl!(users.last_login)>{seen}</DescriptionItem>
            <DescriptionItem label=tl!(users.since)>
                <RelativeTime at=user.created_at />
            </DescriptionItem>
            <DescriptionItem label=tl!(second_factor.title) testid="user-second-factor">
                {move || if user.second_factor { tl!(second_factor.on)() } else { tl!(second_factor.off)() }}
            </DescriptionItem>
            <DescriptionItem label=tl!(profile.telegram.title) testid="user-telegram">
                {move || {
                    if user.telegram_linked {
                        tr!(profile.telegram.linked)
                    } else {
                        tr!(profile.telegram.not_linked)
                    }
                }}
            </DescriptionItem>
            {technician}
        </DescriptionList>
        <Show when=|| session::can(Permission::AuditRead)>
            <p class="border-t border-base-300 px-4 py-2">
                <a href=format!("/audit?actor={}", user.id) class="link link-primary">
                    {tl!(users.deeds)}
                </a>
            </p>
        </Show>
    }
}
