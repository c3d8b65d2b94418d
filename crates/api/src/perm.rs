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
    ApiKeysManage,
    SettingsManage,
    JobsRead,
    JobsCreate,
    JobsEdit,
    JobsAssign,
    JobsWork,
    CustomersRead,
    CustomersWrite,
    PlansWrite,
    TechniciansRead,
    TechniciansManage,
    InventoryRead,
    InventoryWrite,
    InventoryUse,
    DashboardRead,
}
