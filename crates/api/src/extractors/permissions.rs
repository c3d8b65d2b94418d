//! Permissions as types, for the signatures of handlers.

use shared::Permission;

/// The permission that a handler requires.
pub trait RequiredPermission: 'static {
    /// `None` if every role is allowed.
    const PERMISSION: Option<Permission>;
}

/// Any role: no permission, but the user has neither a password to change nor a second factor to
/// set up.
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
