//! Login history.

use chrono::TimeDelta;
use shared::session::{LoginAttempt, LoginOutcome};
use shared::{Page, Role};

use super::{attempt, create_account, guess};
use crate::harness::{PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    the_history_lists_every_attempt_newest_first,
    the_history_is_paginated_and_limited_to_the_own_account,
    attempts_are_deleted_after_90_days,
);

async fn the_history_lists_every_attempt_newest_first(app: TestApp) {
    let username = create_account(&app, Role::Cs).await;
    for _ in 0..6 {
        guess(&app, &username).await;
    }
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(attempt(&app, &username, PASSWORD, None).await.status(), 200);
    let client = app.sign_in(&username, PASSWORD).await;
    let history: Page<LoginAttempt> = client.get("/auth/logins").await;
    let outcomes: Vec<_> = history.items.iter().map(|attempt| attempt.outcome).collect();
    let mut expected = vec![LoginOutcome::Success; 2];
    expected.push(LoginOutcome::Throttled);
    expected.extend([LoginOutcome::WrongPassword; 5]);
    assert_eq!(outcomes, expected);
    let second = &history.items[1];
    assert_eq!((second.ip.as_str(), second.user_agent.as_str()), ("127.0.0.1", "peramban uji"));
    assert!(second.at > history.items[2].at);
}

async fn the_history_is_paginated_and_limited_to_the_own_account(app: TestApp) {
    let other = app.sign_in_as(Role::Admin).await;
    let client = app.sign_in_as(Role::Cs).await;
    let username = client.user.clone().unwrap().username;
    for _ in 0..3 {
        guess(&app, &username).await;
    }
    let mut ids = Vec::new();
    let mut path = "/auth/logins?limit=3&with_total=true".to_owned();
    loop {
        let page: Page<LoginAttempt> = client.get(&path).await;
        assert_eq!(page.total, Some(4));
        ids.extend(page.items.iter().map(|attempt| attempt.id));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/auth/logins?limit=3&with_total=true&cursor={cursor}");
    }
    assert_eq!(ids.len(), 4);
    assert!(ids.is_sorted_by(|one, next| one > next));
    let history: Page<LoginAttempt> = other.get("/auth/logins").await;
    assert_eq!(history.items.len(), 1);
}

async fn attempts_are_deleted_after_90_days(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    app.clock.advance(TimeDelta::days(89));
    app.db.write(services::housekeeping::delete_expired).await.unwrap();
    let client = client.sign_in_again(&app).await;
    let history: Page<LoginAttempt> = client.get("/auth/logins").await;
    assert_eq!(history.items.len(), 2);
    app.clock.advance(TimeDelta::days(2));
    app.db.write(services::housekeeping::delete_expired).await.unwrap();
    let history: Page<LoginAttempt> = client.sign_in_again(&app).await.get("/auth/logins").await;
    assert_eq!(history.items.len(), 2);
}
