//! Permissions as types, so that they stand in the signature of each handler.

use shared::Permission;

/// A permission that a handler needs.
pub trait Requires: 'static {
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("Needs [`Permission::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $name;

        impl Requires for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}

permissions! {
    UsersManage,
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
    DashboardRead,
}
