//! Entries of the navigation and the permissions that they need.

use leptos::prelude::Get;
use shared::Permission;

use crate::components::icon::IconName;
use crate::core::pending_counts::PendingCounts;
use crate::core::session;
use crate::tr;

/// One entry of the navigation.
#[derive(Clone, Copy)]
pub struct NavItem {
    pub path: &'static str,
    /// For tests: `nav-<name>`.
    pub name: &'static str,
    pub label: fn() -> &'static str,
    pub icon: IconName,
    pub permission: Permission,
    /// Returns how many things wait there for a decision. Tracks.
    pub pending: fn(PendingCounts) -> i64,
}

fn no_pending(_: PendingCounts) -> i64 {
    0
}

/// Every entry, in order. On a phone the first four visible ones are in the bottom bar, the rest is behind "more".
pub const NAV: &[NavItem] = &[
    NavItem {
        path: "/",
        name: "dashboard",
        label: || tr!(nav.dashboard),
        icon: IconName::Dashboard,
        permission: Permission::DashboardRead,
        pending: no_pending,
    },
    NavItem {
        path: "/jobs",
        name: "jobs",
        label: || tr!(nav.jobs),
        icon: IconName::Jobs,
        permission: Permission::JobsRead,
        pending: no_pending,
    },
    NavItem {
        path: "/customers",
        name: "customers",
        label: || tr!(nav.customers),
        icon: IconName::Customers,
        permission: Permission::CustomersRead,
        pending: no_pending,
    },
    NavItem {
        path: "/technicians",
        name: "technicians",
        label: || tr!(nav.technicians),
        icon: IconName::Technicians,
        permission: Permission::TechniciansRead,
        pending: |counts| counts.technician_registrations.get(),
    },
    NavItem {
        path: "/inventory",
        name: "inventory",
        label: || {
            if session::sees_own_bag_only() { tr!(inventory.my_bag) } else { tr!(nav.inventory) }
        },
        icon: IconName::Inventory,
        permission: Permission::InventoryRead,
        pending: |counts| counts.bag_returns.get(),
    },
    NavItem {
        path: "/notifications",
        name: "notifications",
        label: || tr!(nav.notifications),
        icon: IconName::Notifications,
        permission: Permission::NotificationsManage,
        pending: |counts| counts.dead_messages.get(),
    },
    NavItem {
        path: "/users",
        name: "users",
        label: || tr!(nav.users),
        icon: IconName::Users,
        permission: Permission::UsersManage,
        pending: |counts| counts.accounts.get(),
    },
    NavItem {
        path: "/api-keys",
        name: "api-keys",
        label: || tr!(nav.api_keys),
        icon: IconName::Key,
        permission: Permission::ApiKeysManage,
        pending: no_pending,
    },
    NavItem {
        path: "/audit",
        name: "audit",
        label: || tr!(nav.audit),
        icon: IconName::Audit,
        permission: Permission::AuditRead,
        pending: no_pending,
    },
    NavItem {
        path: "/settings",
        name: "settings",
        label: || tr!(nav.settings),
        icon: IconName::Settings,
        permission: Permission::SettingsManage,
        pending: no_pending,
    },
];

/// Returns the entries that the signed-in person may see. Tracks.
pub fn visible() -> Vec<NavItem> {
    NAV.iter().copied().filter(|item| session::can(item.permission)).collect()
}
