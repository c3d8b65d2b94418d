//! Editing and deleting messages.

use serde_json::{Value, json};

use crate::api::Api;

fn edit(id: &Value, text: &str) -> Value {
    json!({ "chat_id": 42, "message_id": id, "text": text })
}

#[tokio::test]
async fn an_edit_without_buttons_removes_them() {
    let api = Api::new();
    let budi = api.budi();
    let markup = json!({ "inline_keyboard": [[{ "text": "Ambil", "callback_data": "a" }]] });
    let sent = json!({ "chat_id": 42, "text": "kartu", "reply_markup": markup });
    let id = api.call("sendMessage", sent).await["message_id"].clone();
    let same = json!({ "chat_id": 42, "message_id": id, "reply_markup": markup });
    let refused = api.refused("editMessageReplyMarkup", same).await;
    assert!(refused.starts_with("Bad Request: message is not modified: specified new"));
    let edited = api.call("editMessageText", edit(&id, "diambil")).await;
    assert_eq!((&edited["text"], edited.get("reply_markup")), (&json!("diambil"), None));
    assert!(edited["edit_date"].is_i64());
    let buttons = json!({ "chat_id": 42, "message_id": id, "reply_markup": markup });
    api.call("editMessageReplyMarkup", buttons).await;
    let chat = budi.chat();
    let shown = chat.last().unwrap();
    assert_eq!(
        (shown.text.as_str(), shown.button_labels(), shown.edits),
        ("diambil", vec!["Ambil"], 2)
    );
}

#[tokio::test]
async fn a_change_of_formatting_is_an_edit() {
    let api = Api::new();
    api.budi();
    let id = api.say("kartu").await["message_id"].clone();
    let bold =
        json!({ "chat_id": 42, "message_id": id, "text": "<b>kartu</b>", "parse_mode": "HTML" });
    api.call("editMessageText", bold.clone()).await;
    assert!(api.refused("editMessageText", bold).await.contains("message is not modified"));
}

#[tokio::test]
async fn an_impossible_edit_is_an_error() {
    let api = Api::new();
    let budi = api.budi();
    let words = async |id: &Value| api.refused("editMessageText", edit(id, "x")).await;
    assert_eq!(words(&json!(999)).await, "Bad Request: message to edit not found");
    let update = budi.send("punya saya");
    let own = api.updates(update).await[0]["message"]["message_id"].clone();
    assert_eq!(words(&own).await, "Bad Request: message can't be edited");
    let keyboard = json!({ "chat_id": 42, "text": "?", "reply_markup": { "keyboard": [["Ya"]] } });
    let asked = api.call("sendMessage", keyboard).await["message_id"].clone();
    assert_eq!(words(&asked).await, "Bad Request: message can't be edited");
    let photo = api.upload("sendPhoto", "photo", b"x").await["message_id"].clone();
    assert_eq!(words(&photo).await, "Bad Request: there is no text in the message to edit");
    let text = api.say("teks").await["message_id"].clone();
    let caption = json!({ "chat_id": 42, "message_id": text, "caption": "x" });
    let refused = api.refused("editMessageCaption", caption).await;
    assert_eq!(refused, "Bad Request: there is no caption in the message to edit");
}

#[tokio::test]
async fn a_photo_gets_another_caption_and_another_picture() {
    let api = Api::new();
    let budi = api.budi();
    let sent = api.upload("sendPhoto", "photo", b"before").await;
    let id = &sent["message_id"];
    let caption = json!({ "chat_id": 42, "message_id": id, "caption": "satu" });
    api.call("editMessageCaption", caption).await;
    assert_eq!(budi.chat().last().unwrap().text, "satu");
    let part = reqwest::multipart::Part::bytes(&b"after"[..]).file_name("x.jpg");
    let media = json!({ "type": "photo", "media": "attach://new", "caption": "dua" });
    let form = reqwest::multipart::Form::new()
        .text("chat_id", "42")
        .text("message_id", id.to_string())
        .text("media", media.to_string())
        .part("new", part);
    let answer = api.http.post(api.url("editMessageMedia")).multipart(form).send().await.unwrap();
    let edited = answer.json::<Value>().await.unwrap()["result"].take();
    assert_eq!((&edited["message_id"], &edited["caption"]), (id, &json!("dua")));
    let chat = budi.chat();
    let shown = chat.last().unwrap();
    assert_eq!(api.telegram.file(shown.file_id().unwrap()).unwrap(), b"after");
    assert_eq!(chat.messages.len(), 1);
}

#[tokio::test]
async fn a_deleted_message_is_gone() {
    let api = Api::new();
    let budi = api.budi();
    let id = api.say("rahasia").await["message_id"].clone();
    let gone = json!({ "chat_id": 42, "message_id": id });
    api.call("deleteMessage", gone.clone()).await;
    assert!(budi.chat().last().is_none());
    let refused = api.refused("deleteMessage", gone).await;
    assert_eq!(refused, "Bad Request: message to delete not found");
    let refused = api.refused("editMessageText", edit(&id, "x")).await;
    assert_eq!(refused, "Bad Request: message to edit not found");
}
