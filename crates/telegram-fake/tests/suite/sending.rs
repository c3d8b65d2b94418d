//! Methods that send one message.

use serde_json::{Value, json};
use telegram_fake::{EntityKind, KeyAction};

use crate::api::Api;

#[tokio::test]
async fn arguments_can_come_in_any_encoding() {
    let api = Api::new();
    let budi = api.budi();
    let pairs = [("chat_id", "42"), ("text", "satu & dua")];
    let url = api.url("SENDmessage");
    let form = reqwest::multipart::Form::new().text("chat_id", "42").text("text", "satu & dua");
    let query = format!("{url}?chat_id=42&text=satu%20%26%20dua");
    let urlencoded = "chat_id=42&text=satu+%26+dua";
    let kind = "application/x-www-form-urlencoded";
    let requests = [
        api.http.get(query),
        api.http.post(&url).header("content-type", kind).body(urlencoded),
        api.http.post(&url).json(&Value::from_iter(pairs)),
        api.http.post(&url).multipart(form),
    ];
    for request in requests {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["result"]["text"], "satu & dua");
    }
    assert_eq!(budi.chat().texts().len(), 4);
}

#[tokio::test]
async fn a_wrong_token_or_method_is_an_error() {
    let api = Api::new();
    let wrong = format!("{}/bot1:x/getMe", api.telegram.api_url());
    let answer = api.http.get(wrong).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json::<Value>().await.unwrap()["description"], "Unauthorized");
    assert_eq!(api.refused("flyAway", json!({})).await, "Not Found: method not found");
}

