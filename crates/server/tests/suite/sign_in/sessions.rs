//! Sessions of the own account.

use chrono::TimeDelta;
use reqwest::Method;
use shared::session::{AuthSession, SignedInUser};
use shared::{ErrorCode, Page, Role};

use crate::auth::until_refused;
use crate::harness::{PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    the_list_shows_own_sessions_and_marks_the_current_one,
    ending_a_session_takes_effect_at_once_and_keeps_the_others,
    nobody_ends_sessions_of_others,
    all_other_sessions_can_be_ended_together,
);

async fn the_list_shows_own_sessions_and_marks_the_current_one(app: TestApp) {
    app.sign_in_as(Role::Admin).await;
    let first = app.sign_in_as(Role::Cs).await;
    let username = first.user.clone().unwrap().username;
    app.clock.advance(TimeDelta::minutes(3));
    let second = app.sign_in(&username, PASSWORD).await;
    let devices: Page<AuthSession> = second.get("/auth/sessions").await;
    let current: Vec<_> = devices.items.iter().map(|device| device.current).collect();
    assert_eq!(current, [true, false]);
    assert!(devices.items[0].created_at > devices.items[1].created_at);
    assert!(devices.items.iter().all(|device| device.ip == "127.0.0.1"));
    // A session that is used moves to the top.
    app.clock.advance(TimeDelta::minutes(3));
    assert_eq!(first.refresh(first.refresh_cookie.as_ref().unwrap()).await.status(), 200);
    let devices: Page<AuthSession> = first.get("/auth/sessions").await;
    assert!(devices.items[0].current && !devices.items[1].current);
    assert!(devices.items[0].last_used_at > devices.items[0].created_at);
    let request = second.request(Method::POST, "/auth/logout");
    let cookie = format!("isp_refresh={}", second.refresh_cookie.clone().unwrap());
    request.header("Cookie", cookie).send().await.unwrap();
    let devices: Page<AuthSession> = first.get("/auth/sessions").await;
    assert_eq!(devices.items.len(), 1);
}

async fn ending_a_session_takes_effect_at_once_and_keeps_the_others(app: TestApp) {
    let phone = app.sign_in_as(Role::Cs).await;
    let username = phone.user.clone().unwrap().username;
    let office = app.sign_in(&username, PASSWORD).await;
    let devices: Page<AuthSession> = office.get("/auth/sessions").await;
    let lost = devices.items.iter().find(|device| !device.current).unwrap();
    office.delete(&format!("/auth/sessions/{}", lost.id)).await;
    until_refused(&phone).await;
    assert_eq!(phone.refresh(phone.refresh_cookie.as_ref().unwrap()).await.status(), 401);
    office.get::<SignedInUser>("/auth/profile").await;
    let again = office.delete_refused(&format!("/auth/sessions/{}", lost.id)).await;
    assert_eq!(again.code, ErrorCode::NotFound);
}

async fn nobody_ends_sessions_of_others(app: TestApp) {
    let (cs, superadmin) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Superadmin).await);
    let devices: Page<AuthSession> = cs.get("/auth/sessions").await;
    let path = format!("/auth/sessions/{}", devices.items[0].id);
    assert_eq!(superadmin.delete_refused(&path).await.code, ErrorCode::NotFound);
    cs.get::<SignedInUser>("/auth/profile").await;
}

async fn all_other_sessions_can_be_ended_together(app: TestApp) {
    let phone = app.sign_in_as(Role::Cs).await;
    let username = phone.user.clone().unwrap().username;
    let tablet = app.sign_in(&username, PASSWORD).await;
    let office = app.sign_in(&username, PASSWORD).await;
    let stranger = app.sign_in_as(Role::Cs).await;
    office.delete("/auth/sessions").await;
    until_refused(&phone).await;
    until_refused(&tablet).await;
    office.get::<SignedInUser>("/auth/profile").await;
    stranger.get::<SignedInUser>("/auth/profile").await;
    let devices: Page<AuthSession> = office.get("/auth/sessions").await;
    assert_eq!(devices.items.len(), 1);
}
