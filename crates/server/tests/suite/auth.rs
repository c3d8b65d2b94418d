//! Authentication: sign-out, password change, initial password, permissions for new accounts.

use reqwest::Method;
use shared::session::{PasswordChange, SignedInUser};
use shared::user::{User, UserCreate};
use shared::{ErrorCode, Page, Role};

use crate::harness::client::{expect_problem, field_error};
use crate::harness::{PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    every_resource_requires_authentication,
    missing_authentication_is_reported_before_an_invalid_body,
    signing_out_revokes_the_access_token_at_once,
    a_password_change_revokes_every_token,
    an_initial_password_must_be_changed_before_anything_else,
    nobody_creates_an_account_with_a_higher_role,
);

async fn every_resource_requires_authentication(app: TestApp) {
    for path in [
        "/jobs",
        "/customers",
        "/technicians",
        "/inventory",
        "/dashboard",
        "/users",
        "/photos/1/file",
    ] {
        let problem = app.anonymous().get_refused(path).await;
        assert_eq!(problem.code, ErrorCode::NotAuthenticated, "{path}");
    }
}

async fn missing_authentication_is_reported_before_an_invalid_body(app: TestApp) {
    let request = app.anonymous().request(Method::POST, "/jobs").body("{");
    assert_eq!(
        expect_problem(request.send().await.unwrap()).await.code,
        ErrorCode::NotAuthenticated
    );
    let manager = app.sign_in_as(Role::Manager).await;
    let request = manager.request(Method::POST, "/jobs").body("{");
    assert_eq!(expect_problem(request.send().await.unwrap()).await.code, ErrorCode::Forbidden);
}

async fn signing_out_revokes_the_access_token_at_once(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let profile: SignedInUser = client.get("/auth/profile").await;
    assert_eq!(profile.role, Role::Cs);
    let cookie = format!("isp_refresh={}", client.refresh_cookie.clone().unwrap());
    let request = client.request(Method::POST, "/auth/logout").header("Cookie", cookie);
    assert_eq!(request.send().await.unwrap().status(), 204);
    until_refused(&client).await;
}

/// On PostgreSQL the notification of another instance takes a moment.
pub async fn until_refused(client: &crate::harness::Client) {
    let refusal = async {
        loop {
            let response = client.request(Method::GET, "/auth/profile").send().await.unwrap();
            if response.status() == 401 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(3), refusal).await.unwrap();
}

async fn a_password_change_revokes_every_token(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let username = client.user.clone().unwrap().username;
    let other_device = app.sign_in(&username, PASSWORD).await;
    let wrong =
        PasswordChange { current_password: "bukan".into(), new_password: "Kopi-Tubruk-456".into() };
    let problem = client.put_unversioned_refused("/auth/password", &wrong).await;
    assert_eq!(field_error(&problem, "current_password"), ErrorCode::WrongPassword);
    let weak = PasswordChange { current_password: PASSWORD.into(), new_password: "rahasia".into() };
    let problem = client.put_unversioned_refused("/auth/password", &weak).await;
    assert_eq!(field_error(&problem, "new_password"), ErrorCode::TooShort);
    let right = PasswordChange {
        current_password: PASSWORD.into(),
        new_password: "Kopi-Tubruk-456".into(),
    };
    let response = client.request(Method::PUT, "/auth/password").json(&right).send().await.unwrap();
    assert_eq!(response.status(), 204);
    until_refused(&client).await;
    until_refused(&other_device).await;
    app.sign_in(&username, "Kopi-Tubruk-456").await;
}

async fn an_initial_password_must_be_changed_before_anything_else(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let request = UserCreate {
        username: "Gudang.Baru".into(),
        name: "Petugas gudang".into(),
        role: Role::Gudang,
        password: PASSWORD.into(),
    };
    let user: User = admin.post("/users", &request).await;
    assert_eq!(user.username, "gudang.baru");
    let client = app.sign_in("gudang.baru", PASSWORD).await;
    assert_eq!(client.get_refused("/inventory").await.code, ErrorCode::PasswordChangeRequired);
    let profile: SignedInUser = client.get("/auth/profile").await;
    assert!(profile.must_change_password);
}

async fn nobody_creates_an_account_with_a_higher_role(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for role in [Role::Admin, Role::Superadmin] {
        let request = UserCreate {
            username: "naik.pangkat".into(),
            name: "Naik".into(),
            role,
            password: PASSWORD.into(),
        };
        assert_eq!(
            admin.post_refused("/users", &request).await.code,
            ErrorCode::Forbidden,
            "{role}"
        );
    }
    let users: Page<User> = app.sign_in_as(Role::Superadmin).await.get("/users").await;
    assert!(users.items.iter().all(|user| user.username != "naik.pangkat"));
}