#[tokio::test]
async fn invalid_requests_get_the_errors_of_telegram() {
    let api = Api::new();
    api.budi();
    api.telegram.user(7, "Siti");
    let inline = |button: Value| json!({ "inline_keyboard": [[button]] });
    let long = "x".repeat(65);
    let too_long = "🛵".repeat(2_049);
    let refusals = [
        (json!({ "text": "x" }), "Bad Request: chat_id is empty"),
        (json!({ "chat_id": 1, "text": "x" }), "Bad Request: chat not found"),
        (json!({ "chat_id": "@budi", "text": "x" }), "Bad Request: chat not found"),
        (
            json!({ "chat_id": 7, "text": "x" }),
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (json!({ "chat_id": 42, "text": " \n " }), "Bad Request: message text is empty"),
        (json!({ "chat_id": 42, "text": too_long }), "Bad Request: message is too long"),
        (
            json!({ "chat_id": 42, "text": "<b>x", "parse_mode": "HTML" }),
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            json!({ "chat_id": 42, "text": "x", "reply_parameters": { "message_id": 9 } }),
            "Bad Request: message to be replied not found",
        ),
        (
            json!({ "chat_id": 42, "text": "x",
                "reply_markup": inline(json!({ "text": "a", "callback_data": long })) }),
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            json!({ "chat_id": 42, "text": "x",
                "reply_markup": inline(json!({ "text": "a", "callback_data": "" })) }),
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            json!({ "chat_id": 42, "text": "x",
                "reply_markup": inline(json!({ "text": "a", "url": "tel:+62812" })) }),
            "Bad Request: inline keyboard button URL 'tel:+62812' is invalid: Unsupported URL protocol",
        ),
        (
            json!({ "chat_id": 42, "text": "x", "reply_markup": inline(json!({ "text": "a" })) }),
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the \
             inline keyboard",
        ),
    ];
    for (arguments, words) in refusals {
        assert_eq!(api.refused("sendMessage", arguments).await, words);
    }
}

#[tokio::test]
async fn a_sent_message_is_returned_as_telegram_does() {
    let api = Api::new();
    let budi = api.budi();
    let first = api.say("pertama").await["message_id"].clone();
    let sent = api
        .call(
            "sendMessage",
            json!({
                "chat_id": 42, "text": " <b>PSB</b> &lt;1&gt;\n", "parse_mode": "HTML",
                "protect_content": true, "disable_notification": true,
                "reply_parameters": { "message_id": first },
                "link_preview_options": { "is_disabled": true },
                // Forms send JSON as text.
                "reply_markup": "{\"inline_keyboard\":[[{\"text\":\"Ambil\",\"callback_data\":\"a\"}],[]]}",
            }),
        )
        .await;
    assert_eq!(sent["text"], "PSB <1>");
    assert_eq!(sent["entities"], json!([{ "type": "bold", "offset": 0, "length": 3 }]));
    assert_eq!(sent["reply_to_message"]["text"], "pertama");
    assert_eq!(sent["has_protected_content"], true);
    assert_eq!(sent["link_preview_options"], json!({ "is_disabled": true }));
    let button = json!([[{ "text": "Ambil", "callback_data": "a" }]]);
    assert_eq!(sent["reply_markup"]["inline_keyboard"], button);
    assert_eq!(sent["chat"], json!({ "id": 42, "type": "private", "first_name": "Budi" }));
    let chat = budi.chat();
    let shown = chat.last().unwrap();
    assert_eq!(shown.html(), "<b>PSB</b> &lt;1&gt;");
    assert_eq!(shown.entities[0].kind, EntityKind::Bold);
    assert!(shown.silent && shown.protected);
    assert_eq!(shown.reply_to, first.as_i64());
}

#[tokio::test]
async fn a_new_keyboard_replaces_the_old_one() {
    let api = Api::new();
    let budi = api.budi();
    let send = async |markup: Value| {
        api.call("sendMessage", json!({ "chat_id": 42, "text": "?", "reply_markup": markup })).await
    };
    let keys = json!([["Ya", { "text": "Nomor", "request_contact": true }],
        [{ "text": "Lokasi", "request_location": true }]]);
    let sent = send(json!({ "keyboard": keys, "one_time_keyboard": true })).await;
    assert!(sent.get("reply_markup").is_none(), "only buttons below a message come back");
    let asks: Vec<KeyAction> =
        budi.chat().keyboard.rows.iter().flatten().map(|key| key.action).collect();
    assert_eq!(asks, [KeyAction::Text, KeyAction::Contact, KeyAction::Location]);
    budi.tap("Ya");
    assert!(budi.chat().keyboard.rows.is_empty(), "used once");
    send(json!({ "keyboard": keys })).await;
    budi.tap("Ya");
    assert_eq!(budi.chat().keyboard.rows.len(), 2);
    send(json!({ "remove_keyboard": true })).await;
    assert!(budi.chat().keyboard.rows.is_empty());
    let asked = send(json!({ "force_reply": true })).await;
    let update = budi.send("jawaban");
    let update = api.updates(update).await;
    assert_eq!(update[0]["message"]["reply_to_message"]["message_id"], asked["message_id"]);
}

#[tokio::test]
async fn a_venue_is_returned_completely() {
    let api = Api::new();
    let budi = api.budi();
    let place = json!({ "chat_id": 42, "latitude": -7.71, "longitude": "110.4" });
    let sent = api.call("sendLocation", place).await;
    assert_eq!(sent["location"], json!({ "latitude": -7.71, "longitude": 110.4 }));
    assert_eq!(budi.chat().last().unwrap().location(), Some((-7.71, 110.4)));
    let refused = api.refused("sendLocation", json!({ "chat_id": 42, "latitude": 1 })).await;
    assert_eq!(refused, "Bad Request: longitude is empty");
}

#[tokio::test]
async fn the_bot_has_a_profile() {
    let api = Api::new();
    let (command, everyone) =
        (json!([{ "command": "jobs", "description": "Pekerjaan" }]), json!({}));
    api.call("setMyCommands", json!({ "commands": command })).await;
    assert_eq!(api.call("getMyCommands", everyone.clone()).await, command);
    let scope = json!({ "scope": { "type": "all_private_chats" } });
    assert_eq!(api.call("getMyCommands", scope).await, json!([]));
    assert_eq!(api.telegram.commands(), [("jobs".to_owned(), "Pekerjaan".to_owned())]);
    api.call("deleteMyCommands", everyone).await;
    assert!(api.telegram.commands().is_empty());
    let bad = json!({ "commands": [{ "command": "Jobs!", "description": "x" }] });
    assert_eq!(api.refused("setMyCommands", bad).await, "Bad Request: BOT_COMMAND_INVALID");
    api.call("setMyDescription", json!({ "description": "Halo" })).await;
    assert_eq!(api.call("getMyDescription", json!({})).await, json!({ "description": "Halo" }));
    assert_eq!(api.call("getMe", json!({})).await["is_bot"], true);
}
