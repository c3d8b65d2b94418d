//! Operations that no API key may perform.

use shared::technician::{Technician, TechnicianUpdate};
use shared::{ErrorCode, Permission};

use super::fixtures::{Fixture, Side};
use super::requests::{address, send};
use super::required_access::{RequiredAccess, required_access};
use crate::harness::client::expect_problem;
use crate::harness::{TestApp, client_with_api_key};
use crate::on_both_databases;

on_both_databases!(no_api_key_creates_accounts_or_grants_access);

/// Counts the accounts.
async fn logins(app: &TestApp) -> i64 {
    let count = |conn: &mut db::Conn| {
        use diesel::prelude::*;
        Ok::<i64, db::DbError>(db::schema::users::table.count().get_result(conn)?)
    };
    app.db.read(count).await.unwrap()
}

async fn no_api_key_creates_accounts_or_grants_access(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let all: Vec<Permission> = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| permission.is_grantable_to_api_key())
        .collect();
    let program = client_with_api_key(&fixture.app, &all).await;
    let before = logins(&fixture.app).await;
    let mut tried = 0;
    for (operation, need) in required_access() {
        if matches!(need, RequiredAccess::Person(_) | RequiredAccess::SignIn) {
            let problem =
                expect_problem(send(&fixture, &program, &operation, Side::Own).await).await;
            let address = address(&fixture, &operation, Side::Own);
            assert_eq!(problem.code, ErrorCode::SignInRequired, "{} {address}", operation.method);
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
    assert_eq!(logins(&fixture.app).await, before);
    // A key may change a technician's data but not activate the account.
    let path = format!("/technicians/{}", fixture.of(Side::Own).technician.id);
    let known: Technician = program.get(&path).await;
    let update = TechnicianUpdate {
        name: "Joko Baru".into(),
        phone: known.phone.clone(),
        skills: known.skills.clone(),
        base_latitude: known.base_latitude,
        base_longitude: known.base_longitude,
        on_duty: known.on_duty,
        active: known.active,
    };
    let changed: Technician = program.put(&path, known.version, &update).await;
    assert_eq!(changed.name, "Joko Baru");
    let switched = TechnicianUpdate { active: !known.active, ..update };
    let problem = program.put_refused(&path, changed.version, &switched).await;
    assert_eq!(problem.code, ErrorCode::SignInRequired);
}
