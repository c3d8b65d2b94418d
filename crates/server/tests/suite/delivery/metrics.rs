//! What is counted.

use reqwest::Response;
use shared::{Permission, Role};

use super::fixtures::{answer, is_quiet, until};
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, api_key};
use crate::on_both_databases;

on_both_databases!(starting: pending_and_sent_messages_are_counted);

async fn scrape(t: &TelegramApp, header: Option<(&str, String)>) -> Response {
    let request = reqwest::Client::new().get(format!("{}/metrics", t.app.base));
    let request = match header {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    request.send().await.unwrap()
}

async fn pending_and_sent_messages_are_counted(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let budi = t.person("Budi");
    budi.open_chat();
    answer(&t.app, budi.id(), &["satu", "dua"]).await;
    answer(&t.app, 4_711, &["Siapa di sana?"]).await;
    until(&t.app, "nothing waits", is_quiet).await;
    assert_eq!(scrape(&t, None).await.status(), 401);
    let technician = t.app.login(Role::User).await;
    let token = |token: &str| Some(("Authorization", format!("Bearer {token}")));
    assert_eq!(scrape(&t, token(technician.token.as_deref().unwrap())).await.status(), 403);
    let program = api_key(&t.app, &[Permission::DashboardRead]).await;
    let answer = scrape(&t, Some(("X-Api-Key", program.api_key.unwrap()))).await;
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
