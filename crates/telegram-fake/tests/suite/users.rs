//! Actions of users and their updates.

use serde_json::json;
use telegram_fake::PendingCallback;

use crate::api::Api;

#[tokio::test]
async fn a_callback_query_is_answered_once() {
    let api = Api::new();
    let budi = api.budi();
    let markup = json!({ "inline_keyboard": [[{ "text": "✅ Ambil", "callback_data": "a" }]] });
    api.call("sendMessage", json!({ "chat_id": 42, "text": "kartu", "reply_markup": markup }))
        .await;
    let update = budi.tap("Ambil");
    let query = api.updates(update).await[0]["callback_query"].clone();
    assert_eq!((&query["data"], &query["from"]["id"]), (&json!("a"), &json!(42)));
    assert_eq!(
        (&query["message"]["text"], &query["message"]["reply_markup"]),
        (&json!("kartu"), &markup)
    );
    let id = query["id"].as_str().unwrap().to_owned();
    let waiting = PendingCallback { query_id: id.clone(), user_id: 42, data: "a".into() };
    assert_eq!(api.telegram.pending_callbacks(), [waiting]);
    let answer = json!({ "callback_query_id": id, "text": "Milik Anda.", "show_alert": true });
    api.call("answerCallbackQuery", answer.clone()).await;
    budi.expect_toast("Milik Anda").await;
    assert_eq!(budi.chat().alerts, ["Milik Anda."]);
    assert!(api.telegram.pending_callbacks().is_empty());
    let again = api.refused("answerCallbackQuery", answer).await;
    assert!(again.starts_with("Bad Request: query is too old"));
    budi.tap("Ambil");
    api.telegram.expire_callbacks();
    assert!(api.telegram.pending_callbacks().is_empty());
}

#[tokio::test]
async fn a_forged_callback_query_names_a_missing_message() {
    let api = Api::new();
    let budi = api.budi();
    let update = budi.press(77, "claim:9");
    let query = api.updates(update).await[0]["callback_query"].clone();
    assert_eq!(query["data"], "claim:9");
    assert_eq!(query["message"]["date"], 0, "which is how Telegram marks it");
    assert_eq!(query["message"]["message_id"], 77);
}

#[tokio::test]
async fn updates_of_users_have_all_required_fields() {
    let api = Api::new();
    let budi = api.budi();
    let first = budi.send("/start kode");
    budi.share_contact("+62812");
    budi.share_contact_of(None, "+62813");
    budi.share_location(-7.5, 110.25);
    budi.send_sticker();
    budi.send_voice();
    budi.send_document(b"x".to_vec(), "a.txt", "text/plain");
    budi.send_photo(b"x".to_vec(), Some("ini"));
    let got = api.updates(first).await;
    let messages: Vec<_> = got.iter().map(|update| &update["message"]).collect();
    for message in &messages {
        assert!(message["message_id"].is_i64() && message["date"].is_i64(), "{message}");
        assert_eq!(message["from"]["is_bot"], false);
        assert_eq!(
            (&message["chat"]["id"], &message["chat"]["type"]),
            (&json!(42), &json!("private"))
        );
    }
    assert_eq!(
        messages[0]["entities"][0],
        json!({ "type": "bot_command", "offset": 0, "length": 6 })
    );
    let own = json!({ "phone_number": "+62812", "first_name": "Kontak", "user_id": 42 });
    assert_eq!(messages[1]["contact"], own);
    assert!(messages[2]["contact"].get("user_id").is_none());
    assert_eq!(messages[3]["location"], json!({ "latitude": -7.5, "longitude": 110.25 }));
    assert_eq!(messages[4]["sticker"]["type"], "regular");
    assert_eq!(messages[5]["voice"]["duration"], 2);
    assert_eq!(messages[6]["document"]["mime_type"], "text/plain");
    assert_eq!(messages[7]["caption"], "ini");
    assert_eq!(messages[7]["photo"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_live_location_edits_one_message() {
    let api = Api::new();
    let budi = api.budi();
    let shared = budi.share_live_location(-7.5, 110.0);
    budi.share_location(0.0, 0.0);
    let moved = budi.move_live_location(-7.6, 110.1);
    let sent = api.updates(shared).await[0]["message"].clone();
    let edited = api.updates(moved).await[0]["edited_message"].clone();
    assert_eq!(edited["message_id"], sent["message_id"]);
    assert_eq!((&edited["date"], edited["edit_date"].is_i64()), (&sent["date"], true));
    assert_eq!(edited["location"]["latitude"], -7.6);
    assert_eq!(edited["location"]["live_period"], 3_600);
}

#[tokio::test]
async fn a_user_who_blocked_the_bot_gets_no_messages() {
    let api = Api::new();
    let budi = api.budi();
    let stopped = budi.block_bot();
    let text = json!({ "chat_id": 42, "text": "x" });
    let refused = api.refused("sendMessage", text.clone()).await;
    assert_eq!(refused, "Forbidden: bot was blocked by the user");
    budi.unblock_bot();
    api.call("sendMessage", text).await;
    let got = api.updates(stopped).await;
    let states: Vec<_> = got
        .iter()
        .map(|update| &update["my_chat_member"])
        .map(|it| {
            (it["old_chat_member"]["status"].as_str(), it["new_chat_member"]["status"].as_str())
        })
        .collect();
    assert_eq!(states, [(Some("member"), Some("kicked")), (Some("kicked"), Some("member"))]);
}
