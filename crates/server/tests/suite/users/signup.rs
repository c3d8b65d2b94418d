//! Self-registration of user accounts and its approval.

use reqwest::Method;
use services::users;
use shared::live::LiveEvent;
use shared::session::LoginRequest;
use shared::settings::Settings;
use shared::signup::{AuthOptions, RegisterRequest, RegisterResponse, SignupStatus};
use shared::user::{NewUser, User, UserApproval, UserUpdate};
use shared::{ErrorCode, Page, Role};

use super::{user_path, user_update};
use crate::harness::client::{expect_success, field_error};
use crate::harness::{Client, PASSWORD, TestApp};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    registration_is_closed_until_the_settings_open_it,
    a_registered_user_signs_in_only_after_approval,
    invalid_registrations_are_reported,
    a_rejected_registration_frees_its_username,
    an_admin_approves_only_lower_roles,
    activating_a_registered_account_approves_it,
    pending_registrations_are_capped,
);

fn request(username: &str) -> RegisterRequest {
    RegisterRequest {
        username: username.into(),
        name: "Dewi Lestari".into(),
        password: PASSWORD.into(),
    }
}

/// Opens self-registration. Returns the superadmin.
async fn open_registration(app: &TestApp) -> Client {
    let root = app.sign_in_as(Role::Superadmin).await;
    let settings: Settings = root.get("/settings").await;
    let open = Settings { registration_open: true, ..settings.clone() };
    let _: Settings = root.put("/settings", settings.version, &open).await;
    root
}

async fn register(app: &TestApp, username: &str) {
    let anonymous = app.anonymous();
    let sent = anonymous.request(Method::POST, "/auth/register").json(&request(username)).send();
    let response = sent.await.unwrap();
    assert_eq!(response.status(), 202);
    let answer: RegisterResponse = expect_success(response).await;
    assert_eq!(answer.status, SignupStatus::PendingApproval);
}

async fn pending_users(by: &Client) -> Vec<User> {
    by.get::<Page<User>>("/users?pending=true").await.items
}

async fn sign_in_is_refused(app: &TestApp, username: &str) {
    let login = LoginRequest { username: username.into(), password: PASSWORD.into(), otp: None };
    let problem = app.anonymous().post_refused("/auth/login", &login).await;
    assert_eq!(problem.code, ErrorCode::InvalidCredentials);
}

async fn registration_is_closed_until_the_settings_open_it(app: TestApp) {
    let options: AuthOptions = app.anonymous().get("/auth/options").await;
    assert!(!options.registration_open && !options.setup_required);
    assert_eq!((options.password_policy.min_length, options.password_policy.complex), (8, true));
    let problem = app.anonymous().post_refused("/auth/register", &request("dewi")).await;
    assert_eq!(problem.code, ErrorCode::RegistrationClosed);
    open_registration(&app).await;
    let options: AuthOptions = app.anonymous().get("/auth/options").await;
    assert!(options.registration_open);
}

async fn a_registered_user_signs_in_only_after_approval(app: TestApp) {
    let root = open_registration(&app).await;
    let mut office = Socket::open(&root, None).await;
    office.wait_until_ready().await;
    let mut elsewhere = Socket::open(&app.sign_in_as(Role::Cs).await, None).await;
    elsewhere.wait_until_ready().await;
    register(&app, "Dewi").await;
    let message = office.next().await.unwrap();
    let user = pending_users(&root).await.remove(0);
    assert_eq!(message.event, LiveEvent::UserRegistered(shared::live::UserEvent { id: user.id }));
    assert_eq!((user.username.as_str(), user.role), ("dewi", Role::User));
    assert!(user.pending && !user.active);
    sign_in_is_refused(&app, "dewi").await;

    let approval = UserApproval { role: Some(Role::Cs) };
    let approved: User = root.post(&format!("{}/approve", user_path(&user)), &approval).await;
    assert!(approved.active && !approved.pending && approved.role == Role::Cs);
    assert!(pending_users(&root).await.is_empty());
    let dewi = app.sign_in("dewi", PASSWORD).await;
    assert!(!dewi.user.clone().unwrap().must_change_password);
    // Only those who manage accounts receive these events.
    let opened = crate::harness::create_job(&dewi, shared::job::JobType::Repair).await;
    let heard = [elsewhere.next().await.unwrap(), elsewhere.next().await.unwrap()];
    assert_eq!(heard.map(|message| message.event.name()), ["customer.created", "job.created"]);
    assert_eq!(opened.created_by, approved.id);
    let again = root.post_refused(&format!("{}/approve", user_path(&user)), &approval).await;
    assert_eq!(again.code, ErrorCode::NotPending);
}

