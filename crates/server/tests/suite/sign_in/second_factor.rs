//! Second factor (TOTP): set-up, use, recovery codes, disabling. Codes come from an independent
//! implementation.

use chrono::TimeDelta;
use db::{Conn, DbError, schema};
use diesel::prelude::*;
use reqwest::Method;
use shared::second_factor::{
    RecoveryCodes, SecondFactorConfirm, SecondFactorProof, SecondFactorSetup,
    SecondFactorSetupRequest, SecondFactorStatus,
};
use shared::session::{LoginAttempt, LoginOutcome};
use shared::{ErrorCode, Page, Role};

use super::attempt;
use crate::harness::client::{expect_problem, expect_success, field_error};
use crate::harness::{Client, PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    sign_in_with_a_second_factor_requires_a_code,
    a_code_is_accepted_once,
    code_guesses_are_throttled_like_passwords,
    a_missing_code_does_not_count_as_a_failure,
    an_unconfirmed_secret_requires_no_code,
    a_recovery_code_is_accepted_once,
    new_recovery_codes_replace_the_old_ones,
    disabling_it_requires_password_and_code,
    a_stolen_session_cannot_guess_the_password,
    database_and_audit_contain_no_secret,
);

/// Authenticator app.
pub struct Authenticator(Vec<u8>);

impl Authenticator {
    pub fn new(setup: &SecondFactorSetup) -> Self {
        Self(totp_rs::Secret::try_from_base32(&setup.secret).unwrap().as_ref().to_vec())
    }

    pub fn code(&self, app: &TestApp) -> String {
        use db::Clock;
        let totp = totp_rs::Builder::new().with_secret(self.0.clone()).build().unwrap();
        totp.generate(app.clock.now().timestamp().unsigned_abs()).to_string()
    }

    /// Returns the code of the next time step.
    pub fn next_code(&self, app: &TestApp) -> String {
        app.clock.advance(TimeDelta::seconds(30));
        self.code(app)
    }
}

pub async fn begin_setup(client: &Client) -> SecondFactorSetup {
    let request = SecondFactorSetupRequest { current_password: PASSWORD.into() };
    client.post("/auth/second-factor/setup", &request).await
}

/// Sets up a second factor.
pub async fn set_up(app: &TestApp, client: &Client) -> (Authenticator, Vec<String>) {
    let authenticator = Authenticator::new(&begin_setup(client).await);
    let confirm = SecondFactorConfirm { otp: authenticator.code(app) };
    let codes: RecoveryCodes = client.post("/auth/second-factor/confirm", &confirm).await;
    (authenticator, codes.recovery_codes)
}

async fn with_a_second_factor(app: &TestApp) -> (Client, String, Authenticator, Vec<String>) {
    let client = app.sign_in_as(Role::Cs).await;
    let username = client.user.clone().unwrap().username;
    let (authenticator, codes) = set_up(app, &client).await;
    (client, username, authenticator, codes)
}

async fn refusal(app: &TestApp, username: &str, otp: Option<&str>) -> ErrorCode {
    expect_problem(attempt(app, username, PASSWORD, otp).await).await.code
}

async fn status(client: &Client) -> SecondFactorStatus {
    client.get("/auth/second-factor").await
}

async fn sign_in_with_a_second_factor_requires_a_code(app: TestApp) {
    let (client, username, authenticator, codes) = with_a_second_factor(&app).await;
    assert_eq!(codes.len(), 10);
    let expected = SecondFactorStatus { enabled: true, required: false, recovery_codes_left: 10 };
    assert_eq!(status(&client).await, expected);
    assert_eq!(refusal(&app, &username, None).await, ErrorCode::SecondFactorRequired);
    assert_eq!(refusal(&app, &username, Some("000000")).await, ErrorCode::SecondFactorWrong);
    assert_eq!(refusal(&app, &username, Some("")).await, ErrorCode::SecondFactorWrong);
    let code = authenticator.next_code(&app);
    let wrong = expect_problem(attempt(&app, &username, "salah", Some(&code)).await).await;
    assert_eq!(wrong.code, ErrorCode::InvalidCredentials);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&spaced)).await.status(), 200);
    let history: Page<LoginAttempt> = client.get("/auth/logins?limit=5").await;
    let outcomes: Vec<_> = history.items.iter().map(|attempt| attempt.outcome).collect();
    let expected = [
        LoginOutcome::Success,
        LoginOutcome::WrongPassword,
        LoginOutcome::SecondFactorWrong,
        LoginOutcome::SecondFactorWrong,
        LoginOutcome::SecondFactorMissing,
    ];
    assert_eq!(outcomes, expected);
}

