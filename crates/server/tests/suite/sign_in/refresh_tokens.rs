//! Refresh tokens: repeated refreshes, and revocation of the family after reuse.

use chrono::TimeDelta;
use db::{Conn, DbError, schema};
use diesel::prelude::*;
use futures_util::future::join_all;
use reqwest::Method;
use services::auth::jwt::secret_hash;
use shared::session::LoginResponse;
use shared::{ErrorCode, Role};

use crate::auth::until_refused;
use crate::harness::client::{expect_problem, expect_success, refresh_cookie};
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    a_refresh_can_be_repeated_for_ten_seconds,
    a_hundred_concurrent_refreshes_get_one_successor,
    after_ten_seconds_a_reused_token_revokes_the_family,
    an_older_token_revokes_the_family_at_once,
    an_unknown_token_revokes_nothing,
    a_session_without_a_family_nonce_continues,
    signing_out_with_a_token_that_was_just_replaced_works,
    the_database_stores_no_plaintext_token,
);

/// Refreshes once and returns the next cookie.
async fn refresh_once(client: &Client, token: &str) -> String {
    let answer = client.refresh(token).await;
    assert_eq!(answer.status(), 200);
    refresh_cookie(&answer).unwrap()
}

async fn assert_session_ended(client: &Client, token: &str) {
    assert_eq!(expect_problem(client.refresh(token).await).await.code, ErrorCode::NotAuthenticated);
}

async fn a_refresh_can_be_repeated_for_ten_seconds(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    assert_ne!(first, second);
    app.clock.advance(TimeDelta::seconds(10));
    let answer = client.refresh(&first).await;
    assert_eq!(refresh_cookie(&answer).unwrap(), second);
    let mut again = app.anonymous();
    again.token = Some(expect_success::<LoginResponse>(answer).await.access_token);
    again.get::<serde_json::Value>("/auth/profile").await;
    assert_ne!(refresh_once(&client, &second).await, second);
}

async fn a_hundred_concurrent_refreshes_get_one_successor(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let cookies = join_all((0..100).map(|_| refresh_once(&client, &first))).await;
    assert!(cookies.iter().all(|cookie| *cookie == cookies[0]));
    app.clock.advance(TimeDelta::minutes(5));
    refresh_once(&client, &cookies[0]).await;
}

async fn after_ten_seconds_a_reused_token_revokes_the_family(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    app.clock.advance(TimeDelta::seconds(11));
    assert_session_ended(&client, &first).await;
    assert_session_ended(&client, &second).await;
    until_refused(&client).await;
}

async fn an_older_token_revokes_the_family_at_once(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    let third = refresh_once(&client, &second).await;
    assert_session_ended(&client, &first).await;
    assert_session_ended(&client, &third).await;
    until_refused(&client).await;
}

async fn an_unknown_token_revokes_nothing(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    let (session, _) = second.split_once('.').unwrap();
    let secret: String = first.rsplit('.').next().unwrap().chars().rev().collect();
    for guess in [
        format!("{session}.0.tebakan"),
        format!("{session}.1.{secret}"),
        format!("{session}.9.{secret}"),
        format!("{session}.tebakan"),
        format!("{session}.-1.{secret}"),
        "tebakan".to_owned(),
    ] {
        assert_session_ended(&client, &guess).await;
    }
    refresh_once(&client, &second).await;
}

async fn a_session_without_a_family_nonce_continues(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    app.db
        .write(|tx| {
            use schema::sessions as table;
            let old = (
                table::token_hash.eq(secret_hash("dari-dulu")),
                table::family_nonce.eq(None::<String>),
            );
            Ok::<_, DbError>(diesel::update(table::table).set(old).execute(tx.conn())?)
        })
        .await
        .unwrap();
    let old = format!("{}.dari-dulu", first.split('.').next().unwrap());
    let second = refresh_once(&client, &old).await;
    assert_eq!(refresh_once(&client, &old).await, second);
    refresh_once(&client, &second).await;
    assert_session_ended(&client, &old).await;
}

async fn signing_out_with_a_token_that_was_just_replaced_works(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    let request = client.request(Method::POST, "/auth/logout");
    let answer = request.header("Cookie", format!("isp_refresh={first}")).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_session_ended(&client, &second).await;
}

fn stored(conn: &mut Conn) -> Result<String, DbError> {
    use schema::sessions as table;
    let columns = (table::token_hash, table::previous_hash, table::family_nonce);
    let rows: Vec<(String, Option<String>, Option<String>)> =
        table::table.select(columns).load(conn)?;
    Ok(format!("{rows:?}"))
}

async fn the_database_stores_no_plaintext_token(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let first = client.refresh_cookie.clone().unwrap();
    let second = refresh_once(&client, &first).await;
    let stored = app.db.read(stored).await.unwrap();
    for token in [first, second] {
        let secret = token.rsplit('.').next().unwrap();
        assert!(!stored.contains(secret));
        assert!(stored.contains(&secret_hash(secret)));
    }
}
