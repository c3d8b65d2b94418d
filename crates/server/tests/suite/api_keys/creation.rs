//! Creation and management of API keys.

use reqwest::Method;
use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated};
use shared::{ErrorCode, Page, Permission, Role};

use super::{assert_accepted, client_with_key, key_request};
use crate::harness::TestApp;
use crate::harness::client::expect_success;
use crate::on_both_databases;

on_both_databases!(
    a_key_is_shown_once_and_stored_as_a_hash,
    a_repeated_creation_returns_the_same_key_and_stores_no_plaintext,
    invalid_fields_are_reported,
    only_superadmins_manage_keys_and_keys_never_do,
);

/// Reads every text of the tables that could contain a secret.
async fn readable(app: &TestApp) -> String {
    let texts: Vec<String> = app
        .db
        .read(|conn| {
            use db::schema::{api_keys, audit, idempotency_keys, live_events};
            use diesel::prelude::*;
            let mut texts: Vec<String> =
                api_keys::table.select(api_keys::secret_hash).load(conn)?;
            let kept: Vec<String> =
                idempotency_keys::table.select(idempotency_keys::body).load(conn)?;
            let after: Vec<Option<String>> = audit::table.select(audit::after).load(conn)?;
            texts.extend(kept);
            texts.extend(after.into_iter().flatten());
            texts.extend(live_events::table.select(live_events::event).load::<String>(conn)?);
            Ok::<_, db::DbError>(texts)
        })
        .await
        .unwrap();
    texts.join("\n")
}

async fn a_key_is_shown_once_and_stored_as_a_hash(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &key_request(&[Permission::JobsRead])).await;
    let secret = made.key.strip_prefix(&format!("isp_{}_", made.api_key.id)).unwrap();
    assert_eq!(secret.len(), 43);
    assert_accepted(&client_with_key(&app, &made)).await;
    let listed: Page<ApiKey> = root.get("/api-keys?with_total=true").await;
    assert_eq!((listed.items.len(), listed.total), (1, Some(1)));
    assert_eq!(listed.items[0].created_by_name, root.user.clone().unwrap().name);
    let text = serde_json::to_string(&listed).unwrap();
    assert!(!text.contains(secret) && !readable(&app).await.contains(secret));
}

async fn a_repeated_creation_returns_the_same_key_and_stores_no_plaintext(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let key = key_request(&[Permission::JobsRead]);
    let mut keys = Vec::new();
    for _ in 0..2 {
        let request = root.request(Method::POST, "/api-keys").header("Idempotency-Key", "satu");
        let response = request.json(&key).send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        keys.push(expect_success::<ApiKeyCreated>(response).await.key);
    }
    assert_eq!(keys[0], keys[1]);
    let secret = keys[0].rsplit('_').next().unwrap();
    assert!(!readable(&app).await.contains(secret));
}

async fn invalid_fields_are_reported(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let past = app.clock.clone();
    use db::Clock;
    let wrong = ApiKeyCreate {
        permissions: vec![Permission::JobsRead, Permission::UsersManage, Permission::ApiKeysManage],
        expires_at: Some(past.now()),
        ..key_request(&[])
    };
    let problem = root.post_refused("/api-keys", &wrong).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("permissions[1]", ErrorCode::PermissionNotGrantable),
            ("permissions[2]", ErrorCode::PermissionNotGrantable),
            ("expires_at", ErrorCode::InThePast),
        ]
    );
    let wrong = ApiKeyCreate {
        name: " ".into(),
        allowed_addresses: vec!["10.0.0.0/8".into(), "rumah".into()],
        ..key_request(&[])
    };
    let problem = root.post_refused("/api-keys", &wrong).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("name", ErrorCode::Required),
            ("permissions", ErrorCode::Required),
            ("allowed_addresses[1]", ErrorCode::InvalidAddress),
        ]
    );
}

async fn only_superadmins_manage_keys_and_keys_never_do(app: TestApp) {
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Superadmin) {
        let client = app.sign_in_as(role).await;
        let request = key_request(&[Permission::JobsRead]);
        assert_eq!(client.get_refused("/api-keys").await.code, ErrorCode::Forbidden, "{role}");
        let refused = client.post_refused("/api-keys", &request).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
        let revoke = client.request(Method::DELETE, "/api-keys/1").send().await.unwrap();
        assert_eq!(revoke.status(), 403, "{role}");
    }
}
