//! Creation of the first superadmin, and recovery of a superadmin by the operator.

use std::io::Write;
use std::process::{Output, Stdio};

use reqwest::Method;
use server::bootstrap;
use server::config::{Config, Environment};
use services::initial_setup::SetupCode;
use shared::session::{LoginResponse, SignedInUser};
use shared::signup::{AuthOptions, SetupRequest};
use shared::user::{User, UserUpdate};
use shared::{ErrorCode, Page, Role};

use super::{user_path, user_record, user_update};
use crate::auth::until_refused;
use crate::harness::client::{expect_success, field_error, refresh_cookie};
use crate::harness::server_process::ServerSetup;
use crate::harness::{Backend, PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(starting:
    the_printed_code_creates_the_first_account_once,
    of_two_concurrent_setups_one_wins,
    a_wrong_code_creates_nothing,
    initial_setup_requires_a_code,
    a_code_is_offered_only_while_nobody_can_sign_in,
    two_servers_starting_together_create_one_admin,
    the_operator_creates_and_recovers_a_superadmin,
);

/// Starts a server on an empty database. Returns it with the set-up code that it would have printed.
async fn empty(backend: Backend) -> (TestApp, String) {
    let (code, printed) = SetupCode::generate();
    let app = TestApp::start_with_state(backend, &[], |state| state.setup = Some(code)).await;
    (app, printed)
}

fn request(code: &str, username: &str) -> SetupRequest {
    SetupRequest {
        code: code.into(),
        username: username.into(),
        name: "Siti Rahayu".into(),
        password: PASSWORD.into(),
    }
}

async fn setup_required(app: &TestApp) -> bool {
    app.anonymous().get::<AuthOptions>("/auth/options").await.setup_required
}

async fn the_printed_code_creates_the_first_account_once(backend: Backend) {
    let (app, code) = empty(backend).await;
    assert!(setup_required(&app).await);
    let typed = request(&code.to_lowercase(), "Pemilik");
    let sent = app.anonymous().request(Method::POST, "/auth/setup").json(&typed).send();
    let response = sent.await.unwrap();
    assert!(refresh_cookie(&response).is_some());
    let answer: LoginResponse = expect_success(response).await;
    assert_eq!((answer.user.username.as_str(), answer.user.role), ("pemilik", Role::Superadmin));
    let mut owner = app.anonymous();
    owner.token = Some(answer.access_token);
    let profile: SignedInUser = owner.get("/auth/profile").await;
    assert!(!profile.must_change_password);
    assert!(!setup_required(&app).await);
    let again = app.anonymous().post_refused("/auth/setup", &request(&code, "kedua")).await;
    assert_eq!(again.code, ErrorCode::SetupAlreadyCompleted);
    app.sign_in("pemilik", PASSWORD).await;
}

async fn of_two_concurrent_setups_one_wins(backend: Backend) {
    let (app, code) = empty(backend).await;
    let (one, two) = (app.anonymous(), app.anonymous());
    let (first, second) = (request(&code, "satu"), request(&code, "dua"));
    let (first, second) = tokio::join!(
        one.try_post::<LoginResponse>("/auth/setup", &first),
        two.try_post::<LoginResponse>("/auth/setup", &second)
    );
    let (winner, loser) = match (first, second) {
        (Ok(winner), Err(loser)) | (Err(loser), Ok(winner)) => (winner, loser),
        (first, second) => panic!("{:?} {:?}", first.err(), second.err()),
    };
    assert_eq!(loser.code, ErrorCode::SetupAlreadyCompleted);
    let mut client = app.anonymous();
    client.token = Some(winner.access_token);
    let users: Page<User> = client.get("/users").await;
    assert_eq!(users.items.len(), 1);
}

async fn a_wrong_code_creates_nothing(backend: Backend) {
    let (app, code) = empty(backend).await;
    let (_, other) = SetupCode::generate();
    for wrong in ["", "tebakan", other.as_str()] {
        let problem = app.anonymous().post_refused("/auth/setup", &request(wrong, "maling")).await;
        assert_eq!(field_error(&problem, "code"), ErrorCode::WrongSetupCode);
    }
    let weak = SetupRequest { password: "abc".into(), ..request(&code, "pemilik") };
    let problem = app.anonymous().post_refused("/auth/setup", &weak).await;
    assert_eq!(field_error(&problem, "password"), ErrorCode::TooShort);
    assert!(setup_required(&app).await);
}

async fn initial_setup_requires_a_code(backend: Backend) {
    let app = TestApp::start(backend).await;
    assert!(!setup_required(&app).await);
    let (_, code) = SetupCode::generate();
    let problem = app.anonymous().post_refused("/auth/setup", &request(&code, "maling")).await;
    assert_eq!(problem.code, ErrorCode::SetupAlreadyCompleted);
}

fn config(app: &TestApp, admin: &str) -> Config {
    let uploads = format!("file://{}", app.uploads.display());
    let pairs = [
        ("DATABASE_URL", app.database_url.as_str()),
        ("UPLOADS_URL", uploads.as_str()),
        ("ADMIN_USERNAME", admin),
        ("ADMIN_PASSWORD", PASSWORD),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::from_env(&Environment::from_pairs(pairs)).unwrap()
}

async fn a_code_is_offered_only_while_nobody_can_sign_in(backend: Backend) {
    let app = TestApp::start(backend).await;
    let config = config(&app, "pemilik");
    let photos = bootstrap::open_photo_store(&app.db, &config).await.unwrap();
    let mut state = bootstrap::build_state(app.db.clone(), &config, photos, 4);
    let printed = bootstrap::enable_initial_setup(&app.db, &mut state).await.unwrap().unwrap();
    assert!(state.setup.take().unwrap().matches(&printed));
    bootstrap::create_first_admin(&app.db, &config, 4).await.unwrap();
    assert!(bootstrap::enable_initial_setup(&app.db, &mut state).await.unwrap().is_none());
    assert!(state.setup.is_none());
    app.sign_in("pemilik", PASSWORD).await;
}

async fn two_servers_starting_together_create_one_admin(backend: Backend) {
    let app = TestApp::start(backend).await;
    let configs = [config(&app, "pemilik"), config(&app, "pemilik")];
    let (first, second) = tokio::join!(
        bootstrap::create_first_admin(&app.db, &configs[0], 4),
        bootstrap::create_first_admin(&app.db, &configs[1], 4)
    );
    first.unwrap();
    second.unwrap();
    let users: Page<User> = app.sign_in("pemilik", PASSWORD).await.get("/users").await;
    assert_eq!(users.items.len(), 1);
}

/// Runs the command while the server of the test runs.
fn create_admin(app: &TestApp, arguments: &[&str], password: &str) -> Output {
    let arguments = [&["create-admin"], arguments].concat();
    let mut child = ServerSetup::beside(app)
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

async fn the_operator_creates_and_recovers_a_superadmin(backend: Backend) {
    let app = TestApp::start(backend).await;
    let made = create_admin(&app, &["--username", "Operator"], "Pintu-Air-Timur-9\n");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(!String::from_utf8_lossy(&made.stdout).contains("Pintu-Air-Timur-9"));
    let operator = app.sign_in("operator", "Pintu-Air-Timur-9").await;
    let user = operator.user.clone().unwrap();
    assert_eq!((user.role, user.must_change_password), (Role::Superadmin, false));

    for (arguments, password, word) in [
        (&["--username", "operator"][..], "Pintu-Air-Barat-8\n", "--reset"),
        (&["--username", "lain", "--reset"][..], "Pintu-Air-Barat-8\n", "there is no login"),
        (&["--username", "lain"][..], "abc\n", "At least 8"),
        (&["--username", "system", "--reset"][..], "Pintu-Air-Barat-8\n", "no superadmin"),
    ] {
        let refused = create_admin(&app, arguments, password);
        let why = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && why.contains(word), "{arguments:?}: {why}");
    }

    let other = app.sign_in_as(Role::Superadmin).await;
    let record = user_record(&other, &operator).await;
    let off = UserUpdate { active: false, ..user_update(&record) };
    let _: User = other.put(&user_path(&record), record.version, &off).await;
    let reset = create_admin(&app, &["--username", "operator", "--reset"], "");
    let printed = String::from_utf8(reset.stdout).unwrap();
    let password = printed.trim_end().rsplit(' ').next().unwrap();
    until_refused(&operator).await;
    let back = app.sign_in("operator", password).await;
    assert!(back.user.unwrap().must_change_password);
}
