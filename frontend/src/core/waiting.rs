//! How many things wait for somebody to decide: numbers in the navigation.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Permission;
use shared::live::LiveEvent;

use super::refresh::use_refresh;
use super::session;
use crate::api;

static WAITING: LazyLock<ArcRwSignal<i64>> = LazyLock::new(ArcRwSignal::default);
static DEAD: LazyLock<ArcRwSignal<i64>> = LazyLock::new(ArcRwSignal::default);

/// Registrations that wait. Tracks.
pub fn registrations() -> i64 {
    WAITING.get()
}

/// Messages that were given up. Tracks.
pub fn dead_messages() -> i64 {
    DEAD.get()
}

/// Keeps the numbers right while the surrounding component stands, for those who may decide.
pub fn watch() {
    watch_registrations();
    watch_messages();
}

fn watch_messages() {
    let refresh = use_refresh(|event| {
        matches!(event, LiveEvent::NotificationFailed(_) | LiveEvent::NotificationsUpdated(_))
    });
    Effect::new(move || {
        refresh.track();
        if !session::can(Permission::NotificationsManage) {
            DEAD.set(0);
            return;
        }
        spawn_local(async {
            // Without an answer the number of before stays.
            if let Ok(count) = api::notifications::dead().await {
                DEAD.set(count);
            }
        });
    });
}

fn watch_registrations() {
    let refresh = use_refresh(|event| {
        matches!(event, LiveEvent::UserRegistered(_) | LiveEvent::UserChanged(_))
    });
    Effect::new(move || {
        refresh.track();
        if !session::can(Permission::UsersManage) {
            WAITING.set(0);
            return;
        }
        spawn_local(async {
            // Without an answer the number of before stays.
            if let Ok(count) = api::users::waiting().await {
                WAITING.set(count);
            }
        });
    });
}
