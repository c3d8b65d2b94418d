//! Faults that a test has asked for.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use telegram_fake::{Fault, RequestCounts, RequestOutcome};

use crate::api::Api;

#[tokio::test]
async fn a_connection_reset_reaches_the_client() {
    let api = Api::new();
    api.budi();
    api.telegram.fail_next(Some("sendMessage"), Fault::ConnectionReset, 1);
    let (address, token) = (api.telegram.api_url().replace("http://", ""), api.telegram.token());
    let end = tokio::task::spawn_blocking(move || {
        let mut line = TcpStream::connect(address).unwrap();
        let path = format!("/bot{token}/sendMessage?chat_id=42&text=x");
        write!(line, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        line.read(&mut [0; 64])
    });
    assert_eq!(end.await.unwrap().unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn faults_have_no_effect_and_lost_responses_do() {
    let api = Api::new();
    let budi = api.budi();
    let failures = [
        Fault::Status(500),
        Fault::Status(502),
        Fault::TooManyRequests { retry_after: 3 },
        Fault::Hang(Duration::from_millis(5)),
        Fault::ConnectionReset,
    ];
    for failure in failures {
        api.telegram.fail_next(Some("sendMessage"), failure, 1);
        let sent = api.http.get(api.url("sendMessage?chat_id=42&text=x")).send().await;
        let failed = sent.map_or(true, |answer| !answer.status().is_success());
        assert!(failed, "{failure:?}");
    }
    assert!(budi.chat().last().is_none());
    api.telegram.fail_next(None, Fault::ResponseLost, 1);
    let sent = api.http.get(api.url("sendMessage?chat_id=42&text=sampai")).send().await;
    let whole = match sent {
        Ok(answer) => answer.text().await.is_ok(),
        Err(_) => false,
    };
    assert!(!whole, "the answer breaks off");
    assert_eq!(budi.chat().texts(), ["sampai"]);
    api.say("lagi").await;
    let counts = RequestCounts { done: 1, refused: 0, failed: 5, responses_lost: 1 };
    assert_eq!(api.telegram.counts(), counts);
}

#[tokio::test]
async fn error_responses_describe_the_error() {
    let api = Api::new();
    api.budi();
    api.telegram.fail_next(Some("getMe"), Fault::TooManyRequests { retry_after: 7 }, 1);
    let (status, answer) = api.raw("getMe", json!({})).await;
    assert_eq!((status, &answer["parameters"]["retry_after"]), (429, &json!(7)));
    assert_eq!(answer["description"], "Too Many Requests: retry after 7");
    api.telegram.fail_next(Some("getMe"), Fault::Status(502), 1);
    let answer = api.http.get(api.url("getMe")).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (502, &"text/html".parse().unwrap())
    );
}

#[tokio::test]
async fn random_faults_are_reproducible_and_counted() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let api = Api::new();
        let budi = api.budi();
        api.telegram.fail_randomly(50, 7);
        for n in 0..60 {
            let url = api.url(&format!("sendMessage?chat_id=42&text={n}"));
            if let Ok(answer) = api.http.get(url).send().await {
                let _ = answer.bytes().await;
            }
        }
        let counts = api.telegram.counts();
        assert_eq!(counts.done + counts.failed + counts.responses_lost, 60);
        assert!(counts.failed > 0 && counts.responses_lost > 0, "{counts:?}");
        assert_eq!(budi.chat().texts().len(), counts.done + counts.responses_lost);
        runs.push(counts);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_request_beyond_the_rate_limit_gets_retry_after() {
    let api = Api::new();
    api.budi();
    api.telegram.user(7, "Siti").open_chat();
    api.telegram.enforce_limits(30, 1);
    let to = |chat: i64| json!({ "chat_id": chat, "text": "x" });
    api.call("sendMessage", to(42)).await;
    let (status, answer) = api.raw("sendMessage", to(42)).await;
    assert_eq!((status, &answer["parameters"]["retry_after"]), (429, &json!(1)));
    api.call("sendMessage", to(7)).await;
    assert_eq!(api.telegram.violations(), 1);
    let refused =
        api.telegram.log().iter().filter(|it| it.outcome == RequestOutcome::Refused).count();
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn a_restart_keeps_the_state() {
    let api = Api::new();
    let budi = api.budi();
    let said = budi.send("halo");
    api.telegram.shut_down();
    let start = Instant::now();
    assert!(api.http.get(api.url("getMe")).send().await.unwrap_err().is_connect());
    assert!(start.elapsed() < Duration::from_secs(1), "refused at once");
    budi.send("masih di sana?");
    api.telegram.restart();
    assert_eq!(api.updates(said).await.len(), 2);
}
