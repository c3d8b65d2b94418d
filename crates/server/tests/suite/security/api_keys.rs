//! What no key opens.

use shared::technician::{Technician, TechnicianUpdate};
use shared::{ErrorCode, Permission};

use super::fixtures::{Side, World};
use super::requests::{address, send};
use super::required_access::{Need, needed};
use crate::harness::client::refused;
use crate::harness::{TestApp, api_key};
use crate::on_both_databases;

on_both_databases!(no_api_key_creates_accounts_or_grants_access);

/// How many logins there are.
async fn logins(app: &TestApp) -> i64 {
    let count = |conn: &mut db::Conn| {
        use diesel::prelude::*;
        Ok::<i64, db::DbError>(db::schema::users::table.count().get_result(conn)?)
    };
    app.db.read(count).await.unwrap()
}

async fn no_api_key_creates_accounts_or_grants_access(app: TestApp) {
    let world = World::new(app).await;
    let all: Vec<Permission> = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| permission.is_grantable_to_api_key())
        .collect();
    let program = api_key(&world.app, &all).await;
    let before = logins(&world.app).await;
    let mut tried = 0;
    for (operation, need) in needed() {
        if matches!(need, Need::Person(_) | Need::SignIn) {
            let problem = refused(send(&world, &program, &operation, Side::Own).await).await;
            let address = address(&world, &operation, Side::Own);
            assert_eq!(problem.code, ErrorCode::SignInRequired, "{} {address}", operation.method);
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
    assert_eq!(logins(&world.app).await, before);
    // A technician's data are a key's business, whether the login is on is not.
    let path = format!("/technicians/{}", world.of(Side::Own).technician.id);
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
