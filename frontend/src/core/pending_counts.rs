//! How much waits for somebody to decide: numbers in the navigation.

use std::future::Future;
use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Permission;
use shared::live::LiveEvent;

use super::live_refresh::use_refresh;
use super::session;
use crate::api::{self, ApiResult};

type Count = LazyLock<ArcRwSignal<i64>>;

static ACCOUNTS: Count = LazyLock::new(ArcRwSignal::default);
static TECHNICIAN_REGISTRATIONS: Count = LazyLock::new(ArcRwSignal::default);
static BAG_RETURNS: Count = LazyLock::new(ArcRwSignal::default);
static DEAD_MESSAGES: Count = LazyLock::new(ArcRwSignal::default);

/// Those who ask for a login. Tracks.
pub fn accounts() -> i64 {
    ACCOUNTS.get()
}

/// Those who ask to become technicians. Tracks.
pub fn technician_registrations() -> i64 {
    TECHNICIAN_REGISTRATIONS.get()
}

/// What technicians hand back and nobody has counted. Tracks.
pub fn bag_returns() -> i64 {
    BAG_RETURNS.get()
}

/// Messages that were given up. Tracks.
pub fn dead_messages() -> i64 {
    DEAD_MESSAGES.get()
}

/// Keeps the numbers right while the surrounding component stands, for those who may decide.
pub fn watch() {
    keep_updated(&ACCOUNTS, Permission::UsersManage, api::users::count_pending, |event| {
        matches!(event, LiveEvent::UserRegistered(_) | LiveEvent::UserChanged(_))
    });
    keep_updated(
        &TECHNICIAN_REGISTRATIONS,
        Permission::TechniciansManage,
        api::technician_registrations::count_pending,
        |event| matches!(event, LiveEvent::TechnicianRegistered(_)),
    );
    keep_updated(
        &BAG_RETURNS,
        Permission::InventoryWrite,
        api::bag_returns::count_requested,
        |event| matches!(event, LiveEvent::BagReturn(_)),
    );
    keep_updated(
        &DEAD_MESSAGES,
        Permission::NotificationsManage,
        api::notifications::count_dead,
        |event| {
            matches!(event, LiveEvent::NotificationFailed(_) | LiveEvent::NotificationsUpdated(_))
        },
    );
}

fn keep_updated<F: Future<Output = ApiResult<i64>> + 'static>(
    count: &'static Count,
    permission: Permission,
    fetch: fn() -> F,
    is_relevant: fn(&LiveEvent) -> bool,
) {
    let refresh = use_refresh(is_relevant);
    Effect::new(move || {
        refresh.track();
        if !session::can(permission) {
            count.set(0);
            return;
        }
        spawn_local(async move {
            // Without an answer the number of before stays.
            if let Ok(waiting) = fetch().await {
                count.set(waiting);
            }
        });
    });
}
