//! Permissions as types, so that they stand in the signature of each handler.

use shared::Permission;

/// A permission that a handler needs.
pub trait RequiredPermission: 'static {
    /// `None` if any role may.
    const PERMISSION: Option<Permission>;
}

/// Needs no permission, but a caller who has nothing left to do before working.
#[derive(Debug)]
pub struct AnyRole;

impl RequiredPermission for AnyRole {
    const PERMISSION: Option<Permission> = None;
}

macro_rules! permissions {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("Needs [`Permission::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $name;

        impl RequiredPermission for $name {
            const PERMISSION: Option<Permission> = Some(Permission::$name);
        }
    )+};
}

permissions! {
    UsersManage,
    ApiKeysManage,
    SettingsManage,
    AuditRead,
    JobsRead,
    JobsCreate,
    JobsEdit,
    JobsAssign,
    JobsWork,
    CustomersRead,
    CustomersWrite,
    CustomersIdentity,
    PlansWrite,
    TechniciansRead,
    TechniciansManage,
    InventoryRead,
    InventoryWrite,
    InventoryUse,
    NotificationsManage,
    DashboardRead,
}