async fn a_code_is_accepted_once(app: TestApp) {
    let (_, username, authenticator, _) = with_a_second_factor(&app).await;
    let used = authenticator.code(&app);
    assert_eq!(refusal(&app, &username, Some(&used)).await, ErrorCode::SecondFactorWrong);
    let code = authenticator.next_code(&app);
    let (one, other) = tokio::join!(
        attempt(&app, &username, PASSWORD, Some(&code)),
        attempt(&app, &username, PASSWORD, Some(&code)),
    );
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    // The clock of a phone may be one step behind, but not behind a used code.
    let late = authenticator.next_code(&app);
    app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&late)).await.status(), 200);
    let early = authenticator.next_code(&app);
    app.clock.advance(TimeDelta::seconds(60));
    assert_eq!(refusal(&app, &username, Some(&early)).await, ErrorCode::SecondFactorWrong);
}

async fn code_guesses_are_throttled_like_passwords(app: TestApp) {
    let (_, username, authenticator, _) = with_a_second_factor(&app).await;
    for _ in 0..5 {
        assert_eq!(refusal(&app, &username, Some("000000")).await, ErrorCode::SecondFactorWrong);
        // The right password alone in between must not reset the counter.
        let missing = refusal(&app, &username, None).await;
        assert!(matches!(missing, ErrorCode::SecondFactorRequired | ErrorCode::TooManyAttempts));
    }
    assert_eq!(refusal(&app, &username, None).await, ErrorCode::TooManyAttempts);
    // From now on the response does not reveal that the password was right; this state expires too.
    for _ in 0..5 {
        let code = refusal(&app, &username, Some("000000")).await;
        assert_eq!(code, ErrorCode::InvalidCredentials);
    }
    assert_eq!(refusal(&app, &username, Some("000000")).await, ErrorCode::TooManyAttempts);
    let code = authenticator.next_code(&app);
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&code)).await.status(), 200);
}

async fn a_missing_code_does_not_count_as_a_failure(app: TestApp) {
    let (_, username, authenticator, _) = with_a_second_factor(&app).await;
    for _ in 0..30 {
        assert_eq!(refusal(&app, &username, None).await, ErrorCode::SecondFactorRequired);
    }
    let code = authenticator.next_code(&app);
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&code)).await.status(), 200);
}

async fn an_unconfirmed_secret_requires_no_code(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let username = client.user.clone().unwrap().username;
    let early = SecondFactorConfirm { otp: "123456".into() };
    let problem = client.post_refused("/auth/second-factor/confirm", &early).await;
    assert_eq!(problem.code, ErrorCode::SecondFactorNotEnabled);
    let lost = Authenticator::new(&begin_setup(&client).await);
    let setup = begin_setup(&client).await;
    assert!(setup.otpauth_url.contains(&setup.secret) && setup.qr_svg.contains("<svg"));
    assert!(!status(&client).await.enabled);
    app.sign_in(&username, PASSWORD).await;
    let wrong = SecondFactorConfirm { otp: lost.code(&app) };
    let problem = client.post_refused("/auth/second-factor/confirm", &wrong).await;
    assert_eq!(field_error(&problem, "otp"), ErrorCode::WrongOtp);
    let right = SecondFactorConfirm { otp: Authenticator::new(&setup).code(&app) };
    client.post::<RecoveryCodes>("/auth/second-factor/confirm", &right).await;
    let request = SecondFactorSetupRequest { current_password: PASSWORD.into() };
    let problem = client.post_refused("/auth/second-factor/setup", &request).await;
    assert_eq!(problem.code, ErrorCode::SecondFactorAlreadyEnabled);
}

async fn a_recovery_code_is_accepted_once(app: TestApp) {
    let (client, username, _, codes) = with_a_second_factor(&app).await;
    let typed = codes[3].to_uppercase().replace('-', " ");
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&typed)).await.status(), 200);
    assert_eq!(refusal(&app, &username, Some(&codes[3])).await, ErrorCode::SecondFactorWrong);
    assert_eq!(attempt(&app, &username, PASSWORD, Some(&codes[9])).await.status(), 200);
    assert_eq!(status(&client).await.recovery_codes_left, 8);
}

fn proof(otp: &str) -> SecondFactorProof {
    SecondFactorProof { current_password: PASSWORD.into(), otp: otp.into() }
}

