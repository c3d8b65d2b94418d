//! Calling the Bot API.
//!
//! The calls are made here and not by teloxide's client, because that one sleeps for ten seconds
//! after each fault of the server, and tells refusals apart by their texts only.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::IgnoredAny;
use services::delivery::DeliveryOutcome;
use shared::notification::DeliveryFailure;

use super::request::{Body, Photo, Request};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest that a call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest that a call with a picture may take: less than the lease of a delivery.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(25);
/// Wait when Telegram asks to be slower without saying how much.
const DEFAULT_RETRY_AFTER: i64 = 5;

/// Refusals of an edit that leave nothing to do: it shows that already, or it is gone.
const EDIT_WITHOUT_EFFECT: [&str; 4] = [
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
];

/// What speaks with Telegram over HTTP: it does not wait for ever, and goes nowhere else when it is
/// told to. `limit` is the longest that a call may take.
///
/// # Errors
/// The machine offers no way to encrypt.
pub fn http_client(limit: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(limit)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .build()
}

/// A caller of the Bot API.
#[derive(Clone)]
pub struct TelegramClient {
    http: reqwest::Client,
    /// With the token, so it never stands in a log.
    base_url: String,
}

/// An answer of the Bot API.
#[derive(Debug, Deserialize)]
struct ApiResponse {
    ok: bool,
    #[serde(default)]
    result: Option<ApiResult>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ApiResult {
    Message { message_id: i32 },
    Other(IgnoredAny),
}

#[derive(Debug, Default, Deserialize)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<i64>,
}

/// No answer came, or none that can be read.
#[derive(Debug, thiserror::Error)]
pub enum NoResponse {
    /// Without the address, because it holds the token.
    #[error("{0}")]
    Network(String),
    #[error("status {0} and no answer that can be read")]
    Unreadable(u16),
}

impl From<reqwest::Error> for NoResponse {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let cause = std::error::Error::source(&error).map(|it| format!(": {it}"));
        NoResponse::Network(format!("{error}{}", cause.unwrap_or_default()))
    }
}

impl TelegramClient {
    /// A caller with this bot's token. `api_url` has no slash at its end.
    ///
    /// # Errors
    /// The machine offers no way to encrypt.
    pub fn new(api_url: &str, token: &str) -> Result<Self, reqwest::Error> {
        Ok(Self { http: http_client(CALL_TIMEOUT)?, base_url: format!("{api_url}/bot{token}") })
    }

    /// Calls, and says what that means for the message.
    pub async fn deliver(&self, request: &Request) -> DeliveryOutcome {
        match self.call(request).await {
            Ok((status, answer)) => classify_response(request, status, answer),
            Err(silence) => {
                log::debug!("{}: {silence}", request.method);
                DeliveryOutcome::Failed { failure: DeliveryFailure::Unreachable, wait: None }
            }
        }
    }

    async fn call(&self, request: &Request) -> Result<(u16, ApiResponse), NoResponse> {
        let url = format!("{}/{}", self.base_url, request.method);
        let call = match &request.body {
            Body::Json(json) => self
                .http
                .post(url)
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            Body::Picture(photo) => {
                self.http.post(url).timeout(UPLOAD_TIMEOUT).multipart(multipart_form(photo))
            }
        };
        let response = call.send().await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        let answer = serde_json::from_slice(&body).map_err(|_| NoResponse::Unreadable(status))?;
        Ok((status, answer))
    }
}

fn multipart_form(photo: &Photo) -> Form {
    let picture = Part::bytes(photo.bytes.clone()).file_name("gambar");
    let form = Form::new()
        .text("chat_id", photo.chat_id.to_string())
        .text("caption", photo.caption.clone())
        .text("parse_mode", "HTML")
        .part("photo", picture);
    match &photo.reply_markup {
        Some(markup) => form.text("reply_markup", markup.clone()),
        None => form,
    }
}

/// What an answer means for the message. Only what concerns the message itself gives it up: a wrong
/// token or an address that is none is mended by whoever runs the server, and nothing is lost.
fn classify_response(request: &Request, status: u16, answer: ApiResponse) -> DeliveryOutcome {
    if answer.ok {
        let made = match answer.result {
            Some(ApiResult::Message { message_id }) => Some(message_id),
            Some(ApiResult::Other(_)) | None => request.edited_message_id,
        };
        return DeliveryOutcome::Delivered(made.map(|id| id.to_string()));
    }
    let failed = |failure, wait| DeliveryOutcome::Failed { failure, wait };
    match status {
        429 => {
            let seconds = answer.parameters.retry_after.unwrap_or(DEFAULT_RETRY_AFTER);
            failed(DeliveryFailure::TooFast, Some(TimeDelta::seconds(seconds.clamp(0, 86_400))))
        }
        403 => DeliveryOutcome::Refused(DeliveryFailure::Blocked),
        400 if request.edited_message_id.is_some()
            && is_edit_without_effect(&answer.description) =>
        {
            DeliveryOutcome::Delivered(request.edited_message_id.map(|id| id.to_string()))
        }
        400 | 413 => {
            log::error!("{} was refused: {}", request.method, answer.description);
            DeliveryOutcome::Refused(DeliveryFailure::Rejected)
        }
        401 | 404 => {
            log::error!(
                "Telegram does not know this bot ({}): is TELEGRAM_BOT_TOKEN right?",
                answer.description
            );
            failed(DeliveryFailure::Unreachable, None)
        }
        _ => failed(DeliveryFailure::Unreachable, None),
    }
}

fn is_edit_without_effect(description: &str) -> bool {
    EDIT_WITHOUT_EFFECT.iter().any(|text| description.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(edits: Option<i32>, status: u16, json: &str) -> DeliveryOutcome {
        let request =
            Request { method: "any", body: Body::Json(Vec::new()), edited_message_id: edits };
        classify_response(&request, status, serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_message_that_was_taken_has_a_name() {
        let json = r#"{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}"#;
        assert_eq!(answered(None, 200, json), DeliveryOutcome::Delivered(Some("7".into())));
        let json = r#"{"ok":true,"result":true}"#;
        assert_eq!(answered(Some(5), 200, json), DeliveryOutcome::Delivered(Some("5".into())));
    }

    #[test]
    fn an_edit_without_anything_to_do_is_done() {
        let json = r#"{"ok":false,"description":"Bad Request: message is not modified: specified new message content"}"#;
        assert_eq!(answered(Some(5), 400, json), DeliveryOutcome::Delivered(Some("5".into())));
        assert_eq!(answered(None, 400, json), DeliveryOutcome::Refused(DeliveryFailure::Rejected));
    }

    #[test]
    fn only_what_concerns_the_message_gives_it_up() {
        let json = r#"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#;
        assert_eq!(answered(None, 403, json), DeliveryOutcome::Refused(DeliveryFailure::Blocked));
        let again = DeliveryOutcome::Failed { failure: DeliveryFailure::Unreachable, wait: None };
        for status in [401, 404, 409, 500, 502] {
            assert_eq!(answered(None, status, r#"{"ok":false}"#), again, "{status}");
        }
        let json = r#"{"ok":false,"parameters":{"retry_after":17}}"#;
        let wait = Some(TimeDelta::seconds(17));
        let slower = DeliveryOutcome::Failed { failure: DeliveryFailure::TooFast, wait };
        assert_eq!(answered(None, 429, json), slower);
    }
}
