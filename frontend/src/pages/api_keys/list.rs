//! List of API keys.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::Permission;
use shared::api_key::{ApiKey, ApiKeyQuery};
use shared::live::LiveEvent;

use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::ConfirmDialog;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::{CompactTime, RelativeTime};
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::{clock, format, session, toast};
use crate::{tl, tr};

type Keys = List<ApiKeyQuery, ApiKey>;

/// The list, with a way to create and to revoke a key.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    if !session::can(Permission::ApiKeysManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: Keys = use_list(
        |query: ApiKeyQuery| async move { api::api_keys::list(&query).await },
        |event| matches!(event, LiveEvent::ApiKeyChanged(_)),
    );
    let revoke_dialog = RevokeDialogState { open: RwSignal::new(false), key: RwSignal::new(None) };
    provide_context(revoke_dialog);
    let name = move || revoke_dialog.key.with(|key| key.as_ref().map(|key| key.name.clone()));
    let revoke = move || async move {
        match revoke_dialog.key.get_untracked() {
            Some(key) => api::api_keys::revoke(key.id).await,
            None => Ok(()),
        }
    };
    view! {
        <PageHeader title=tl!(api_keys.title)>
            <NewButton />
        </PageHeader>
        <p class="-mt-2 mb-4 max-w-3xl text-muted">{tl!(api_keys.hint)}</p>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <NewButton /> }
        />
        <ConfirmDialog
            open=revoke_dialog.open
            title=tl!(api_keys.revoke)
            text=move || tr!(api_keys.revoke_sure, name = name().unwrap_or_default()).to_string()
            confirm=tl!(api_keys.revoke)
            request=revoke
            on_done=move |()| {
                toast::success(tr!(api_keys.revoked_now));
                list.reload();
            }
            danger=true
        />
    }
    .into_any()
}

#[component]
fn NewButton() -> impl IntoView {
    view! {
        <a href="/api-keys/new" class="btn btn-primary btn-sm" data-testid="new-api-key">
            <Icon name=IconName::Plus />
            {tl!(api_keys.new)}
        </a>
    }
}

/// The dialog that revokes a key; opened from a row.
#[derive(Clone, Copy)]
struct RevokeDialogState {
    open: RwSignal<bool>,
    key: RwSignal<Option<ApiKey>>,
}

/// Whether a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyState {
    Valid,
    Expired,
    Revoked,
}

impl KeyState {
    fn for_key(key: &ApiKey, now: DateTime<Utc>) -> Self {
        if key.revoked_at.is_some() {
            KeyState::Revoked
        } else if key.expires_at.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else {
            KeyState::Valid
        }
    }

    fn label(self) -> &'static str {
        match self {
            KeyState::Valid => tr!(api_keys.good),
            KeyState::Expired => tr!(api_keys.expired),
            KeyState::Revoked => tr!(api_keys.revoked),
        }
    }
}

fn spec() -> ListSpec<ApiKey> {
    let columns = vec![
        Column::new(|| tr!(api_keys.name), |key: &ApiKey| key.name.clone().into_any())
            .main()
            .text(|key| key.name.clone()),
        Column::new(|| tr!(api_keys.state), state_cell)
            .side()
            .text(|key| KeyState::for_key(key, Utc::now()).label().to_owned())
            .testid("api-key-state"),
        Column::new(|| tr!(api_keys.permissions), permissions_cell).block().text(|key| {
            key.permissions.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(" ")
        }),
        Column::new(|| tr!(api_keys.last_used), last_used_cell)
            .text(|key| key.last_used_at.map(format::for_spreadsheet).unwrap_or_default()),
        Column::new(|| tr!(api_keys.expires), expires_cell)
            .text(|key| key.expires_at.map(format::for_spreadsheet).unwrap_or_default()),
        Column::new(|| tr!(api_keys.addresses), addresses_cell)
            .text(|key| key.allowed_addresses.join(" ")),
        Column::new(
            || tr!(api_keys.created_by),
            |key: &ApiKey| key.created_by_name.clone().into_any(),
        )
        .wide_only()
        .text(|key| key.created_by_name.clone()),
        Column::new(|| tr!(common.actions), revoke_cell),
    ];
    ListSpec {
        columns,
        // A key has no version; what changes is its last use and its revocation.
        key: |key| {
            let used = key.last_used_at.map_or(0, |at| at.timestamp());
            (key.id.0, used.wrapping_mul(2) + i64::from(key.revoked_at.is_some()))
        },
        href: None,
        name: "api-key",
        caption: || tr!(api_keys.title),
        search_hint: None,
        empty_hint: || tr!(api_keys.empty),
    }
}

