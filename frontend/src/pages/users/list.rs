//! List of accounts.

use leptos::prelude::*;
use shared::live::LiveEvent;
use shared::user::{User, UserQuery, UserSort};
use shared::{CommaList, Permission, Role};

use super::account_status::{AccountStatusBadge, status_label};
use super::create_dialog::CreateDialog;
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::{format, session};
use crate::{enum_options, tl, tr};

type Users = List<UserQuery, User>;

/// Every account, with search and filters, and a way to add one.
#[component]
pub fn UsersPage() -> impl IntoView {
    if !session::can(Permission::UsersManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: Users = use_list(
        |query: UserQuery| async move { api::users::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::UserChanged(_)
                    | LiveEvent::UserRegistered(_)
                    | LiveEvent::TechnicianCreated(_)
                    | LiveEvent::TechnicianUpdated(_)
            )
        },
    );
    let open = RwSignal::new(false);
    view! {
        <PageHeader title=tl!(users.title)>
            <a href="/users/roles" class="btn btn-sm" data-testid="roles">
                {tl!(users.roles.title)}
            </a>
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
        <ListView list=list spec=spec() filters=filters(list).into_any() />
        <CreateDialog open=open on_done=move |()| list.reload() />
    }
    .into_any()
}

fn spec() -> ListSpec<User> {
    let columns = vec![
        Column::new(|| tr!(users.name), |user: &User| user.name.clone().into_any())
            .main()
            .text(|user| user.name.clone())
            .sort(UserSort::Name.as_str(), UserSort::NameDescending.as_str()),
        Column::new(
            || tr!(users.state),
            |user: &User| view! { <AccountStatusBadge user=user.clone() /> }.into_any(),
        )
        .side()
        .text(|user| status_label(user).to_owned())
        .testid("user-state"),
        Column::new(|| tr!(users.username), |user: &User| user.username.clone().into_any())
            .text(|user| user.username.clone())
            .sort(UserSort::Username.as_str(), UserSort::UsernameDescending.as_str()),
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
        Column::new(|| tr!(second_factor.short), second_factor_cell).wide_only().text(|user| {
            if user.second_factor { tr!(common.yes) } else { tr!(common.no) }.to_owned()
        }),
        Column::new(
            || tr!(users.last_login),
            |user: &User| match user.last_login_at {
                Some(at) => view! { <RelativeTime at=at /> }.into_any(),
                None => view! { <span class="text-muted">{tl!(users.never)}</span> }.into_any(),
            },
        )
        .text(|user| user.last_login_at.map(format::for_spreadsheet).unwrap_or_default()),
        Column::new(
            || tr!(users.since),
            |user: &User| view! { <RelativeTime at=user.created_at /> }.into_any(),
        )
        .wide_only()
        .text(|user| format::for_spreadsheet(user.created_at))
        .sort(UserSort::OldestFirst.as_str(), UserSort::NewestFirst.as_str()),
    ];
    ListSpec {
        columns,
        key: |user| (user.id.0, user.version.wrapping_mul(2) + i64::from(user.second_factor)),
        href: Some(|user| format!("/users/{}", user.id)),
        name: "user",
        caption: || tr!(users.title),
        search_hint: Some(|| tr!(users.search)),
        empty_hint: || tr!(users.empty),
    }
}

fn technician_cell(user: &User) -> AnyView {
    let Some(id) = user.technician_id else { return ().into_any() };
    view! {
        <a href=format!("/technicians/{id}") class="link link-hover relative z-10">
            {tl!(users.open_technician)}
        </a>
    }
    .into_any()
}

fn second_factor_cell(user: &User) -> AnyView {
    if user.second_factor {
        view! { <Badge tone=Tone::Success icon=IconName::Check text=tl!(second_factor.on) /> }
            .into_any()
    } else {
        view! { <span class="text-muted">{tl!(common.none)}</span> }.into_any()
    }
}

/// Filter values by status, as the two flags of the query.
const STATES: [(&str, Option<bool>, Option<bool>); 3] = [
    ("active", Some(true), None),
    ("inactive", Some(false), Some(false)),
    ("pending", None, Some(true)),
];

fn filters(list: Users) -> impl IntoView {
    let role = Signal::derive(move || {
        list.query.with(|query| {
            let chosen = query.role.as_ref().and_then(|list| list.0.first());
            chosen.map(ToString::to_string).unwrap_or_default()
        })
    });
    let state = Signal::derive(move || {
        list.query.with(|query| {
            let chosen = (query.active, query.pending);
            let known = STATES.iter().find(|(_, active, pending)| chosen == (*active, *pending));
            known.map(|(name, ..)| (*name).to_owned()).unwrap_or_default()
        })
    });
    let states = Signal::derive(|| {
        let labels = [tr!(users.active), tr!(users.inactive), tr!(users.pending)];
        let named = STATES.iter().zip(labels);
        named.map(|((name, ..), label)| ((*name).to_owned(), label.to_owned())).collect::<Vec<_>>()
    });
    view! {
        <FilterSelect
            label=tl!(users.role)
            name="role"
            value=role
            options=enum_options!(Role)
            on_change=move |text: String| {
                let role = text.parse().ok().map(|role| CommaList(vec![role]));
                list.change(|query| query.role = role);
            }
        />
        <FilterSelect
            label=tl!(users.state)
            name="state"
            value=state
            options=states
            on_change=move |text: String| {
                let chosen = STATES.iter().find(|(name, ..)| *name == text);
                let (active, pending) =
                    chosen.map_or((None, None), |(_, active, pending)| (*active, *pending));
                list.change(|query| (query.active, query.pending) = (active, pending));
            }
        />
    }
}
