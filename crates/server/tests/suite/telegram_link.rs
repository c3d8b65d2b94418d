//! Linking of user accounts and Telegram chats.

use chrono::TimeDelta;
use services::telegram::{self, LinkAttempt};
use services::{Error, Refusal};
use shared::telegram::{TelegramCode, TelegramCodeRequest, TelegramStatus};
use shared::user::User;
use shared::{ChatId, ErrorCode, Lang, Role};

use crate::harness::client::field_error;
use crate::harness::{Client, PASSWORD, TestApp, create_technician};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    a_code_links_a_chat_to_an_account_once,
    a_code_requires_the_password_and_expires,
    guesses_are_throttled_per_chat,
    chats_and_accounts_are_linked_one_to_one,
    an_admin_unlinks_the_chat_of_a_lost_phone,
);

const CHAT: ChatId = ChatId(70_001);

async fn code(client: &Client) -> TelegramCode {
    let request = TelegramCodeRequest { current_password: PASSWORD.into() };
    client.post("/auth/telegram/code", &request).await
}

async fn try_code(app: &TestApp, chat: ChatId, code: &str) -> Result<LinkAttempt, Refusal> {
    let (cipher, code) = (app.cipher.clone(), code.to_owned());
    match app.db.write(move |tx| telegram::attempt_link(tx, &cipher, chat, Lang::Id, &code)).await {
        Ok(tried) => Ok(tried),
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

async fn status(client: &Client) -> TelegramStatus {
    client.get("/auth/telegram").await
}

async fn a_code_links_a_chat_to_an_account_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let id = cs.user.clone().unwrap().id;
    let before = status(&cs).await;
    assert!(!before.linked && !before.available && before.bot.is_none());
    let mut page = Socket::open(&cs, None).await;
    page.wait_until_ready().await;
    let given = code(&cs).await;
    assert!(given.link.is_none() && given.qr_svg.is_none());
    assert_eq!(given.expires_at, crate::harness::monday_nine() + TimeDelta::minutes(10));
    // Typed as on a phone.
    let typed = format!(" {} ", given.code.to_lowercase());
    assert_eq!(try_code(&app, CHAT, &typed).await, Ok(LinkAttempt::Linked(id)));
    // The open page reconnects and reloads.
    assert!(page.next().await.is_none());
    assert!(status(&cs).await.linked);
    assert_eq!(try_code(&app, ChatId(70_002), &given.code).await, Ok(LinkAttempt::Wrong));
    cs.delete("/auth/telegram").await;
    assert!(!status(&cs).await.linked);
    assert_eq!(cs.delete_refused("/auth/telegram").await.code, ErrorCode::NotFound);
}

async fn a_code_requires_the_password_and_expires(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let wrong = TelegramCodeRequest { current_password: "bukan itu".into() };
    let refused = cs.post_refused("/auth/telegram/code", &wrong).await;
    assert_eq!(field_error(&refused, "current_password"), ErrorCode::WrongPassword);
    let first = code(&cs).await;
    let second = code(&cs).await;
    assert_eq!(try_code(&app, CHAT, &first.code).await, Ok(LinkAttempt::Wrong));
    app.clock.advance(TimeDelta::seconds(601));
    assert_eq!(try_code(&app, CHAT, &second.code).await, Ok(LinkAttempt::Wrong));
}

async fn guesses_are_throttled_per_chat(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    for guess in 0..5 {
        assert_eq!(
            try_code(&app, CHAT, &format!("AAAAAAAAA{guess}")).await,
            Ok(LinkAttempt::Wrong)
        );
    }
    let given = code(&cs).await;
    let refused = try_code(&app, CHAT, &given.code).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyAttempts);
    let id = cs.user.clone().unwrap().id;
    assert_eq!(try_code(&app, ChatId(70_003), &given.code).await, Ok(LinkAttempt::Linked(id)));
    app.clock.advance(TimeDelta::seconds(2));
    let given = code(&cs).await;
    assert_eq!(try_code(&app, CHAT, &given.code).await, Ok(LinkAttempt::Linked(id)));
}

async fn chats_and_accounts_are_linked_one_to_one(app: TestApp) {
    let (cs, gudang) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Gudang).await);
    let given = code(&cs).await;
    try_code(&app, CHAT, &given.code).await.unwrap();
    // The same phone with another account: the first link ends.
    let given = code(&gudang).await;
    try_code(&app, CHAT, &given.code).await.unwrap();
    assert!(!status(&cs).await.linked && status(&gudang).await.linked);
    // Another phone for the same account.
    let given = code(&gudang).await;
    try_code(&app, ChatId(70_004), &given.code).await.unwrap();
    let actor = app.db.read(|conn| telegram::actor_for_chat(conn, CHAT)).await.unwrap();
    assert!(actor.is_none());
}

async fn an_admin_unlinks_the_chat_of_a_lost_phone(app: TestApp) {
    let (boss, admin) = (app.sign_in_as(Role::Superadmin).await, app.sign_in_as(Role::Admin).await);
    let budi = create_technician(&app, &admin, "Budi").await;
    let given = code(&budi.client).await;
    try_code(&app, CHAT, &given.code).await.unwrap();
    let id = budi.client.user.clone().unwrap().id;
    let path = format!("/users/{id}/telegram");
    assert!(admin.get::<User>(&format!("/users/{id}")).await.telegram_linked);
    let cs = app.sign_in_as(Role::Cs).await;
    assert_eq!(cs.delete_refused(&path).await.code, ErrorCode::Forbidden);
    admin.delete(&path).await;
    assert!(!admin.get::<User>(&format!("/users/{id}")).await.telegram_linked);
    assert_eq!(admin.delete_refused(&path).await.code, ErrorCode::NotFound);
    // Nobody unlinks a higher role here, and the own chat has its own endpoint.
    let own = |client: &Client| client.user.clone().unwrap().id;
    let above = format!("/users/{}/telegram", own(&boss));
    assert_eq!(admin.delete_refused(&above).await.code, ErrorCode::Forbidden);
    let self_path = format!("/users/{}/telegram", own(&admin));
    assert_eq!(admin.delete_refused(&self_path).await.code, ErrorCode::CannotModifySelf);
}
