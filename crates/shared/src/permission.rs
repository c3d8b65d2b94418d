//! Roles and permissions.

use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Role of a user account. Office roles are ordered from most to least powerful.
    Role {
        Superadmin => "superadmin",
        Admin => "admin",
        Manager => "manager",
        /// Customer service.
        Cs => "cs",
        /// Warehouse staff.
        Gudang => "gudang",
        /// A technician, once linked to a technician record.
        User => "user",
    }
}

crate::text_enum! {
    /// Permission for one kind of operation.
    Permission {
        UsersManage => "users.manage",
        SettingsManage => "settings.manage",
        ApiKeysManage => "api_keys.manage",
        AuditRead => "audit.read",
        JobsRead => "jobs.read",
        JobsCreate => "jobs.create",
        JobsEdit => "jobs.edit",
        JobsCancel => "jobs.cancel",
        JobsVerify => "jobs.verify",
        JobsAssign => "jobs.assign",
        /// Take and carry out jobs: claim, accept, depart, start, hold, complete, photos.
        JobsWork => "jobs.work",
        CustomersRead => "customers.read",
        CustomersWrite => "customers.write",
        /// Read complete identity numbers and photos of identity cards; each access is audited.
        CustomersIdentity => "customers.identity",
        PlansWrite => "plans.write",
        TechniciansRead => "technicians.read",
        TechniciansManage => "technicians.manage",
        InventoryRead => "inventory.read",
        InventoryWrite => "inventory.write",
        /// Use material of a bag for a job, or request its return to the warehouse.
        InventoryUse => "inventory.use",
        /// Read sent messages and send failed ones again.
        NotificationsManage => "notifications.manage",
        DashboardRead => "dashboard.read",
        ReportsRead => "reports.read",
    }
}

crate::text_enum! {
    /// Scope of a permission.
    Scope {
        /// All data of the organisation.
        All => "all",
        /// The caller's own data as a technician: own jobs, their customers, the own bag.
        Own => "own",
    }
}

impl Role {
    /// Scope of the permission for the role; `None`: not allowed.
    pub const fn grant(self, permission: Permission) -> Option<Scope> {
        use Permission as P;
        use Role as R;
        let all = match permission {
            P::UsersManage
            | P::JobsAssign
            | P::TechniciansManage
            | P::PlansWrite
            | P::NotificationsManage => {
                matches!(self, R::Superadmin | R::Admin)
            }
            P::SettingsManage | P::ApiKeysManage => matches!(self, R::Superadmin),
            P::AuditRead | P::ReportsRead => matches!(self, R::Superadmin | R::Admin | R::Manager),
            P::CustomersRead => !matches!(self, R::User | R::Gudang),
            P::JobsRead | P::DashboardRead | P::TechniciansRead | P::InventoryRead => {
                !matches!(self, R::User)
            }
            P::JobsCreate
            | P::JobsEdit
            | P::JobsCancel
            | P::JobsVerify
            | P::CustomersWrite
            | P::CustomersIdentity => matches!(self, R::Superadmin | R::Admin | R::Cs),
            P::JobsWork => matches!(self, R::Superadmin | R::Admin),
            P::InventoryWrite | P::InventoryUse => {
                matches!(self, R::Superadmin | R::Admin | R::Gudang)
            }
        };
        if all {
            return Some(Scope::All);
        }
        let own = matches!(self, R::User)
            && matches!(
                permission,
                P::JobsRead | P::JobsWork | P::CustomersRead | P::InventoryRead | P::InventoryUse
            );
        if own { Some(Scope::Own) } else { None }
    }

    /// Whether the role has the permission in any scope.
    pub const fn allows(self, permission: Permission) -> bool {
        self.grant(permission).is_some()
    }

    /// All permissions of the role, in table order.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|&permission| self.allows(permission)).collect()
    }

    /// Whether users of this role may create, change or disable users of the other role.
    pub const fn may_manage(self, other: Role) -> bool {
        match self {
            Role::Superadmin => true,
            Role::Admin => !matches!(other, Role::Superadmin | Role::Admin),
            _ => false,
        }
    }
}

