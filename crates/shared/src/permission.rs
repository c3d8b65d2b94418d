//! Who may do what: the roles, the permissions and the table that joins them.

crate::text_enum! {
    /// The role of a login. Ordered from the most to the least powerful of the office roles.
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
    /// One thing that a caller may be allowed to do.
    Permission {
        UsersManage => "users.manage",
        SettingsManage => "settings.manage",
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
        /// Read identity numbers in full and photos of identity cards; each look is in the audit.
        CustomersIdentity => "customers.identity",
        PlansWrite => "plans.write",
        TechniciansRead => "technicians.read",
        TechniciansManage => "technicians.manage",
        InventoryRead => "inventory.read",
        InventoryWrite => "inventory.write",
        /// Take material out of a bag: use it for a job or bring it back.
        InventoryUse => "inventory.use",
        DashboardRead => "dashboard.read",
        ReportsRead => "reports.read",
    }
}

crate::text_enum! {
    /// How far a permission reaches.
    Scope {
        /// Everything of the organisation.
        All => "all",
        /// What belongs to the caller as a technician: own jobs, their customers, the own bag.
        Own => "own",
    }
}

impl Role {
    /// The table of roles. `None`: not allowed.
    pub const fn grant(self, permission: Permission) -> Option<Scope> {
        use Permission as P;
        use Role as R;
        let all = match permission {
            P::UsersManage | P::JobsAssign | P::TechniciansManage | P::PlansWrite => {
                matches!(self, R::Superadmin | R::Admin)
            }
            P::SettingsManage => matches!(self, R::Superadmin),
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

    /// Whether the role has the permission at all.
    pub const fn allows(self, permission: Permission) -> bool {
        self.grant(permission).is_some()
    }

    /// Whether phone numbers and addresses of customers are shown in full.
    ///
    /// Managers read figures, not people. A technician needs the phone number to reach the
    /// customer of an own job, so it stays readable there.
    pub const fn reads_contact_data(self) -> bool {
        !matches!(self, Role::Manager)
    }

    /// Every permission of the role, in the order of the table.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|&permission| self.allows(permission)).collect()
    }

    /// Whether a user of this role may create, change or disable one of the other role.
    pub const fn may_manage(self, other: Role) -> bool {
        match self {
            Role::Superadmin => true,
            Role::Admin => !matches!(other, Role::Superadmin | Role::Admin),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technician_reaches_only_what_is_his_own() {
        for &permission in Permission::ALL {
            assert_ne!(Role::User.grant(permission), Some(Scope::All), "{permission}");
        }
    }

    #[test]
    fn no_role_but_superadmin_manages_its_equals() {
        for &role in Role::ALL {
            assert_eq!(role.may_manage(role), role == Role::Superadmin, "{role}");
        }
    }

    #[test]
    fn customer_service_never_assigns_and_the_warehouse_never_reads_customers() {
        assert!(!Role::Cs.allows(Permission::JobsAssign));
        assert!(!Role::Gudang.allows(Permission::CustomersRead));
        assert!(!Role::Manager.allows(Permission::JobsCreate));
    }
}