async fn invalid_registrations_are_reported(app: TestApp) {
    open_registration(&app).await;
    register(&app, "dewi").await;
    let refused = async |request: RegisterRequest| {
        app.anonymous().post_refused("/auth/register", &request).await
    };
    assert_eq!(field_error(&refused(request("DEWI")).await, "username"), ErrorCode::Taken);
    assert_eq!(field_error(&refused(request("system")).await, "username"), ErrorCode::Taken);
    let weak = RegisterRequest { password: "rahasia123".into(), ..request("ayu") };
    assert_eq!(field_error(&refused(weak).await, "password"), ErrorCode::WeakPassword);
    let wrong = RegisterRequest { username: "a b".into(), name: " ".into(), ..request("ayu") };
    assert_eq!(refused(wrong).await.errors.len(), 2);
}

async fn a_rejected_registration_frees_its_username(app: TestApp) {
    let root = open_registration(&app).await;
    let admin = app.sign_in_as(Role::Admin).await;
    register(&app, "dewi").await;
    let user = pending_users(&admin).await.remove(0);
    let address = format!("{}/reject", user_path(&user));
    let gone: User = admin.post(&address, &()).await;
    assert_eq!(gone.id, user.id);
    assert_eq!(admin.get_refused(&user_path(&user)).await.code, ErrorCode::NotFound);
    assert_eq!(admin.post_refused(&address, &()).await.code, ErrorCode::NotFound);
    sign_in_is_refused(&app, "dewi").await;
    register(&app, "dewi").await;
    let own = root.user.clone().unwrap().id;
    let refused = root.post_refused(&format!("/users/{own}/reject"), &()).await;
    assert_eq!(refused.code, ErrorCode::NotPending);
}

async fn an_admin_approves_only_lower_roles(app: TestApp) {
    open_registration(&app).await;
    let admin = app.sign_in_as(Role::Admin).await;
    register(&app, "dewi").await;
    let user = pending_users(&admin).await.remove(0);
    let address = format!("{}/approve", user_path(&user));
    for role in [Role::Superadmin, Role::Admin] {
        let refused = admin.post_refused(&address, &UserApproval { role: Some(role) }).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
    }
    let cs = app.sign_in_as(Role::Cs).await;
    let refused = cs.post_refused(&address, &UserApproval::default()).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let approved: User = admin.post(&address, &UserApproval::default()).await;
    assert_eq!(approved.role, Role::User);
}

async fn activating_a_registered_account_approves_it(app: TestApp) {
    let root = open_registration(&app).await;
    register(&app, "dewi").await;
    let user = pending_users(&root).await.remove(0);
    let on = UserUpdate { active: true, role: Role::Gudang, ..user_update(&user) };
    let user: User = root.put(&user_path(&user), user.version, &on).await;
    assert!(user.active && !user.pending);
    let off = UserUpdate { active: false, ..user_update(&user) };
    let user: User = root.put(&user_path(&user), user.version, &off).await;
    assert!(!user.active && !user.pending);
}

async fn pending_registrations_are_capped(app: TestApp) {
    let root = open_registration(&app).await;
    let flood = |tx: &mut db::Tx<'_>| {
        for index in 0..200 {
            let username = format!("banjir.{index}");
            let new = NewUser { username, name: "Banjir".into(), role: Role::User };
            users::register(tx, &new, "!")?;
        }
        Ok::<_, services::Error>(())
    };
    app.db.write(flood).await.unwrap();
    let refused = app.anonymous().post_refused("/auth/register", &request("dewi")).await;
    assert_eq!(refused.code, ErrorCode::RegistrationClosed);
    let first = pending_users(&root).await.remove(0);
    let _: User = root.post(&format!("{}/reject", user_path(&first)), &()).await;
    register(&app, "dewi").await;
}
