//! Plain HTTP client of the Bot API.

use serde_json::{Value, json};
use telegram_fake::{FakeTelegram, TestUser};

/// A bot without a client library.
pub struct Api {
    pub http: reqwest::Client,
    pub telegram: FakeTelegram,
}

impl Api {
    pub fn new() -> Self {
        Self { http: reqwest::Client::new(), telegram: FakeTelegram::start() }
    }

    /// Adds a user who has opened the chat.
    pub fn budi(&self) -> TestUser {
        let budi = self.telegram.user(42, "Budi");
        budi.open_chat();
        budi
    }

    pub fn url(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.telegram.api_url(), self.telegram.token())
    }

    /// Returns status and body.
    pub async fn raw(&self, method: &str, arguments: Value) -> (u16, Value) {
        let response = self.http.post(self.url(method)).json(&arguments).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Returns the result of a successful call.
    pub async fn call(&self, method: &str, arguments: Value) -> Value {
        let (status, mut answer) = self.raw(method, arguments).await;
        assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{answer}");
        answer["result"].take()
    }

    /// Returns the description of a failed call.
    pub async fn refused(&self, method: &str, arguments: Value) -> String {
        let (status, answer) = self.raw(method, arguments).await;
        assert_eq!((&answer["ok"], &answer["error_code"]), (&json!(false), &json!(status)));
        answer["description"].as_str().unwrap().to_owned()
    }

    /// Sends a text to Budi.
    pub async fn say(&self, text: &str) -> Value {
        self.call("sendMessage", json!({ "chat_id": 42, "text": text })).await
    }

    /// Returns the updates from this one on.
    pub async fn updates(&self, offset: i64) -> Vec<Value> {
        let got = self.call("getUpdates", json!({ "offset": offset })).await;
        got.as_array().unwrap().clone()
    }

    /// Uploads a file to Budi, in the field of its kind.
    pub async fn upload(&self, method: &str, field: &'static str, bytes: &[u8]) -> Value {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name("a.jpg");
        let form = reqwest::multipart::Form::new().text("chat_id", "42").part(field, part);
        let response = self.http.post(self.url(method)).multipart(form).send().await.unwrap();
        response.json::<Value>().await.unwrap()["result"].take()
    }
}
