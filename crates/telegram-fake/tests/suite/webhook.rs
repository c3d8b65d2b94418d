//! Webhook.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::api::Api;

/// The received secrets and updates.
type Got = Arc<Mutex<Vec<(Option<String>, Value)>>>;

/// Starts a bot that answers with these statuses, then always with 200. Returns its URL.
async fn bot(answers: Vec<u16>, got: Got) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        loop {
            let (line, _) = listener.accept().await.unwrap();
            let came = read(line, answers.next().unwrap_or(200)).await;
            got.lock().unwrap().push(came);
        }
    });
    url
}

async fn read(line: TcpStream, answer: u16) -> (Option<String>, Value) {
    let mut line = BufReader::new(line);
    let (mut length, mut secret) = (0, None);
    loop {
        let mut header = String::new();
        line.read_line(&mut header).await.unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else {
            if header.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "x-telegram-bot-api-secret-token" => secret = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).await.unwrap();
    let head = format!("HTTP/1.1 {answer} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    line.write_all(head.as_bytes()).await.unwrap();
    (secret, serde_json::from_slice(&body).unwrap())
}

async fn until(holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.unwrap();
}

#[tokio::test]
async fn updates_are_sent_in_order_until_they_are_accepted() {
    let (api, got) = (Api::new(), Got::default());
    let budi = api.budi();
    let url = bot(vec![500, 503], Arc::clone(&got)).await;
    api.call("setWebhook", json!({ "url": url, "secret_token": "rahasia-1" })).await;
    let ids = [budi.send("satu"), budi.send("dua")];
    until(|| got.lock().unwrap().len() == 4).await;
    let came: Vec<_> = got.lock().unwrap().iter().map(|(_, it)| it["update_id"].clone()).collect();
    assert_eq!(came, [ids[0], ids[0], ids[0], ids[1]].map(Value::from));
    let secrets: Vec<_> = got.lock().unwrap().iter().map(|(secret, _)| secret.clone()).collect();
    assert!(secrets.iter().all(|secret| secret.as_deref() == Some("rahasia-1")), "{secrets:?}");
    until(|| api.telegram.unconfirmed_updates() == 0).await;
    let info = api.call("getWebhookInfo", json!({})).await;
    assert_eq!((&info["url"], &info["pending_update_count"]), (&json!(url), &json!(0)));
    assert!(info["last_error_message"].as_str().unwrap().contains("503"), "{info}");
}

#[tokio::test]
async fn pending_updates_can_be_dropped() {
    let api = Api::new();
    let budi = api.budi();
    budi.send("lama");
    let hook = json!({ "url": "http://127.0.0.1:9/x", "allowed_updates": ["message"] });
    api.call("setWebhook", hook).await;
    assert_eq!(api.telegram.webhook_url().as_deref(), Some("http://127.0.0.1:9/x"));
    budi.block_bot();
    let info = api.call("getWebhookInfo", json!({})).await;
    assert_eq!(info["pending_update_count"], 1, "not asked for is not told");
    assert_eq!(info["allowed_updates"], json!(["message"]));
    api.call("deleteWebhook", json!({ "drop_pending_updates": true })).await;
    assert_eq!(api.telegram.unconfirmed_updates(), 0);
    let secret = json!({ "url": "http://127.0.0.1:9/x", "secret_token": "ada spasi" });
    let words = "Bad Request: secret token contains unallowed characters";
    assert_eq!(api.refused("setWebhook", secret).await, words);
}
