//! Transcripts.

use serde_json::json;

use crate::api::Api;

const STORY: &str = "\
\x20Orang: /start
   Bot: Nomor HP?
        ⌨[📱 Bagikan nomor]
 Orang: 👤 +62812
   Bot: 🆕 PSB-1

        Ngaglik
        [✅ Ambil] [Lewati]
 Orang: ▸ ✅ Ambil
        (Milik Anda.)
 Bot ✎: 🔧 PSB-1
   Bot: sandi: x
 Bot ✗: sandi: x
";

const SCREEN: &str = "\
\x20Orang: /start
   Bot: Nomor HP?
 Orang: 👤 +62812
   Bot: 🔧 PSB-1
      : ⌨[📱 Bagikan nomor]
";

#[tokio::test]
async fn a_transcript_shows_the_chat() {
    let api = Api::new();
    let budi = api.budi();
    budi.send("/start");
    let keys = json!({ "keyboard": [[{ "text": "📱 Bagikan nomor", "request_contact": true }]] });
    api.call("sendMessage", json!({ "chat_id": 42, "text": "Nomor HP?", "reply_markup": keys }))
        .await;
    budi.share_contact("+62812");
    let buttons = json!({ "inline_keyboard": [[{ "text": "✅ Ambil", "callback_data": "a" },
        { "text": "Lewati", "callback_data": "b" }]] });
    let card = json!({ "chat_id": 42, "text": "🆕 PSB-1\n\nNgaglik", "reply_markup": buttons });
    let card = api.call("sendMessage", card).await["message_id"].clone();
    budi.tap("Ambil");
    let query = api.telegram.pending_callbacks()[0].query_id.clone();
    api.call("answerCallbackQuery", json!({ "callback_query_id": query, "text": "Milik Anda." }))
        .await;
    let edited = json!({ "chat_id": 42, "message_id": card, "text": "🔧 PSB-1" });
    api.call("editMessageText", edited).await;
    let secret = api.say("sandi: x").await["message_id"].clone();
    api.call("deleteMessage", json!({ "chat_id": 42, "message_id": secret })).await;
    assert_eq!(budi.transcript(), STORY);
    assert_eq!(budi.chat().screen(), SCREEN);
}
