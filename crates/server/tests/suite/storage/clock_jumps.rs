//! Jumps of the system clock.

use chrono::TimeDelta;
use db::tables::leases;
use shared::customer::Customer;
use shared::session::LoginRequest;
use shared::{ErrorCode, Page, Role};

use crate::harness::{PASSWORD, TestApp, create_customer};
use crate::on_both_databases;

on_both_databases!(
    a_clock_jump_does_not_prolong_throttling,
    work_continues_across_clock_jumps,
    a_lease_acquired_while_the_clock_was_ahead_expires,
);

async fn a_clock_jump_does_not_prolong_throttling(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let username = cs.user.as_ref().unwrap().username.clone();
    let wrong = || LoginRequest { username: username.clone(), password: "salah".into(), otp: None };
    app.clock.advance(TimeDelta::days(1));
    for _ in 0..6 {
        app.anonymous().post_refused("/auth/login", &wrong()).await;
    }
    let problem = app.anonymous().post_refused("/auth/login", &wrong()).await;
    assert_eq!(problem.code, ErrorCode::TooManyAttempts);
    app.clock.advance(TimeDelta::days(-1));
    app.sign_in(&username, PASSWORD).await;
}

async fn work_continues_across_clock_jumps(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first = create_customer(&cs, "Siti").await;
    for days in [1, -1, -1, 1] {
        app.clock.advance(TimeDelta::days(days));
        let cs = cs.sign_in_again(&app).await;
        create_customer(&cs, "Budi").await;
        let cookie = cs.refresh_cookie.clone().unwrap();
        assert_eq!(cs.refresh(&cookie).await.status(), 200);
        let found: Customer = cs.get(&format!("/customers/{}", first.id)).await;
        assert_eq!(found.number, first.number);
    }
    let all: Page<Customer> = cs.sign_in_again(&app).await.get("/customers?with_total=true").await;
    assert_eq!(all.total, Some(5));
}

async fn a_lease_acquired_while_the_clock_was_ahead_expires(app: TestApp) {
    let take = |holder: &'static str| {
        app.db.write(move |tx| {
            let (now, until) = (tx.now(), tx.now() + TimeDelta::seconds(15));
            leases::acquire(tx.conn(), "percobaan", holder, now.naive_utc(), until.naive_utc())
        })
    };
    app.clock.advance(TimeDelta::days(1));
    assert!(take("pertama").await.unwrap());
    app.clock.advance(TimeDelta::days(-1));
    assert!(!take("kedua").await.unwrap());
    // The server does so every minute.
    assert_eq!(app.db.write(services::clock_repair::repair).await.unwrap(), 1);
    assert!(take("kedua").await.unwrap());
    assert_eq!(app.db.write(services::clock_repair::repair).await.unwrap(), 0);
}
