//! Invalid access tokens: forged, expired or revoked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::tables::users::{self, UserValues};
use hmac::{Hmac, Mac};
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use shared::live::{LiveEvent, UserEvent};
use shared::session::SignedInUser;
use shared::{ErrorCode, Problem, Role};

use super::fixtures::{Fixture, Side};
use super::requests::{address, with_body};
use super::required_access::{RequiredAccess, required_access};
use crate::auth::until_refused;
use crate::harness::{Client, JWT_SECRET, TestApp};
use crate::on_both_databases;

on_both_databases!(every_operation_rejects_invalid_tokens);

/// Signature of a forged token.
enum Signature {
    Hs256(&'static str),
    Hs384,
    Hs512,
    /// This text instead of a signature.
    Text(&'static str),
}

/// Builds a token with this header and these claims.
fn token(head: &Value, claims: &Value, signature: &Signature) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(head), part(claims));
    let signature = match signature {
        Signature::Hs256(secret) => mac::<Hmac<Sha256>>(secret, &signed),
        Signature::Hs384 => mac::<Hmac<Sha384>>(JWT_SECRET, &signed),
        Signature::Hs512 => mac::<Hmac<Sha512>>(JWT_SECRET, &signed),
        Signature::Text(text) => (*text).to_owned(),
    };
    format!("{signed}.{signature}")
}

fn mac<M: Mac + hmac::digest::KeyInit>(secret: &str, text: &str) -> String {
    let mut mac = <M as Mac>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn with(value: &Value, name: &str, new: Value) -> Value {
    let mut changed = value.clone();
    match new {
        Value::Null => changed.as_object_mut().unwrap().remove(name),
        new => changed.as_object_mut().unwrap().insert(name.to_owned(), new),
    };
    changed
}

/// Returns every invalid header with its name. All of them claim a superadmin, so
/// that only the token can be the reason for a rejection.
async fn none_of_them(app: &TestApp) -> Vec<(&'static str, Option<String>)> {
    let good = app.sign_in_as(Role::Superadmin).await;
    let other = app.sign_in_as(Role::Superadmin).await;
    let good_token = good.token.clone().unwrap();
    let (head, claims) = (part(&good_token, 0), part(&good_token, 1));
    let mut forger = app.anonymous();
    forger.token = Some(token(&head, &claims, &Signature::Hs256(JWT_SECRET)));
    // The unchanged token is valid: only the changes make it invalid.
    let _: SignedInUser = forger.get("/auth/profile").await;
    let own = |claims: &Value| token(&head, claims, &Signature::Hs256(JWT_SECRET));
    let headed = |name: &str, value: Value, signature: &Signature| {
        token(&with(&head, name, value), &claims, signature)
    };
    let right = Signature::Hs256(JWT_SECRET);
    let issued = claims["iat"].as_i64().unwrap();
    let ended = with(&with(&claims, "iat", json!(issued - 7_200)), "exp", json!(issued - 3_600));
    let stranger = part(&other.token.clone().unwrap(), 1)["sub"].clone();
    let bare = good_token.rsplit_once('.').unwrap().0.to_owned();
    let tokens = [
        ("garbage", "garbage".to_owned()),
        ("empty", String::new()),
        ("three dots", "...".to_owned()),
        ("expired", own(&ended)),
        ("without an end", own(&with(&claims, "exp", Value::Null))),
        ("unsigned", format!("{bare}.")),
        ("signed with another secret", token(&head, &claims, &Signature::Hs256("bukan rahasia"))),
        ("alg none", headed("alg", json!("none"), &Signature::Text(""))),
        ("alg None, signed", headed("alg", json!("None"), &right)),
        ("alg HS384", headed("alg", json!("HS384"), &Signature::Hs384)),
        ("alg HS512", headed("alg", json!("HS512"), &Signature::Hs512)),
        ("alg RS256, signed with the secret", headed("alg", json!("RS256"), &right)),
        ("alg ES256", headed("alg", json!("ES256"), &Signature::Text("AAAA"))),
        ("another type", headed("typ", json!("JWT"), &right)),
        ("no type", headed("typ", Value::Null, &right)),
        ("another audience", own(&with(&claims, "aud", json!("someone-else")))),
        ("no audience", own(&with(&claims, "aud", Value::Null))),
        ("another issuer", own(&with(&claims, "iss", json!("someone-else")))),
        ("no issuer", own(&with(&claims, "iss", Value::Null))),
        ("somebody else's session", own(&with(&claims, "sub", stranger))),
        ("no such session", own(&with(&claims, "sid", json!(999_999)))),
        ("of an earlier password", own(&with(&claims, "epoch", json!(-1)))),
        ("of an ended session", signed_out(app).await),
        ("of a login that was switched off", switched_off(app).await),
    ];
    let mut headers: Vec<_> =
        tokens.into_iter().map(|(name, token)| (name, Some(format!("Bearer {token}")))).collect();
    headers.push(("no header", None));
    headers.push(("a good token, but Basic", Some(format!("Basic {good_token}"))));
    headers.push(("a good token without a scheme", Some(good_token)));
    headers
}

async fn signed_out(app: &TestApp) -> String {
    let client = app.sign_in_as(Role::Superadmin).await;
    let cookie = format!("isp_refresh={}", client.refresh_cookie.clone().unwrap());
    let request = client.request(reqwest::Method::POST, "/auth/logout").header("Cookie", cookie);
    assert_eq!(request.send().await.unwrap().status(), 204);
    until_refused(&client).await;
    client.token.unwrap()
}

async fn switched_off(app: &TestApp) -> String {
    let client = app.sign_in_as(Role::Superadmin).await;
    switch_off(app, &client).await;
    until_refused(&client).await;
    client.token.unwrap()
}

/// Deactivates an account and emits only the event for session caches.
pub async fn switch_off(app: &TestApp, client: &Client) {
    let id = client.user.as_ref().unwrap().id;
    let off = move |tx: &mut db::Tx<'_>| {
        let now = tx.now().naive_utc();
        let (row, _) = users::find(tx.conn(), id)?.unwrap();
        let values = UserValues { name: &row.name, role: row.role, active: false };
        users::update(tx.conn(), &row, &values, now)?;
        tx.emit(LiveEvent::UserChanged(UserEvent { id }));
        Ok::<_, db::DbError>(())
    };
    app.db.write(off).await.unwrap();
}

async fn every_operation_rejects_invalid_tokens(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let anonymous = fixture.app.anonymous();
    let headers = none_of_them(&fixture.app).await;
    let mut wrong = Vec::new();
    for (operation, need) in &required_access() {
        for (name, header) in &headers {
            let path = address(&fixture, operation, Side::Own);
            let request = anonymous.request(operation.method(), &path);
            let mut request = with_body(&fixture, request, operation, Side::Own);
            if let Some(header) = header {
                request = request.header(AUTHORIZATION, header);
            }
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            if *need == RequiredAccess::Nothing {
                assert!(status < 500, "{}, {name}: {status}", operation.name());
                continue;
            }
            let problem: Option<Problem> = response.json().await.ok();
            let code = problem.map(|problem| problem.code);
            let fits = matches!(code, Some(ErrorCode::NotAuthenticated | ErrorCode::TokenExpired));
            if status != 401 || !fits {
                wrong.push(format!("{}, {name}: {status} {code:?}", operation.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
