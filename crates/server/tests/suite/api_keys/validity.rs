//! Validity of API keys: revocation, expiry and allowed networks.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated};
use shared::user::{User, UserUpdate};
use shared::{ErrorCode, Page, Permission, Role};

use super::{
    assert_accepted, client_with_key, key_creator, key_request, revoke, wait_until_rejected,
};
use crate::harness::{Backend, Client, TestApp, client_with_api_key};
use crate::on_both_databases;

on_both_databases!(
    a_revoked_key_is_rejected_at_once,
    a_key_expires,
    a_key_is_accepted_only_from_its_allowed_networks,
    a_key_is_disabled_and_enabled_with_its_creator,
    the_last_use_is_recorded,
    a_cached_key_is_not_looked_up_on_every_request,
);

async fn a_revoked_key_is_rejected_at_once(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &key_request(&[Permission::JobsRead])).await;
    let program = client_with_key(&app, &made);
    assert_accepted(&program).await;
    revoke(&root, &made).await;
    wait_until_rejected(&program).await;
    revoke(&root, &made).await;
    let listed: Page<ApiKey> = root.get("/api-keys?revoked=true").await;
    assert!(listed.items[0].revoked_at.is_some());
    assert!(root.get::<Page<ApiKey>>("/api-keys?revoked=false").await.items.is_empty());
    let unknown = root.request(Method::DELETE, "/api-keys/4711").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

async fn a_key_expires(app: TestApp) {
    use db::Clock;
    let root = app.sign_in_as(Role::Superadmin).await;
    let end = app.clock.now() + TimeDelta::hours(1);
    let request = ApiKeyCreate { expires_at: Some(end), ..key_request(&[Permission::JobsRead]) };
    let made: ApiKeyCreated = root.post("/api-keys", &request).await;
    let program = client_with_key(&app, &made);
    app.clock.set(end - TimeDelta::microseconds(1));
    assert_accepted(&program).await;
    app.clock.set(end);
    assert_eq!(program.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
}

async fn a_key_is_accepted_only_from_its_allowed_networks(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let make = async |networks: &[&str]| -> Client {
        let allowed_addresses = networks.iter().map(|text| (*text).to_owned()).collect();
        let request = ApiKeyCreate { allowed_addresses, ..key_request(&[Permission::JobsRead]) };
        client_with_key(&app, &root.post("/api-keys", &request).await)
    };
    assert_accepted(&make(&["203.0.113.0/24", "127.0.0.0/8"]).await).await;
    assert_accepted(&make(&["127.0.0.1"]).await).await;
    let elsewhere = make(&["203.0.113.0/24", "2001:db8::/32", "::1"]).await;
    assert_eq!(elsewhere.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
    // A header that no proxy has written is ignored.
    let forged = elsewhere.request(Method::GET, "/jobs").header("X-Forwarded-For", "203.0.113.7");
    assert_eq!(forged.send().await.unwrap().status(), 401);
}

async fn a_key_is_disabled_and_enabled_with_its_creator(app: TestApp) {
    let (root, _, program, user) = key_creator(&app).await;
    assert_accepted(&program).await;
    let path = format!("/users/{}", user.id);
    let mut request = UserUpdate { name: user.name, role: user.role, active: false };
    let off: User = root.put(&path, user.version, &request).await;
    wait_until_rejected(&program).await;
    request.active = true;
    let _: User = root.put(&path, off.version, &request).await;
    assert_accepted(&program).await;
}

async fn the_last_use_is_recorded(app: TestApp) {
    use db::Clock;
    let root = app.sign_in_as(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &key_request(&[Permission::JobsRead])).await;
    assert_eq!((made.api_key.last_used_at, made.api_key.last_used_ip.clone()), (None, None));
    let program = client_with_key(&app, &made);
    let recorded = async |at| {
        let seen = async {
            loop {
                let page: Page<ApiKey> = root.get("/api-keys").await;
                if page.items[0].last_used_at == Some(at) {
                    return page.items[0].last_used_ip.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), seen).await.expect("never recorded")
    };
    let first = app.clock.now();
    assert_accepted(&program).await;
    assert_eq!(recorded(first).await.as_deref(), Some("127.0.0.1"));
    app.clock.advance(TimeDelta::minutes(1));
    let second = app.clock.now();
    assert_accepted(&program).await;
    recorded(second).await;
}

/// Changed behind the back of the server, which nothing else may do: what it knows lasts for a
/// few seconds. On a machine that stands still for that long, it is tried again.
async fn a_cached_key_is_not_looked_up_on_every_request(app: TestApp) {
    use db::Clock;
    let program = client_with_api_key(&app, &[Permission::JobsRead]).await;
    let set_revoked = async |at: Option<chrono::NaiveDateTime>| {
        app.db
            .write(move |tx| {
                use db::schema::api_keys as table;
                use diesel::prelude::*;
                diesel::update(table::table).set(table::revoked_at.eq(at)).execute(tx.conn())?;
                Ok::<_, db::DbError>(())
            })
            .await
            .unwrap();
    };
    let now = app.clock.now().naive_utc();
    for _ in 0..5 {
        set_revoked(None).await;
        assert_accepted(&program).await;
        set_revoked(Some(now)).await;
        if program.request(Method::GET, "/jobs").send().await.unwrap().status() == 200 {
            return;
        }
    }
    panic!("the database is queried for every request");
}

/// Earlier than the cache would expire anyway.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_reaches_every_instance() {
    let app = TestApp::start(Backend::Postgres).await;
    let variables = [("DATABASE_URL", app.database_url.as_str())];
    let other = TestApp::start_with(Backend::Postgres, &variables).await;
    let root = app.sign_in_as(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &key_request(&[Permission::JobsRead])).await;
    let there = client_with_key(&other, &made);
    assert_accepted(&there).await;
    revoke(&root, &made).await;
    wait_until_rejected(&there).await;
}