impl Permission {
    /// Whether an API key may have it: keys that could manage users or keys could grant themselves
    /// everything else.
    pub const fn is_grantable_to_api_key(self) -> bool {
        !matches!(self, Permission::UsersManage | Permission::ApiKeysManage)
    }

    const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// Permissions of a caller: all permissions of a role, or the subset of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionSet {
    all: u64,
    own: u64,
}

impl PermissionSet {
    /// All permissions of the role.
    pub const fn for_role(role: Role) -> Self {
        let mut rights = Self { all: 0, own: 0 };
        let mut index = 0;
        while index < Permission::ALL.len() {
            let permission = Permission::ALL[index];
            match role.grant(permission) {
                Some(Scope::All) => rights.all |= permission.bit(),
                Some(Scope::Own) => rights.own |= permission.bit(),
                None => {}
            }
            index += 1;
        }
        rights
    }

    /// The permissions of an API key: only those that the creator's role has in scope `all`.
    pub fn for_api_key(role: Role, permissions: &[Permission]) -> Self {
        let wanted = permissions.iter().filter(|permission| permission.is_grantable_to_api_key());
        let wanted = wanted.fold(0, |bits, permission| bits | permission.bit());
        Self { all: Self::for_role(role).all & wanted, own: 0 }
    }

    /// Scope of the permission; `None`: not allowed.
    pub const fn grant(self, permission: Permission) -> Option<Scope> {
        if self.all & permission.bit() != 0 {
            Some(Scope::All)
        } else if self.own & permission.bit() != 0 {
            Some(Scope::Own)
        } else {
            None
        }
    }

    /// Whether the permission is granted in any scope.
    pub const fn allows(self, permission: Permission) -> bool {
        self.grant(permission).is_some()
    }
}

/// One role of `GET /api/roles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleGrants {
    pub role: Role,
    pub grants: Vec<Grant>,
    /// Roles whose user accounts this role may create, change and disable.
    pub manages: Vec<Role>,
}

/// One permission of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    pub permission: Permission,
    pub scope: Scope,
}

impl RoleGrants {
    /// The role with its permissions.
    pub fn for_role(role: Role) -> Self {
        let grant = |&permission: &Permission| {
            role.grant(permission).map(|scope| Grant { permission, scope })
        };
        Self {
            role,
            grants: Permission::ALL.iter().filter_map(grant).collect(),
            manages: Role::ALL.iter().copied().filter(|&other| role.may_manage(other)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technicians_have_no_permission_beyond_their_own_scope() {
        for &permission in Permission::ALL {
            assert_ne!(Role::User.grant(permission), Some(Scope::All), "{permission}");
        }
    }

    #[test]
    fn only_superadmins_manage_their_own_role() {
        for &role in Role::ALL {
            assert_eq!(role.may_manage(role), role == Role::Superadmin, "{role}");
        }
    }

    #[test]
    fn permission_sets_match_the_role_table() {
        for &role in Role::ALL {
            for &permission in Permission::ALL {
                assert_eq!(PermissionSet::for_role(role).grant(permission), role.grant(permission));
            }
        }
    }

    #[test]
    fn api_keys_never_exceed_their_creator_and_never_manage_users() {
        for &role in Role::ALL {
            let key = PermissionSet::for_api_key(role, Permission::ALL);
            for &permission in Permission::ALL {
                let may = permission.is_grantable_to_api_key()
                    && role.grant(permission) == Some(Scope::All);
                assert_eq!(key.grant(permission), may.then_some(Scope::All), "{role} {permission}");
            }
        }
        let reader = PermissionSet::for_api_key(Role::Superadmin, &[Permission::JobsRead]);
        assert!(reader.allows(Permission::JobsRead) && !reader.allows(Permission::JobsCreate));
    }

    #[test]
    fn customer_service_cannot_assign_and_the_warehouse_cannot_read_customers() {
        assert!(!Role::Cs.allows(Permission::JobsAssign));
        assert!(!Role::Gudang.allows(Permission::CustomersRead));
        assert!(!Role::Manager.allows(Permission::JobsCreate));
    }
}
