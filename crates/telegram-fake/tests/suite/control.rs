//! Control API.

use serde_json::{Value, json};

use crate::api::Api;

async fn control(api: &Api, path: &str, body: Value) -> reqwest::Response {
    let url = format!("{}/control/{path}", api.telegram.api_url());
    api.http.post(url).json(&body).send().await.unwrap()
}

async fn look(api: &Api, path: &str) -> Value {
    let url = format!("{}/control/{path}", api.telegram.api_url());
    api.http.get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn another_program_can_play_a_user() {
    let api = Api::new();
    control(&api, "people", json!({ "id": 42, "name": "Budi" })).await;
    assert_eq!(look(&api, "people").await, json!([{ "id": 42, "name": "Budi" }]));
    let reported: Value = control(&api, "people/42", json!({ "do": "send", "text": "/start" }))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(api.updates(0).await[0]["update_id"], reported["update_ids"][0]);
    let markup = json!({ "inline_keyboard": [[{ "text": "Ambil", "callback_data": "a" }]] });
    let card = json!({ "chat_id": 42, "text": "<b>kartu</b>", "parse_mode": "HTML", "reply_markup": markup });
    let id = api.call("sendMessage", card).await["message_id"].clone();
    let chat = look(&api, "people/42").await;
    let shown = &chat["messages"][1];
    assert_eq!((&shown["text"], &shown["entities"][0]["type"]), (&json!("kartu"), &json!("bold")));
    let tap = |label: &str| json!({ "do": "tap", "message_id": id, "label": label });
    assert_eq!(control(&api, "people/42", tap("Lewati")).await.status(), 404);
    assert_eq!(control(&api, "people/42", tap("Ambil")).await.status(), 200);
    assert_eq!(look(&api, "unanswered").await[0]["data"], "a");
    assert_eq!(
        look(&api, "log").await[1],
        json!({ "method": "sendmessage", "chat": 42,
        "text": "<b>kartu</b>", "outcome": "done" })
    );
}

#[tokio::test]
async fn a_request_can_wait_for_a_change() {
    let api = Api::new();
    let budi = api.budi();
    let seen = look(&api, "people/42").await["changes"].clone();
    let path = format!("people/42?after={seen}");
    let (next, _) = tokio::join!(look(&api, &path), async { budi.send("halo") });
    assert_eq!(next["messages"][0]["text"], "halo");
}

#[tokio::test]
async fn photos_of_user_and_bot_can_be_downloaded() {
    let api = Api::new();
    let budi = api.budi();
    let url = format!("{}/control/people/42/album", api.telegram.api_url());
    let part = |bytes: &'static [u8]| reqwest::multipart::Part::bytes(bytes).file_name("x.jpg");
    let form = reqwest::multipart::Form::new().part("0", part(b"one")).part("1", part(b"two"));
    api.http.post(url).multipart(form).send().await.unwrap();
    assert_eq!(budi.chat().messages.len(), 2);
    let chat = look(&api, "people/42").await;
    assert_eq!(chat["messages"][0]["album"], chat["messages"][1]["album"]);
    let file = chat["messages"][1]["file"].as_str().unwrap().to_owned();
    let url = format!("{}/control/files/{file}", api.telegram.api_url());
    assert_eq!(api.http.get(url).send().await.unwrap().bytes().await.unwrap(), "two");
    let page = api.http.get(api.telegram.api_url()).send().await.unwrap().text().await.unwrap();
    assert!(page.starts_with("<!doctype html>"));
}
