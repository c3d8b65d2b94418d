//! Photos and files.

use serde_json::{Value, json};

use crate::api::Api;

async fn fetched(api: &Api, file_id: &Value) -> Vec<u8> {
    let file = api.call("getFile", json!({ "file_id": file_id })).await;
    let path = file["file_path"].as_str().unwrap();
    let url = format!("{}/file/bot{}/{path}", api.telegram.api_url(), api.telegram.token());
    let response = api.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn a_photo_of_the_bot_can_be_downloaded_and_sent_again() {
    let api = Api::new();
    let budi = api.budi();
    let sent = api.upload("sendPhoto", "photo", b"a picture").await;
    let largest = sent["photo"].as_array().unwrap().last().unwrap()["file_id"].clone();
    assert_eq!(fetched(&api, &largest).await, b"a picture");
    let smallest = &sent["photo"][0]["file_id"];
    assert_ne!(fetched(&api, smallest).await, b"a picture", "a thumbnail is another picture");
    let again = json!({ "chat_id": 42, "photo": largest, "caption": "lagi" });
    let again = api.call("sendPhoto", again).await;
    assert_eq!((&again["caption"], &again["photo"]), (&json!("lagi"), &sent["photo"]));
    assert!(budi.chat().last().unwrap().has_photo);
    let as_file = json!({ "chat_id": 42, "document": largest });
    let refused = api.refused("sendDocument", as_file).await;
    assert_eq!(refused, "Bad Request: can't use file of type Photo as Document");
}

#[tokio::test]
async fn an_unknown_file_is_an_error() {
    let api = Api::new();
    api.budi();
    let sent = json!({ "chat_id": 42, "photo": "AgAC" });
    let words = "Bad Request: wrong file identifier/HTTP URL specified";
    assert_eq!(api.refused("sendPhoto", sent).await, words);
    let none = api.refused("sendPhoto", json!({ "chat_id": 42 })).await;
    assert_eq!(none, "Bad Request: there is no photo in the request");
    let unknown = api.refused("getFile", json!({ "file_id": "AgAC" })).await;
    assert_eq!(unknown, "Bad Request: invalid file_id");
    let url = format!("{}/file/bot{}/photos/9", api.telegram.api_url(), api.telegram.token());
    assert_eq!(api.http.get(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_file_that_is_too_big_can_not_be_downloaded() {
    let api = Api::new();
    let budi = api.budi();
    let update = budi.send_document(vec![0; 20 * 1024 * 1024 + 1], "besar.zip", "application/zip");
    let document = api.updates(update).await[0]["message"]["document"].clone();
    assert_eq!(document["file_name"], "besar.zip");
    let refused = api.refused("getFile", json!({ "file_id": document["file_id"] })).await;
    assert_eq!(refused, "Bad Request: file is too big");
}

#[tokio::test]
async fn an_album_is_sent_completely_or_not_at_all() {
    let api = Api::new();
    let budi = api.budi();
    let photo = |media: &str| json!({ "type": "photo", "media": media });
    let one = api.upload("sendPhoto", "photo", b"one").await["photo"][1]["file_id"].clone();
    let before = budi.chat().messages.len();
    let refused = [
        (json!([photo("attach://none")]), "there must be 2-10 messages in an album"),
        (json!([one, one]), "can't parse media"),
        (
            json!([{ "type": "photo", "media": one }, photo("attach://none")]),
            "wrong file identifier",
        ),
        (
            json!([{ "type": "photo", "media": one }, { "type": "document", "media": one }]),
            "document can't be mixed with other media types",
        ),
    ];
    for (media, words) in refused {
        let said = api.refused("sendMediaGroup", json!({ "chat_id": 42, "media": media })).await;
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(budi.chat().messages.len(), before);
    let part = |bytes: &'static [u8]| reqwest::multipart::Part::bytes(bytes).file_name("x.jpg");
    let media = json!([
        { "type": "photo", "media": "attach://a", "caption": "<i>dua</i>", "parse_mode": "HTML" },
        { "type": "photo", "media": "attach://b" },
    ]);
    let form = reqwest::multipart::Form::new()
        .text("chat_id", "42")
        .text("media", media.to_string())
        .part("a", part(b"first"))
        .part("b", part(b"second"));
    let answer = api.http.post(api.url("sendMediaGroup")).multipart(form).send().await.unwrap();
    let sent = answer.json::<Value>().await.unwrap()["result"].take();
    assert_eq!(sent[0]["caption"], "dua");
    assert_eq!(sent[0]["media_group_id"], sent[1]["media_group_id"]);
    assert_eq!(fetched(&api, &sent[1]["photo"][1]["file_id"]).await, b"second");
    let chat = budi.chat();
    assert_eq!(chat.messages[before].album(), chat.messages[before + 1].album());
}

#[tokio::test]
async fn an_album_of_a_user_has_one_id() {
    let api = Api::new();
    let budi = api.budi();
    let ids = budi.send_album(vec![b"one".to_vec(), b"two".to_vec()]);
    let got = api.updates(ids[0]).await;
    let [one, two] = [0, 1].map(|n| got[n]["message"].clone());
    assert!(one["media_group_id"].is_string());
    assert_eq!(one["media_group_id"], two["media_group_id"]);
    assert_ne!(one["message_id"], two["message_id"]);
    assert_eq!(fetched(&api, &two["photo"][1]["file_id"]).await, b"two");
}