fn state_cell(key: &ApiKey) -> AnyView {
    let key = key.clone();
    let state = Memo::new(move |_| KeyState::for_key(&key, clock::now()));
    let badge = move || {
        let (tone, icon) = match state.get() {
            KeyState::Valid => (Tone::Success, IconName::Check),
            KeyState::Expired => (Tone::Warning, IconName::Clock),
            KeyState::Revoked => (Tone::Neutral, IconName::Ban),
        };
        view! { <Badge tone=tone icon=icon text=move || state.get().label() /> }
    };
    badge.into_any()
}

fn permissions_cell(key: &ApiKey) -> AnyView {
    let permissions = StoredValue::new(key.permissions.clone());
    let texts = move || {
        permissions
            .with_value(|all| all.iter().map(|one| one.label()).collect::<Vec<_>>().join(", "))
    };
    view! {
        <div class="line-clamp-2 min-w-40" title=texts>
            {texts}
        </div>
    }
    .into_any()
}

fn last_used_cell(key: &ApiKey) -> AnyView {
    let Some(at) = key.last_used_at else {
        return view! { <span class="text-muted">{tl!(api_keys.never)}</span> }.into_any();
    };
    view! {
        <div>
            <RelativeTime at=at />
            <div class="text-sm text-muted">{key.last_used_ip.clone()}</div>
        </div>
    }
    .into_any()
}

fn expires_cell(key: &ApiKey) -> AnyView {
    match key.expires_at {
        Some(at) => view! { <CompactTime at=at /> }.into_any(),
        None => view! { <span class="text-muted">{tl!(api_keys.endless)}</span> }.into_any(),
    }
}

fn addresses_cell(key: &ApiKey) -> AnyView {
    if key.allowed_addresses.is_empty() {
        return view! { <span class="text-muted">{tl!(api_keys.anywhere)}</span> }.into_any();
    }
    let addresses = key.allowed_addresses.join(", ");
    view! {
        <div class="line-clamp-2 max-w-40 break-all" title=addresses.clone()>
            {addresses.clone()}
        </div>
    }
    .into_any()
}

fn revoke_cell(key: &ApiKey) -> AnyView {
    let Some(revoke_dialog) = use_context::<RevokeDialogState>() else { return ().into_any() };
    if key.revoked_at.is_some() {
        return ().into_any();
    }
    let label_name = key.name.clone();
    let label = move || tr!(api_keys.revoke_one, name = label_name.clone()).to_string();
    let key = key.clone();
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-xs"
            aria-label=label
            on:click=move |_| {
                revoke_dialog.key.set(Some(key.clone()));
                revoke_dialog.open.set(true);
            }
            data-testid="revoke"
        >
            {tl!(api_keys.revoke)}
        </button>
    }
    .into_any()
}

fn filters(list: Keys) -> impl IntoView {
    let state = Signal::derive(move || {
        list.query
            .with(|query| query.revoked.map(|revoked| revoked.to_string()).unwrap_or_default())
    });
    let states = Signal::derive(|| {
        vec![
            ("false".to_owned(), tr!(api_keys.good).to_owned()),
            ("true".to_owned(), tr!(api_keys.revoked).to_owned()),
        ]
    });
    view! {
        <FilterSelect
            label=tl!(api_keys.state)
            name="state"
            value=state
            options=states
            on_change=move |text: String| list.change(|query| query.revoked = text.parse().ok())
        />
    }
}
