//! Prometheus metrics of the outbox.

use reqwest::Response;
use shared::{Permission, Role};

use super::fixtures::{all_finished, enqueue_replies, wait_for_rows};
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, client_with_api_key};
use crate::on_both_databases;

on_both_databases!(starting: pending_and_sent_messages_are_counted);

async fn scrape(bot_app: &TelegramApp, header: Option<(&str, String)>) -> Response {
    let request = reqwest::Client::new().get(format!("{}/metrics", bot_app.app.base));
    let request = match header {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    request.send().await.unwrap()
}

async fn pending_and_sent_messages_are_counted(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    enqueue_replies(&bot_app.app, budi.id(), &["satu", "dua"]).await;
    enqueue_replies(&bot_app.app, 4_711, &["Siapa di sana?"]).await;
    wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    assert_eq!(scrape(&bot_app, None).await.status(), 401);
    let technician = bot_app.app.sign_in_as(Role::User).await;
    let token = |token: &str| Some(("Authorization", format!("Bearer {token}")));
    assert_eq!(scrape(&bot_app, token(technician.token.as_deref().unwrap())).await.status(), 403);
    let program = client_with_api_key(&bot_app.app, &[Permission::DashboardRead]).await;
    let answer = scrape(&bot_app, Some(("X-Api-Key", program.api_key.unwrap()))).await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    for line in [
        "isp_notification_deliveries_total{channel=\"telegram\",outcome=\"sent\"} 2",
        "isp_notification_deliveries_total{channel=\"telegram\",outcome=\"rejected\"} 1",
        "isp_notification_delivery_seconds_count 3",
        "isp_notifications_waiting{channel=\"telegram\"} 0",
        "isp_notifications_dead{channel=\"telegram\"} 1",
        "isp_notifications_oldest_waiting_seconds 0.0",
        "isp_telegram_inbox_waiting 0",
        "isp_telegram_retry_after_total 0",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} is missing in\n{text}");
    }
    assert!(text.contains("isp_http_requests_total{status=\"2xx\"}"), "{text}");
}
