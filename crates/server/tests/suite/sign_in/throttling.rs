//! Throttling of failed sign-ins.

use chrono::TimeDelta;
use db::tables::users::{self, UserValues};
use db::{Conn, DbError, schema};
use diesel::prelude::*;
use futures_util::future::join_all;
use services::auth::passwords::QueueClass;
use shared::{ErrorCode, Problem, Role};

use super::{attempt, attempt_from, create_account, guess};
use crate::harness::client::expect_problem;
use crate::harness::{PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    failed_sign_ins_get_the_same_response_after_the_same_work,
    a_full_hash_queue_rejects_sign_ins_at_once,
    repeated_failures_increase_the_delay_of_an_account,
    unknown_usernames_are_throttled_like_known_ones,
    a_success_resets_the_counter,
    an_address_with_failures_at_many_accounts_is_throttled,
    failures_of_others_do_not_lock_the_owner_out,
    concurrent_guesses_are_counted,
    counters_are_shared_by_instances_and_survive_a_restart,
    counters_are_deleted_and_contain_no_names,
);

/// Failed attempts up to and including the one that causes the first wait.
const FREE_ATTEMPTS: usize = 5;

async fn failed_sign_ins_get_the_same_response_after_the_same_work(app: TestApp) {
    let (known, off) = (create_account(&app, Role::Cs).await, create_account(&app, Role::Cs).await);
    switch_off(&app, &off).await;
    let mut answers = Vec::new();
    for (username, password) in
        [(known.as_str(), "salah"), ("siapa.saja", "salah"), (&off, "salah"), (&off, PASSWORD)]
    {
        let before = app.hasher.completed();
        let mut problem = expect_problem(attempt(&app, username, password, None).await).await;
        assert_eq!(app.hasher.completed() - before, 1, "{username}");
        problem.request_id.clear();
        answers.push(problem);
    }
    assert_eq!(answers[0].code, ErrorCode::InvalidCredentials);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

async fn switch_off(app: &TestApp, username: &str) {
    let username = username.to_owned();
    app.db
        .write(move |tx| {
            let (user, _) = users::find_by_username(tx.conn(), &username)?.unwrap();
            let now = tx.now().naive_utc();
            let values = UserValues { name: &user.name, role: user.role, active: false };
            users::update(tx.conn(), &user, &values, now)
        })
        .await
        .unwrap();
}

async fn a_full_hash_queue_rejects_sign_ins_at_once(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    let waiting: Vec<_> =
        std::iter::from_fn(|| app.hasher.reserve(QueueClass::Unknown).ok()).collect();
    let answer = attempt(&app, &username, PASSWORD, None).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!(problem.code, ErrorCode::Unavailable);
    drop(waiting);
    for _ in 0..FREE_ATTEMPTS {
        assert_eq!(guess(&app, &username).await, ErrorCode::InvalidCredentials);
    }
}

async fn repeated_failures_increase_the_delay_of_an_account(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    for _ in 0..FREE_ATTEMPTS {
        assert_eq!(guess(&app, &username).await, ErrorCode::InvalidCredentials);
    }
    for wait in [1, 2, 4, 8] {
        let answer = attempt(&app, &username, PASSWORD, None).await;
        assert_eq!(answer.headers()["retry-after"], wait.to_string());
        assert_eq!(expect_problem(answer).await.code, ErrorCode::TooManyAttempts);
        app.clock.advance(TimeDelta::seconds(wait) - TimeDelta::milliseconds(1));
        assert_eq!(guess(&app, &username).await, ErrorCode::TooManyAttempts, "{wait}");
        app.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(guess(&app, &username).await, ErrorCode::InvalidCredentials, "{wait}");
    }
    app.clock.advance(TimeDelta::seconds(16));
    app.sign_in(&username, PASSWORD).await;
}

async fn unknown_usernames_are_throttled_like_known_ones(app: TestApp) {
    let known = create_account(&app, Role::Cs).await;
    for _ in 0..FREE_ATTEMPTS + 3 {
        let (one, other) = (guess(&app, &known).await, guess(&app, "siapa.saja").await);
        assert_eq!(one, other);
        let case = guess(&app, &known.to_uppercase()).await;
        let blank = guess(&app, " Siapa.Saja ").await;
        assert_eq!(case, blank);
    }
    assert_eq!(guess(&app, &known).await, ErrorCode::TooManyAttempts);
}

async fn a_success_resets_the_counter(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    for _ in 0..3 {
        for _ in 0..FREE_ATTEMPTS - 1 {
            assert_eq!(guess(&app, &username).await, ErrorCode::InvalidCredentials);
        }
        app.sign_in(&username, PASSWORD).await;
    }
}

async fn an_address_with_failures_at_many_accounts_is_throttled(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    for number in 0..21 {
        let code = guess(&app, &format!("tebakan.{number}")).await;
        assert_eq!(code, ErrorCode::InvalidCredentials, "{number}");
    }
    let answer = attempt(&app, &username, PASSWORD, None).await;
    assert_eq!(answer.headers()["retry-after"], "1");
    app.clock.advance(TimeDelta::seconds(1));
    // A successful sign-in to the attacker's own account does not reset the counter.
    app.sign_in(&username, PASSWORD).await;
    assert_eq!(guess(&app, "tebakan.lagi").await, ErrorCode::InvalidCredentials);
    let other = create_account(&app, Role::Cs).await;
    let answer = attempt(&app, &other, PASSWORD, None).await;
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(expect_problem(answer).await.code, ErrorCode::TooManyAttempts);
    // A known device at this address does not wait for the failures of others.
    app.sign_in(&username, PASSWORD).await;
}

async fn failures_of_others_do_not_lock_the_owner_out(app: TestApp) {
    let app = app.start_instance(&[("TRUST_PROXY", "true")]).await;
    let username = create_account(&app, Role::Cs).await;
    let (home, elsewhere) = ("10.1.1.1", "10.2.2.2");
    let signed_in = attempt_from(&app, home, &username, PASSWORD, None).await;
    assert_eq!(signed_in.status(), 200);
    let mut last = ErrorCode::InvalidCredentials;
    for _ in 0..FREE_ATTEMPTS + 1 {
        last = expect_problem(attempt_from(&app, elsewhere, &username, "salah", None).await)
            .await
            .code;
    }
    assert_eq!(last, ErrorCode::TooManyAttempts);
    for place in [home, "10.3.3.3"] {
        let owner = attempt_from(&app, place, &username, PASSWORD, None).await;
        assert_eq!(owner.status(), 200, "{place}");
    }
}

async fn concurrent_guesses_are_counted(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    let before = app.hasher.completed();
    let guesses = (0..40).map(|_| attempt(&app, &username, "salah", None));
    let answers = join_all(guesses).await;
    let seen = answers.iter().filter(|answer| answer.status() == 401).count();
    assert!((1..=FREE_ATTEMPTS).contains(&seen), "{seen}");
    assert_eq!(app.hasher.completed() - before, seen as u64, "a refused guess was hashed");
    let refused = answers.iter().filter(|answer| matches!(answer.status().as_u16(), 429 | 503));
    assert_eq!(refused.count(), 40 - seen);
}

async fn counters_are_shared_by_instances_and_survive_a_restart(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    for _ in 0..FREE_ATTEMPTS {
        assert_eq!(guess(&app, &username).await, ErrorCode::InvalidCredentials);
    }
    let other = app.start_instance(&[]).await;
    assert_eq!(guess(&other, &username).await, ErrorCode::TooManyAttempts);
}

fn counted(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    use schema::login_throttles as table;
    Ok(table::table.select(table::key).load(conn)?)
}

async fn counters_are_deleted_and_contain_no_names(app: TestApp) {
    assert_eq!(guess(&app, "rahasiaku.sendiri").await, ErrorCode::InvalidCredentials);
    assert_eq!(guess(&app, "rahasiaku.sendiri").await, ErrorCode::InvalidCredentials);
    let keys = app.db.read(counted).await.unwrap();
    assert_eq!(keys.len(), 3);
    let is_hash = |key: &String| key.len() == 64 && key.bytes().all(|c| c.is_ascii_hexdigit());
    assert!(keys.iter().all(is_hash), "{keys:?}");
    app.clock.advance(TimeDelta::minutes(59));
    app.db.write(services::housekeeping::delete_expired).await.unwrap();
    assert_eq!(app.db.read(counted).await.unwrap().len(), 3);
    app.clock.advance(TimeDelta::hours(24));
    app.db.write(services::housekeeping::delete_expired).await.unwrap();
    assert!(app.db.read(counted).await.unwrap().is_empty());
}
