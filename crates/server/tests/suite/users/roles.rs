//! Role table as the API publishes it.

use shared::permission::{Grant, RoleGrants};
use shared::{ErrorCode, Page, Permission, Role, Scope};

use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(every_user_reads_the_role_table);

async fn every_user_reads_the_role_table(app: TestApp) {
    let refused = app.anonymous().get_refused("/roles").await;
    assert_eq!(refused.code, ErrorCode::NotAuthenticated);
    let page: Page<RoleGrants> = app.sign_in_as(Role::User).await.get("/roles").await;
    let roles: Vec<Role> = page.items.iter().map(|row| row.role).collect();
    assert_eq!(roles, Role::ALL);
    for row in &page.items {
        for &permission in Permission::ALL {
            let found = row.grants.iter().find(|grant| grant.permission == permission);
            assert_eq!(found.map(|grant| grant.scope), row.role.grant(permission));
        }
    }
    let technician = page.items.last().unwrap();
    let own = Grant { permission: Permission::JobsRead, scope: Scope::Own };
    assert!(technician.grants.contains(&own) && technician.manages.is_empty());
    assert_eq!(page.items[1].manages, [Role::Manager, Role::Cs, Role::Gudang, Role::User]);
}
