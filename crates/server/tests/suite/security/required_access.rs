//! Required access of each operation, written down a second time to notice a permission that was
//! loosened by mistake.

use std::collections::BTreeMap;

use shared::Permission::{self, *};

use crate::contract::openapi::{Operation, document, operations};

/// Access that an operation requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequiredAccess {
    /// No authentication, or another proof than an account.
    Nothing,
    /// Any signed-in account.
    SignIn,
    /// This permission.
    Has(Permission),
    /// This permission of a person; an API key is not enough.
    Person(Permission),
    /// The first permission to reach the operation; the documented example
    /// also needs the second one.
    Both(Permission, Permission),
}

use RequiredAccess::{Both, Has, Nothing, Person, SignIn};

const REQUIRED_ACCESS: &[(&str, RequiredAccess)] = &[
    ("post /api/auth/login", Nothing),
    ("post /api/auth/logout", Nothing),
    ("post /api/auth/refresh", Nothing),
    ("get /api/auth/options", Nothing),
    ("post /api/auth/register", Nothing),
    ("post /api/auth/setup", Nothing),
    ("put /api/auth/password", SignIn),
    ("get /api/auth/sessions", SignIn),
    ("delete /api/auth/sessions", SignIn),
    ("delete /api/auth/sessions/{id}", SignIn),
    ("get /api/auth/logins", SignIn),
    ("get /api/technician-registrations", Has(TechniciansManage)),
    ("post /api/technician-registrations/{id}/approve", Person(TechniciansManage)),
    ("post /api/technician-registrations/{id}/reject", Person(TechniciansManage)),
    ("get /api/technician-registrations/{id}/identity-photo", Has(TechniciansManage)),
    ("get /api/auth/second-factor", SignIn),
    ("post /api/auth/second-factor/setup", SignIn),
    ("post /api/auth/second-factor/confirm", SignIn),
    ("post /api/auth/second-factor/recovery-codes", SignIn),
    ("post /api/auth/second-factor/disable", SignIn),
    ("get /api/auth/telegram", SignIn),
    ("post /api/auth/telegram/code", SignIn),
    ("delete /api/auth/telegram", SignIn),
    ("delete /api/users/{id}/telegram", Person(UsersManage)),
    ("get /api/auth/profile", SignIn),
    ("put /api/auth/profile", SignIn),
    ("get /api/users", Has(UsersManage)),
    ("post /api/users", Person(UsersManage)),
    ("get /api/users/{id}", Has(UsersManage)),
    ("put /api/users/{id}", Person(UsersManage)),
    ("post /api/users/{id}/reset-password", Person(UsersManage)),
    ("post /api/users/{id}/reset-second-factor", Person(UsersManage)),
    ("post /api/users/{id}/approve", Person(UsersManage)),
    ("post /api/users/{id}/reject", Person(UsersManage)),
    ("get /api/roles", SignIn),
    ("get /api/api-keys", Has(ApiKeysManage)),
    ("post /api/api-keys", Person(ApiKeysManage)),
    ("delete /api/api-keys/{id}", Person(ApiKeysManage)),
    ("get /api/customers", Has(CustomersRead)),
    ("post /api/customers", Has(CustomersWrite)),
    ("post /api/customers/import", Has(CustomersWrite)),
    ("post /api/customers/import/columns", Has(CustomersWrite)),
    ("post /api/customers/import/rejected-rows", Has(CustomersWrite)),
    ("get /api/customers/imports", Has(CustomersWrite)),
    ("post /api/customers/imports/{id}/undo", Has(CustomersWrite)),
    ("post /api/customers/similar", Has(CustomersRead)),
    ("get /api/customers/{id}", Has(CustomersRead)),
    ("put /api/customers/{id}", Has(CustomersWrite)),
    ("get /api/customers/{id}/jobs", Has(CustomersRead)),
    ("get /api/customers/{id}/nik", Has(CustomersIdentity)),
    ("get /api/customers/{id}/identity-photo", Has(CustomersIdentity)),
    ("put /api/customers/{id}/identity-photo", Has(CustomersWrite)),
    ("delete /api/customers/{id}/identity-photo", Has(CustomersWrite)),
    ("get /api/plans", Has(CustomersRead)),
    ("post /api/plans", Has(PlansWrite)),
    ("get /api/plans/{id}", Has(CustomersRead)),
    ("put /api/plans/{id}", Has(PlansWrite)),
    ("get /api/technicians", Has(TechniciansRead)),
    ("post /api/technicians", Person(TechniciansManage)),
    ("get /api/technicians/{id}", Has(TechniciansRead)),
    ("put /api/technicians/{id}", Has(TechniciansManage)),
    ("get /api/technicians/{id}/identity-photo", Has(TechniciansManage)),
    ("put /api/technicians/{id}/identity-photo", Has(TechniciansManage)),
    ("delete /api/technicians/{id}/identity-photo", Has(TechniciansManage)),
    ("get /api/jobs", Has(JobsRead)),
    ("post /api/jobs", Has(JobsCreate)),
    ("get /api/jobs/{id}", Has(JobsRead)),
    ("put /api/jobs/{id}", Has(JobsEdit)),
    ("get /api/jobs/{id}/candidates", Has(JobsAssign)),
    ("post /api/jobs/{id}/assign", Has(JobsAssign)),
    // The example completes the job. `job_transitions` covers the others.
    ("post /api/jobs/{id}/transitions", Both(JobsRead, JobsWork)),
    ("get /api/jobs/{id}/timeline", Has(JobsRead)),
    ("get /api/jobs/{id}/materials", Has(JobsRead)),
    ("get /api/jobs/{id}/photos", Has(JobsRead)),
    ("post /api/jobs/{id}/photos", Has(JobsWork)),
    ("get /api/photos/{id}/file", Has(JobsRead)),
    ("get /api/photos/{id}/thumbnail", Has(JobsRead)),
    ("get /api/inventory", Has(InventoryRead)),
    ("post /api/inventory", Has(InventoryWrite)),
    ("post /api/inventory/import", Has(InventoryWrite)),
    ("post /api/inventory/import/columns", Has(InventoryWrite)),
    ("post /api/inventory/import/rejected-rows", Has(InventoryWrite)),
    ("get /api/inventory/imports", Has(InventoryWrite)),
    ("post /api/inventory/imports/{id}/undo", Has(InventoryWrite)),
    ("get /api/inventory/low-stock", Has(InventoryRead)),
    ("get /api/inventory/movements", Has(InventoryRead)),
    ("post /api/inventory/movements/{id}/reversal", Has(InventoryWrite)),
    ("post /api/inventory/receipts", Has(InventoryWrite)),
    ("post /api/inventory/issues", Has(InventoryWrite)),
    ("post /api/inventory/usage", Has(InventoryUse)),
    ("post /api/inventory/returns", Has(InventoryWrite)),
    ("get /api/inventory/bag-returns", Has(InventoryRead)),
    ("post /api/inventory/bag-returns", Has(InventoryUse)),
    ("get /api/inventory/bag-returns/{id}", Has(InventoryRead)),
    ("post /api/inventory/bag-returns/{id}/confirm", Has(InventoryWrite)),
    ("post /api/inventory/bag-returns/{id}/reject", Has(InventoryWrite)),
    ("post /api/inventory/bag-returns/{id}/withdraw", Has(InventoryUse)),
    ("post /api/inventory/transfers", Has(InventoryWrite)),
    ("post /api/inventory/adjustments", Has(InventoryWrite)),
    ("get /api/inventory/{id}", Has(InventoryRead)),
    ("put /api/inventory/{id}", Has(InventoryWrite)),
    ("get /api/inventory/{id}/units", Has(InventoryRead)),
    ("get /api/locations", Has(InventoryRead)),
    ("post /api/locations", Has(InventoryWrite)),
    ("get /api/locations/{id}/stock", Has(InventoryRead)),
    ("get /api/dashboard", Has(DashboardRead)),
    ("get /api/audit", Has(AuditRead)),
    ("get /api/audit/export", Has(AuditRead)),
    ("get /api/map", SignIn),
    ("get /api/settings", SignIn),
    ("put /api/settings", Has(SettingsManage)),
    ("post /api/ws/ticket", SignIn),
    ("get /api/notifications", Has(NotificationsManage)),
    ("post /api/notifications/{id}/retry", Has(NotificationsManage)),
    ("get /api/ws", Nothing),
    ("post /api/telegram/webhook", Nothing),
];

