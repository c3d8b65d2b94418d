//! Pending counts: how many things wait for a decision, shown in the navigation.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Permission;
use shared::live::LiveEvent;

use super::live_refresh::use_refresh;
use super::session;
use crate::api::{self, ApiResult};

/// The counts; zero where the signed-in person may not decide.
#[derive(Clone, Copy, Default)]
pub struct PendingCounts {
    /// Accounts that wait for an approval.
    pub accounts: RwSignal<i64>,
    /// Applications of technicians that wait for an approval.
    pub technician_registrations: RwSignal<i64>,
    /// Returned material that nobody has counted.
    pub bag_returns: RwSignal<i64>,
    /// Messages whose delivery was given up.
    pub dead_messages: RwSignal<i64>,
}

/// Provides the counts to everything below the surrounding component and keeps them up to date while it is mounted.
pub fn provide_pending_counts() -> PendingCounts {
    let counts = PendingCounts::default();
    provide_context(counts);
    keep_updated(counts.accounts, Permission::UsersManage, api::users::count_pending, |event| {
        matches!(event, LiveEvent::UserRegistered(_) | LiveEvent::UserChanged(_))
    });
    keep_updated(
        counts.technician_registrations,
        Permission::TechniciansManage,
        api::technician_registrations::count_pending,
        |event| matches!(event, LiveEvent::TechnicianRegistered(_)),
    );
    keep_updated(
        counts.bag_returns,
        Permission::InventoryWrite,
        api::bag_returns::count_requested,
        |event| matches!(event, LiveEvent::BagReturn(_)),
    );
    keep_updated(
        counts.dead_messages,
        Permission::NotificationsManage,
        api::notifications::count_dead,
        |event| {
            matches!(event, LiveEvent::NotificationFailed(_) | LiveEvent::NotificationsUpdated(_))
        },
    );
    counts
}

/// Returns the provided counts; zeros outside of them.
pub fn use_pending_counts() -> PendingCounts {
    use_context().unwrap_or_default()
}

fn keep_updated<F: Future<Output = ApiResult<i64>> + 'static>(
    count: RwSignal<i64>,
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
            // Without an answer the previous number stays.
            if let Ok(pending) = fetch().await {
                count.try_set(pending);
            }
        });
    });
}
