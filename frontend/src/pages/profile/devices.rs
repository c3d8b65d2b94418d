//! Sessions of the own account, one per device.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::LiveEvent;
use shared::session::AuthSession;
use shared::{Page, SessionId};

use super::user_agent;
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Loaded;
use crate::components::time::RelativeTime;
use crate::core::error_text::ErrorText;
use crate::core::load::{Load, use_load};
use crate::core::toast;
use crate::{tl, tr};

/// The list, with a way to end every session but this one.
#[component]
pub fn Devices() -> impl IntoView {
    let load = use_load(api::auth::sessions, |event| matches!(event, LiveEvent::SessionEnded(_)));
    view! {
        <Loaded
            data=load
            view=move |page| view! { <DeviceList page=page load=load /> }.into_any()
            skeleton_rows=2
        />
    }
}

#[component]
fn DeviceList(page: Page<AuthSession>, load: Load<Page<AuthSession>>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let others = page.items.iter().any(|session| !session.current);
    // This device comes first, because people look for it.
    let (own, rest): (Vec<_>, Vec<_>) = page.items.into_iter().partition(|one| one.current);
    let row = move |one: AuthSession| view! { <DeviceRow session=one load=load busy=busy /> };
    view! {
        <ul class="divide-y divide-base-300">
            {own.into_iter().chain(rest).map(row).collect_view()}
        </ul>
        {others
            .then(|| {
                view! {
                    <div class="border-t border-base-300 px-4 py-2">
                        <button
                            type="button"
                            class="btn btn-sm"
                            disabled=move || busy.get()
                            on:click=move |_| end(None, load, busy)
                            data-testid="end-other-sessions"
                        >
                            <Icon name=IconName::SignOut />
                            {tl!(profile.devices.end_others)}
                        </button>
                    </div>
                }
            })}
    }
}

#[component]
fn DeviceRow(
    session: AuthSession,
    load: Load<Page<AuthSession>>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let AuthSession { id, current, ip, last_used_at, user_agent, .. } = session;
    let icon =
        if user_agent::is_handheld(&user_agent) { IconName::Smartphone } else { IconName::Monitor };
    let agent = StoredValue::new(user_agent.clone());
    let name = move || agent.with_value(|agent| user_agent::label(agent));
    let end_label = move || tr!(profile.devices.end_one, device = name()).to_string();
    view! {
        <li class="flex items-center gap-3 px-4 py-2" data-testid="session-row">
            <Icon name=icon class="size-5 shrink-0 text-muted" />
            <div class="min-w-0 grow">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="font-medium" title=user_agent>
                        {name}
                    </span>
                    {current
                        .then(|| {
                            view! {
                                <Badge
                                    tone=Tone::Success
                                    icon=IconName::Check
                                    text=tl!(profile.devices.this)
                                />
                            }
                        })}
                </div>
                <div class="text-sm text-muted">
                    {tl!(profile.devices.last_used)} " " <RelativeTime at=last_used_at /> " · " {ip}
                </div>
            </div>
            {(!current)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="btn btn-sm"
                            aria-label=end_label
                            disabled=move || busy.get()
                            on:click=move |_| end(Some(id), load, busy)
                            data-testid="end-session"
                        >
                            {tl!(profile.devices.end)}
                        </button>
                    }
                })}
        </li>
    }
}

/// Ends one session, or every other one.
fn end(id: Option<SessionId>, load: Load<Page<AuthSession>>, busy: RwSignal<bool>) {
    busy.set(true);
    spawn_local(async move {
        let answer = match id {
            Some(id) => api::auth::end_session(id).await,
            None => api::auth::end_other_sessions().await,
        };
        busy.try_set(false);
        match answer {
            Ok(()) => toast::success(tr!(profile.devices.ended)),
            Err(error) => toast::error(error.message()),
        }
        load.reload();
    });
}