/// Returns every documented operation with its required access.
pub fn required_access() -> Vec<(Operation, RequiredAccess)> {
    let table: BTreeMap<&str, RequiredAccess> = REQUIRED_ACCESS.iter().copied().collect();
    let need = |operation: &Operation| {
        let name = operation.name();
        *table.get(name.as_str()).unwrap_or_else(|| {
            panic!("{name}: add a row to REQUIRED_ACCESS, taken from the permission concept and not from the handler")
        })
    };
    operations(&document()).into_iter().map(|it| (need(&it), it)).map(|(n, o)| (o, n)).collect()
}

#[test]
fn the_required_access_table_matches_the_document() {
    let needed = required_access();
    for (operation, need) in &needed {
        let expected = match need {
            Nothing => None,
            SignIn => Some("signed_in"),
            Has(permission) | Person(permission) | Both(permission, _) => Some(permission.as_str()),
        };
        let said = operation.content["x-permission"].as_str();
        assert_eq!(
            said,
            expected,
            "{}: the handler's signature needs something else",
            operation.name()
        );
    }
    for (operation, need) in &needed {
        // An operation without its own security uses the default of the document: both schemes.
        let takes_keys = operation.content["security"].is_null();
        let may = matches!(need, Has(_) | Both(..));
        assert_eq!(takes_keys, may, "{}: who may call it with a key", operation.name());
    }
    let names: Vec<String> = needed.iter().map(|(operation, _)| operation.name()).collect();
    for (name, _) in REQUIRED_ACCESS {
        assert!(names.iter().any(|known| known == name), "{name} is gone: remove its row");
    }
}
