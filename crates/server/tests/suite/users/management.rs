//! Administration of user accounts: permissions, role limits, password resets.

use reqwest::Method;
use services::{Actor, users};
use shared::user::{PasswordReset, User, UserCreate, UserUpdate};
use shared::{ErrorCode, Page, Role, UserId};

use super::{user_path, user_record, user_request, user_update};
use crate::harness::client::{expect_success, field_error};
use crate::harness::{Client, PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    users_are_searched_filtered_and_paged,
    the_system_account_is_hidden,
    a_username_has_at_least_two_characters,
    reading_users_requires_user_management,
    an_admin_manages_and_assigns_only_lower_roles,
    nobody_changes_the_own_role_or_deactivates_the_own_account,
    a_stale_update_is_rejected,
    of_two_superadmins_deactivating_each_other_one_stays,
    a_repeated_reset_runs_once_and_stores_no_plaintext_password,
);

async fn list(by: &Client, query: &str) -> Vec<String> {
    let page: Page<User> = by.get(&format!("/users?{query}")).await;
    page.items.into_iter().map(|user| user.name).collect()
}

async fn users_are_searched_filtered_and_paged(app: TestApp) {
    let admin = app.sign_in_as(Role::Superadmin).await;
    for (name, role) in [("Candra", Role::Cs), ("Anton", Role::Gudang), ("Budi", Role::Cs)] {
        let _: User = admin.post("/users", &user_request(name, role)).await;
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let anton: User = admin.post("/users", &user_request("Anton", Role::Manager)).await;
    assert_eq!(list(&admin, "role=cs&sort=name").await, ["Budi", "Candra"]);
    assert_eq!(list(&admin, "role=gudang,manager").await, ["Anton", "Anton"]);
    assert_eq!(list(&admin, "q=ANTO").await, ["Anton", "Anton"]);
    assert_eq!(list(&admin, &format!("q={}", anton.username)).await, ["Anton"]);
    assert_eq!(list(&admin, "role=cs,gudang,manager&sort=-created_at").await[0], "Anton");
    assert!(list(&admin, "pending=true").await.is_empty());
    let off = UserUpdate { name: "Anton M.".into(), active: false, ..user_update(&anton) };
    let _: User = admin.put(&user_path(&anton), anton.version, &off).await;
    assert_eq!(list(&admin, "active=false").await, ["Anton M."]);
    assert_eq!(list(&admin, "q=anton%20m").await, ["Anton M."]);
    let counted: Page<User> = admin.get("/users?with_total=true&active=true").await;
    assert_eq!(counted.total, Some(4));
    for sort in ["username", "-username", "name", "-name", "created_at", "-created_at"] {
        let whole = list(&admin, &format!("sort={sort}")).await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page: Page<User> = admin.get(&format!("/users?sort={sort}&limit=1{cursor}")).await;
            seen.extend(page.items.into_iter().map(|user| user.name));
            let Some(next) = page.next_cursor else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((seen.len(), seen), (5, whole), "{sort}");
    }
}

async fn the_system_account_is_hidden(app: TestApp) {
    let admin = app.sign_in_as(Role::Superadmin).await;
    let machine = app.db.write(users::system_actor).await.unwrap().user_id;
    let all: Page<User> = admin.get("/users?with_total=true").await;
    assert_eq!((all.items.len(), all.total), (1, Some(1)));
    assert!(list(&admin, "q=system").await.is_empty());
    let machine = format!("/users/{machine}");
    assert_eq!(admin.get_refused(&machine).await.code, ErrorCode::NotFound);
    let on = UserUpdate { name: "Saya".into(), role: Role::Superadmin, active: true };
    assert_eq!(admin.put_refused(&machine, 1, &on).await.code, ErrorCode::NotFound);
    let reset = PasswordReset { password: PASSWORD.into() };
    let refused = admin.post_refused(&format!("{machine}/reset-password"), &reset).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    let twin = UserCreate { username: "System".into(), ..user_request("Kembaran", Role::Cs) };
    let refused = admin.post_refused("/users", &twin).await;
    assert_eq!(field_error(&refused, "username"), ErrorCode::Taken);
}

async fn a_username_has_at_least_two_characters(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let short = UserCreate { username: "cs".into(), ..user_request("Siti", Role::Cs) };
    let _: User = admin.post("/users", &short).await;
    let shorter = UserCreate { username: "c".into(), ..user_request("Siti", Role::Cs) };
    let refused = admin.post_refused("/users", &shorter).await;
    assert_eq!(field_error(&refused, "username"), ErrorCode::InvalidUsername);
}

async fn reading_users_requires_user_management(app: TestApp) {
    let admin = app.sign_in_as(Role::Superadmin).await;
    for role in [Role::Manager, Role::Cs, Role::Gudang, Role::User] {
        let client = app.sign_in_as(role).await;
        let own = user_path(&user_record(&admin, &client).await);
        assert_eq!(client.get_refused("/users").await.code, ErrorCode::Forbidden, "{role}");
        assert_eq!(client.get_refused(&own).await.code, ErrorCode::Forbidden, "{role}");
    }
    assert_eq!(admin.get_refused("/users/4711").await.code, ErrorCode::NotFound);
}

async fn an_admin_manages_and_assigns_only_lower_roles(app: TestApp) {
    let (root, admin) = (app.sign_in_as(Role::Superadmin).await, app.sign_in_as(Role::Admin).await);
    let reset = PasswordReset { password: "Sementara-789".into() };
    for role in [Role::Superadmin, Role::Admin] {
        let other = user_record(&admin, &app.sign_in_as(role).await).await;
        for request in [
            UserUpdate { active: false, ..user_update(&other) },
            UserUpdate { role: Role::User, ..user_update(&other) },
            UserUpdate { name: "Lain".into(), ..user_update(&other) },
        ] {
            let refused = admin.put_refused(&user_path(&other), other.version, &request).await;
            assert_eq!(refused.code, ErrorCode::Forbidden, "{role} {request:?}");
        }
        let refused =
            admin.post_refused(&format!("{}/reset-password", user_path(&other)), &reset).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
    }
    let cs: User = admin.post("/users", &user_request("Siti", Role::Cs)).await;
    for role in [Role::Superadmin, Role::Admin] {
        let raised = UserUpdate { role, ..user_update(&cs) };
        let refused = admin.put_refused(&user_path(&cs), cs.version, &raised).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
    }
    let moved = UserUpdate { name: "Siti R.".into(), role: Role::Manager, active: true };
    let manager: User = admin.put(&user_path(&cs), cs.version, &moved).await;
    assert_eq!((manager.name.as_str(), manager.role), ("Siti R.", Role::Manager));
    let raised = UserUpdate { role: Role::Admin, ..user_update(&manager) };
    let admin: User = root.put(&user_path(&cs), manager.version, &raised).await;
    assert_eq!(admin.role, Role::Admin);
}

async fn nobody_changes_the_own_role_or_deactivates_the_own_account(app: TestApp) {
    app.sign_in_as(Role::Superadmin).await;
    for role in [Role::Superadmin, Role::Admin] {
        let client = app.sign_in_as(role).await;
        let own = user_record(&client, &client).await;
        for request in [
            UserUpdate { active: false, ..user_update(&own) },
            UserUpdate { role: Role::Cs, ..user_update(&own) },
        ] {
            let refused = client.put_refused(&user_path(&own), own.version, &request).await;
            assert_eq!(refused.code, ErrorCode::CannotModifySelf, "{role}");
        }
        let reset = PasswordReset { password: "Sementara-789".into() };
        let refused =
            client.post_refused(&format!("{}/reset-password", user_path(&own)), &reset).await;
        assert_eq!(refused.code, ErrorCode::CannotModifySelf, "{role}");
        let renamed = UserUpdate { name: "Nama Baru".into(), ..user_update(&own) };
        let renamed: User = client.put(&user_path(&own), own.version, &renamed).await;
        assert_eq!(renamed.name, "Nama Baru");
    }
}

async fn a_stale_update_is_rejected(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs: User = admin.post("/users", &user_request("Siti", Role::Cs)).await;
    let response = admin.request(Method::GET, &user_path(&cs)).send().await.unwrap();
    assert_eq!(response.headers()["etag"], format!("\"{}\"", cs.version));
    let _: User = admin.put(&user_path(&cs), cs.version, &user_update(&cs)).await;
    let refused = admin.put_refused(&user_path(&cs), cs.version, &user_update(&cs)).await;
    assert_eq!(refused.code, ErrorCode::VersionMismatch);
    let nameless = UserUpdate { name: " ".into(), ..user_update(&cs) };
    let refused = admin.put_refused(&user_path(&cs), cs.version + 1, &nameless).await;
    assert_eq!(field_error(&refused, "name"), ErrorCode::Required);
}

/// Called below the HTTP layer, where both are still permitted, so that the rule itself is tested.
async fn of_two_superadmins_deactivating_each_other_one_stays(app: TestApp) {
    let id = |client: &Client| client.user.as_ref().unwrap().id;
    let mut left = id(&app.sign_in_as(Role::Superadmin).await);
    for round in 0..6 {
        let other = id(&app.sign_in_as(Role::Superadmin).await);
        let request = if round % 2 == 0 {
            UserUpdate { name: "Dua".into(), role: Role::Superadmin, active: false }
        } else {
            UserUpdate { name: "Dua".into(), role: Role::Admin, active: true }
        };
        let attempt = |by: UserId, whom: UserId| {
            let (by, request) =
                (Actor::for_user(by, "Satu", Role::Superadmin, None), request.clone());
            app.db.write(move |tx| users::update(tx, &by, whom, None, &request))
        };
        let (first, second) = tokio::join!(attempt(left, other), attempt(other, left));
        let (winner, loser) = match (&first, &second) {
            (Ok(_), Err(error)) => (left, error),
            (Err(error), Ok(_)) => (other, error),
            both => panic!("round {round}: {both:?}"),
        };
        let services::Error::Refused(refusal) = loser else { panic!("{loser:?}") };
        assert_eq!(refusal.code, ErrorCode::LastSuperadmin, "round {round}");
        left = winner;
    }
}

async fn a_repeated_reset_runs_once_and_stores_no_plaintext_password(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let cs: User = admin.post("/users", &user_request("Siti", Role::Cs)).await;
    let weak = PasswordReset { password: "abc".into() };
    let address = format!("{}/reset-password", user_path(&cs));
    let refused = admin.post_refused(&address, &weak).await;
    assert_eq!(field_error(&refused, "password"), ErrorCode::TooShort);
    let reset = PasswordReset { password: "Sementara-789".into() };
    let mut versions = Vec::new();
    for _ in 0..2 {
        let request = admin.request(Method::POST, &address).header("Idempotency-Key", "satu");
        let user: User = expect_success(request.json(&reset).send().await.unwrap()).await;
        versions.push(user.version);
    }
    assert_eq!(versions, [cs.version + 1; 2]);
    // A plain hash of the request would allow fast password guesses against a copied database.
    let body = serde_json::to_vec(&reset).unwrap();
    let kept: Vec<String> = app
        .db
        .read(|conn| {
            use db::schema::idempotency_keys as table;
            use diesel::prelude::*;
            Ok::<_, db::DbError>(table::table.select(table::request_hash).load(conn)?)
        })
        .await
        .unwrap();
    use sha2::{Digest, Sha256};
    let mut plain = Sha256::new();
    for part in ["POST", "\0", &format!("/api{address}"), "\0"] {
        plain.update(part);
    }
    plain.update(body);
    assert_eq!(kept.len(), 1);
    assert_ne!(kept[0], services::auth::jwt::hex(&plain.finalize()));
}
