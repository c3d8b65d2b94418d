//! How many registrations wait for somebody to decide: a number in the navigation.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Permission;
use shared::live::LiveEvent;

use super::refresh::use_refresh;
use super::session;
use crate::api;

static WAITING: LazyLock<ArcRwSignal<i64>> = LazyLock::new(ArcRwSignal::default);

/// The number. Tracks.
pub fn registrations() -> i64 {
    WAITING.get()
}

/// Keeps the number right while the surrounding component stands, for those who may decide.
pub fn watch() {
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