async fn new_recovery_codes_replace_the_old_ones(app: TestApp) {
    let (client, username, authenticator, old) = with_a_second_factor(&app).await;
    let path = "/auth/second-factor/recovery-codes";
    let problem = client.post_refused(path, &proof("000000")).await;
    assert_eq!(field_error(&problem, "otp"), ErrorCode::WrongOtp);
    let code = authenticator.next_code(&app);
    let new: RecoveryCodes = client.post(path, &proof(&code)).await;
    assert_eq!(refusal(&app, &username, Some(&old[0])).await, ErrorCode::SecondFactorWrong);
    let code = &new.recovery_codes[0];
    assert_eq!(attempt(&app, &username, PASSWORD, Some(code)).await.status(), 200);
    // One recovery code permits ten new ones.
    let new: RecoveryCodes = client.post(path, &proof(&new.recovery_codes[1])).await;
    assert_eq!(new.recovery_codes.len(), 10);
    assert_eq!(status(&client).await.recovery_codes_left, 10);
}

async fn disabling_it_requires_password_and_code(app: TestApp) {
    let (client, username, authenticator, _) = with_a_second_factor(&app).await;
    let path = "/auth/second-factor/disable";
    let code = authenticator.next_code(&app);
    let wrong = SecondFactorProof { current_password: "salah".into(), otp: code.clone() };
    let problem = client.post_refused(path, &wrong).await;
    assert_eq!(field_error(&problem, "current_password"), ErrorCode::WrongPassword);
    let problem = client.post_refused(path, &proof("000000")).await;
    assert_eq!(field_error(&problem, "otp"), ErrorCode::WrongOtp);
    let answer = client.request(Method::POST, path).json(&proof(&code)).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let expected = SecondFactorStatus { enabled: false, required: false, recovery_codes_left: 0 };
    assert_eq!(status(&client).await, expected);
    let client = app.sign_in(&username, PASSWORD).await;
    let problem = client.post_refused(path, &proof(&code)).await;
    assert_eq!(problem.code, ErrorCode::SecondFactorNotEnabled);
    set_up(&app, &client).await;
}

async fn a_stolen_session_cannot_guess_the_password(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let guess = SecondFactorSetupRequest { current_password: "salah".into() };
    for _ in 0..5 {
        let problem = client.post_refused("/auth/second-factor/setup", &guess).await;
        assert_eq!(field_error(&problem, "current_password"), ErrorCode::WrongPassword);
    }
    let change = serde_json::json!({ "current_password": "salah", "new_password": "Pohon-Teh-7" });
    let problem = client.put_unversioned_refused("/auth/password", &change).await;
    assert_eq!(problem.code, ErrorCode::TooManyAttempts);
    app.clock.advance(TimeDelta::seconds(1));
    let setup = begin_setup(&client).await;
    let guess = SecondFactorConfirm { otp: "000000".into() };
    for _ in 0..5 {
        let problem = client.post_refused("/auth/second-factor/confirm", &guess).await;
        assert_eq!(field_error(&problem, "otp"), ErrorCode::WrongOtp);
    }
    let right = SecondFactorConfirm { otp: Authenticator::new(&setup).code(&app) };
    let problem = client.post_refused("/auth/second-factor/confirm", &right).await;
    assert_eq!(problem.code, ErrorCode::TooManyAttempts);
}

struct Stored {
    secrets: Vec<Vec<u8>>,
    recovery_codes: Vec<String>,
    audit: String,
}

fn stored(conn: &mut Conn) -> Result<Stored, DbError> {
    use schema::{audit, recovery_codes, second_factors};
    let entries: Vec<(String, Option<String>, Option<String>)> =
        audit::table.select((audit::action, audit::before, audit::after)).load(conn)?;
    Ok(Stored {
        secrets: second_factors::table.select(second_factors::secret).load(conn)?,
        recovery_codes: recovery_codes::table.select(recovery_codes::code_hash).load(conn)?,
        audit: format!("{entries:?}"),
    })
}

async fn database_and_audit_contain_no_secret(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let setup = begin_setup(&client).await;
    let authenticator = Authenticator::new(&setup);
    let confirm = SecondFactorConfirm { otp: authenticator.code(&app) };
    let response = client
        .request(Method::POST, "/auth/second-factor/confirm")
        .header("Idempotency-Key", "sekali-saja")
        .json(&confirm)
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let codes = expect_success::<RecoveryCodes>(response).await.recovery_codes;
    let Stored { secrets, recovery_codes: hashes, audit } = app.db.read(stored).await.unwrap();
    let [encrypted] = secrets.as_slice() else { panic!("{secrets:?}") };
    assert!(encrypted.windows(8).all(|part| part != &authenticator.0[..8]));
    assert!(hashes.iter().all(|hash| hash.starts_with("$2b$")));
    assert!(audit.contains("user.second_factor_on"));
    for secret in codes.iter().chain([&setup.secret]) {
        assert!(!audit.contains(secret.as_str()));
    }
    let kept: i64 = app
        .db
        .read(|conn| Ok::<_, DbError>(schema::idempotency_keys::table.count().get_result(conn)?))
        .await
        .unwrap();
    assert_eq!(kept, 0);
}
