//! Logins of people.

mod create;

use leptos::prelude::*;
use shared::Permission;
use shared::live::LiveEvent;
use shared::user::User;

use self::create::CreateDialog;
use crate::api;
use crate::api::page::PageQuery;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::state::Forbidden;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::session;
use crate::{tl, tr};

/// Every login, and a way to add one.
#[component]
pub fn UsersPage() -> impl IntoView {
    if !session::can(Permission::UsersManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: List<PageQuery, User> = use_list(
        |query: PageQuery| async move { api::users::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::UserChanged(_)
                    | LiveEvent::TechnicianCreated(_)
                    | LiveEvent::TechnicianUpdated(_)
            )
        },
    );
    let open = RwSignal::new(false);
    view! {
        <PageHeader title=tl!(users.title)>
            <button
                type="button"
                class="btn btn-primary btn-sm"
                on:click=move |_| open.set(true)
                data-testid="new-user"
            >
                <Icon name=IconName::Plus />
                {tl!(users.new)}
            </button>
        </PageHeader>
        <ListView list=list spec=spec() />
        <CreateDialog open=open on_done=move |()| list.reload() />
    }
    .into_any()
}

fn spec() -> ListSpec<User> {
    let columns = vec![
        Column::new(|| tr!(users.name), |user: &User| user.name.clone().into_any())
            .main()
            .text(|user| user.name.clone()),
        Column::new(
            || tr!(users.state),
            |user: &User| view! { <StateBadge user=user.clone() /> }.into_any(),
        )
        .side()
        .text(state_word),
        Column::new(|| tr!(users.username), |user: &User| user.username.clone().into_any())
            .text(|user| user.username.clone()),
        Column::new(
            || tr!(users.role),
            |user: &User| {
                let role = user.role;
                view! { <span>{move || role.label()}</span> }.into_any()
            },
        )
        .text(|user| user.role.label().to_owned())
        .testid("user-role"),
        Column::new(|| tr!(users.technician), technician_cell),
        Column::new(
            || tr!(users.last_login),
            |user: &User| match user.last_login_at {
                Some(at) => view! { <RelativeTime at=at /> }.into_any(),
                None => view! { <span class="text-muted">{tl!(users.never)}</span> }.into_any(),
            },
        )
        .text(|user| user.last_login_at.map(|at| at.to_rfc3339()).unwrap_or_default()),
    ];
    ListSpec {
        columns,
        key: |user| (user.id.0, user.version),
        href: None,
        name: "user",
        caption: || tr!(users.title),
        search_hint: None,
        empty_hint: || tr!(users.empty),
    }
}

fn technician_cell(user: &User) -> AnyView {
    let Some(id) = user.technician_id else { return ().into_any() };
    view! {
        <a href=format!("/technicians/{id}") class="link link-hover">
            {tl!(users.open_technician)}
        </a>
    }
    .into_any()
}

fn state_word(user: &User) -> String {
    match (user.active, user.must_change_password) {
        (false, _) => tr!(users.inactive).to_owned(),
        (true, true) => tr!(users.first_password).to_owned(),
        (true, false) => tr!(users.active).to_owned(),
    }
}

#[component]
fn StateBadge(user: User) -> impl IntoView {
    let (tone, icon) = match (user.active, user.must_change_password) {
        (false, _) => (Tone::Neutral, IconName::Ban),
        (true, true) => (Tone::Warning, IconName::Lock),
        (true, false) => (Tone::Success, IconName::Check),
    };
    view! { <Badge tone=tone icon=icon text=move || state_word(&user) /> }
}
