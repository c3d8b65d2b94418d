//! Telegram webhook.

use reqwest::Method;
use serde_json::{Value, json};
use shared::{ErrorCode, Problem};

use crate::harness::telegram::{TelegramApp, WEBHOOK_SECRET};
use crate::harness::{Backend, TestApp};
use crate::on_both_databases;

on_both_databases!(starting:
    the_webhook_is_registered_and_updates_are_answered,
    updates_without_the_secret_are_rejected,
    an_update_delivered_twice_is_answered_once,
);

const SECRET: &str = "X-Telegram-Bot-Api-Secret-Token";

fn update(id: i64, chat: i64, text: &str) -> Value {
    let user = json!({ "id": chat, "is_bot": false, "first_name": "Budi" });
    let chat = json!({ "id": chat, "type": "private", "first_name": "Budi" });
    let message = json!({
        "message_id": 1, "date": 1_700_000_000, "from": user, "chat": chat, "text": text,
    });
    json!({ "update_id": id, "message": message })
}

async fn post_update(app: &TestApp, secret: Option<&str>, update: &Value) -> reqwest::Response {
    let request = app.anonymous().request(Method::POST, "/telegram/webhook").json(update);
    let request = match secret {
        Some(secret) => request.header(SECRET, secret),
        None => request,
    };
    request.send().await.unwrap()
}

/// Counts the stored updates.
async fn stored_updates(app: &TestApp) -> i64 {
    use db::schema::telegram_updates::dsl;
    use diesel::prelude::*;
    let count = |conn: &mut db::Conn| {
        Ok::<i64, db::DbError>(dsl::telegram_updates.count().get_result(conn)?)
    };
    app.db.read(count).await.unwrap()
}

async fn the_webhook_is_registered_and_updates_are_answered(backend: Backend) {
    let bot_app = TelegramApp::start_with_webhook(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.send("/help");
    budi.wait_for("an answer", |chat| chat.last().map(|_| ())).await;
    let url = format!("{}/api/telegram/webhook", bot_app.app.base);
    assert_eq!(bot_app.telegram.webhook_url(), Some(url));
    assert_eq!(bot_app.telegram.poll_count(), 0);
}

async fn updates_without_the_secret_are_rejected(backend: Backend) {
    let bot_app = TelegramApp::start_with_webhook(backend).await;
    let this = update(1, 77, "/help");
    for secret in [None, Some(""), Some("rahasia-webhook-untuk-ujj"), Some("rahasia")] {
        let response = post_update(&bot_app.app, secret, &this).await;
        assert_eq!(response.status(), 401, "{secret:?}");
        let problem: Problem = response.json().await.unwrap();
        assert_eq!(problem.code, ErrorCode::NotAuthenticated);
    }
    assert_eq!(stored_updates(&bot_app.app).await, 0);
    assert_eq!(post_update(&bot_app.app, Some(WEBHOOK_SECRET), &this).await.status(), 204);
    assert_eq!(stored_updates(&bot_app.app).await, 1);
    // An update without a chat is accepted and dropped, or Telegram would repeat it for a day.
    let odd = json!({ "update_id": 2, "poll": {} });
    assert_eq!(post_update(&bot_app.app, Some(WEBHOOK_SECRET), &odd).await.status(), 204);
    assert_eq!(stored_updates(&bot_app.app).await, 1);
    // Without a registered webhook every update is rejected.
    let without = TestApp::start(backend).await;
    assert_eq!(post_update(&without, Some(WEBHOOK_SECRET), &this).await.status(), 401);
}

async fn an_update_delivered_twice_is_answered_once(backend: Backend) {
    let bot_app = TelegramApp::start_with_webhook(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    for (id, text) in [(1, "/help"), (1, "/help"), (2, "/tidakada"), (1, "/help")] {
        let brought =
            post_update(&bot_app.app, Some(WEBHOOK_SECRET), &update(id, budi.id(), text)).await;
        assert_eq!(brought.status(), 204);
    }
    budi.wait_for("both answers", |chat| (chat.texts().len() >= 2).then_some(())).await;
    super::fixtures::wait_for_rows(&bot_app.app, "nothing waits", super::fixtures::all_finished)
        .await;
    assert_eq!(budi.chat().texts().len(), 2, "{}", budi.transcript());
}
