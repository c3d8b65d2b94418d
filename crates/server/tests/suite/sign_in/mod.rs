//! Sign-in under attack: guessed passwords, stolen tokens, lost devices.

mod lockout;
mod login_history;
mod password_policy;
mod refresh_tokens;
mod required_second_factor;
mod second_factor;
mod sessions;
mod throttling;

use reqwest::{Method, Response};
use shared::session::LoginRequest;
use shared::{ErrorCode, Role};

use crate::harness::client::expect_problem;
use crate::harness::{PASSWORD, TestApp, unique};

/// Tries to sign in.
async fn attempt(app: &TestApp, username: &str, password: &str, otp: Option<&str>) -> Response {
    attempt_from(app, "10.0.0.1", username, password, otp).await
}

/// Tries to sign in from this address, as a trusted proxy reports it.
async fn attempt_from(
    app: &TestApp,
    ip: &str,
    username: &str,
    password: &str,
    otp: Option<&str>,
) -> Response {
    let login = LoginRequest {
        username: username.into(),
        password: password.into(),
        otp: otp.map(str::to_owned),
    };
    let request = app.anonymous().request(Method::POST, "/auth/login");
    let request = request.header("User-Agent", "peramban uji").header("X-Forwarded-For", ip);
    request.json(&login).send().await.unwrap()
}

/// Guesses a wrong password. Returns the error code.
async fn guess(app: &TestApp, username: &str) -> ErrorCode {
    expect_problem(attempt(app, username, "salah-sekali", None).await).await.code
}

/// Creates an account that is not signed in. Returns its username.
async fn create_account(app: &TestApp, role: Role) -> String {
    let username = format!("{role}.{}", unique());
    let new = shared::user::NewUser { username: username.clone(), name: "Orang".into(), role };
    let hash = services::auth::passwords::hash(PASSWORD, 4).unwrap();
    app.db.write(move |tx| services::users::create_by_system(tx, &new, &hash)).await.unwrap();
    username
}
