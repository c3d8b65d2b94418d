//! Required second factor, and its removal by an admin.

use reqwest::Method;
use shared::second_factor::{SecondFactorDemand, SecondFactorStatus};
use shared::session::SignedInUser;
use shared::settings::Settings;
use shared::user::User;
use shared::{ErrorCode, Page, Role};

use super::second_factor::set_up;
use crate::auth::until_refused;
use crate::harness::client::expect_success;
use crate::harness::{Client, PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    a_required_second_factor_must_be_set_up_before_anything_else,
    the_requirement_applies_to_the_configured_roles,
    an_admin_removes_a_lost_second_factor_of_a_lower_role,
    nobody_removes_the_own_second_factor_or_that_of_an_equal_role,
);

async fn demand(superadmin: &Client, demand: SecondFactorDemand) {
    let settings: Settings = superadmin.get("/settings").await;
    let changed = Settings { require_second_factor: demand, ..settings.clone() };
    superadmin.put::<Settings>("/settings", settings.version, &changed).await;
}

/// On PostgreSQL the notification of a change takes a moment.
async fn until(client: &Client, path: &str, code: Option<ErrorCode>) {
    let heard = async {
        loop {
            let answer = client.request(Method::GET, path).send().await.unwrap();
            let ok = answer.status().is_success();
            let problem: Option<shared::Problem> = answer.json().await.ok();
            if (ok && code.is_none()) || (!ok && problem.map(|problem| problem.code) == code) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(3), heard).await.unwrap();
}

async fn a_required_second_factor_must_be_set_up_before_anything_else(app: TestApp) {
    let superadmin = app.sign_in_as(Role::Superadmin).await;
    set_up(&app, &superadmin).await;
    let admin = app.sign_in_as(Role::Admin).await;
    admin.get::<serde_json::Value>("/jobs").await;
    demand(&superadmin, SecondFactorDemand::Admins).await;
    let missing = Some(ErrorCode::SecondFactorSetupRequired);
    until(&admin, "/jobs", missing).await;
    for path in ["/jobs", "/users", "/settings", "/dashboard"] {
        assert_eq!(Some(admin.get_refused(path).await.code), missing, "{path}");
    }
    assert_eq!(Some(admin.post_refused("/ws/ticket", &()).await.code), missing);
    let profile: SignedInUser = admin.get("/auth/profile").await;
    assert!(profile.second_factor_setup_required);
    let status: SecondFactorStatus = admin.get("/auth/second-factor").await;
    assert!(status.required && !status.enabled);
    set_up(&app, &admin).await;
    until(&admin, "/jobs", None).await;
    let profile: SignedInUser = admin.get("/auth/profile").await;
    assert!(!profile.second_factor_setup_required);
    superadmin.get::<serde_json::Value>("/jobs").await;
}

async fn the_requirement_applies_to_the_configured_roles(app: TestApp) {
    let superadmin = app.sign_in_as(Role::Superadmin).await;
    set_up(&app, &superadmin).await;
    demand(&superadmin, SecondFactorDemand::Admins).await;
    let required =
        async |role: Role| app.sign_in_as(role).await.user.unwrap().second_factor_setup_required;
    assert!(required(Role::Superadmin).await && required(Role::Admin).await);
    assert!(!required(Role::Cs).await && !required(Role::User).await);
    demand(&superadmin, SecondFactorDemand::Office).await;
    assert!(required(Role::Manager).await && required(Role::Gudang).await);
    assert!(!required(Role::User).await);
    let cs = app.sign_in_as(Role::Cs).await;
    assert_eq!(cs.get_refused("/jobs").await.code, ErrorCode::SecondFactorSetupRequired);
    demand(&superadmin, SecondFactorDemand::None).await;
    until(&cs, "/jobs", None).await;
}

async fn reset(client: &Client, id: shared::UserId) -> reqwest::Response {
    let path = format!("/users/{id}/reset-second-factor");
    let request = client.request(Method::POST, &path);
    request.header("Idempotency-Key", format!("reset-{id}")).send().await.unwrap()
}

async fn an_admin_removes_a_lost_second_factor_of_a_lower_role(app: TestApp) {
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    let user = cs.user.clone().unwrap();
    set_up(&app, &cs).await;
    let users: Page<User> = admin.get("/users").await;
    let with: Vec<_> = users.items.iter().filter(|user| user.second_factor).collect();
    assert_eq!(with.iter().map(|user| user.id).collect::<Vec<_>>(), [user.id]);
    let answer: User = expect_success(reset(&admin, user.id).await).await;
    assert!(answer.id == user.id && !answer.second_factor);
    until_refused(&cs).await;
    assert_eq!(cs.refresh(cs.refresh_cookie.as_ref().unwrap()).await.status(), 401);
    let cs = app.sign_in(&user.username, PASSWORD).await;
    let status: SecondFactorStatus = cs.get("/auth/second-factor").await;
    assert_eq!((status.enabled, status.recovery_codes_left), (false, 0));
    assert_eq!(reset(&admin, user.id).await.status(), 200, "the first response again");
    let path = format!("/users/{}/reset-second-factor", user.id);
    let problem = admin.post_refused(&path, &()).await;
    assert_eq!(problem.code, ErrorCode::SecondFactorNotEnabled);
    assert_eq!(reset(&admin, shared::UserId(999_999)).await.status(), 404);
}

async fn nobody_removes_the_own_second_factor_or_that_of_an_equal_role(app: TestApp) {
    let (admin, equal) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Admin).await);
    let superadmin = app.sign_in_as(Role::Superadmin).await;
    let (equal_id, own_id) = (equal.user.clone().unwrap().id, superadmin.user.clone().unwrap().id);
    set_up(&app, &equal).await;
    set_up(&app, &superadmin).await;
    for (client, id) in [(&admin, equal_id), (&admin, own_id), (&superadmin, own_id)] {
        assert_eq!(reset(client, id).await.status(), 403);
    }
    assert_eq!(reset(&app.sign_in_as(Role::Manager).await, equal_id).await.status(), 403);
    assert_eq!(reset(&superadmin, equal_id).await.status(), 200);
}
