//! HTTP client of the Bot API for deliveries.
//!
//! It is used in place of teloxide's client, which sleeps for ten seconds after each server error, and
//! distinguishes errors by their texts only.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::IgnoredAny;
use services::delivery::{DeliveryOutcome, PauseReason, RateLimitScope};
use shared::notification::DeliveryFailure;

use super::request::{Body, Photo, Request};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of a call.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// Timeout of a call with a picture: less than the duration of a claim.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(25);
/// Wait in seconds if Telegram limits the rate without `retry_after`.
const DEFAULT_RETRY_AFTER: i64 = 5;

/// Errors of an edit whose message was deleted, or the chat cleared.
const MESSAGE_GONE: [&str; 5] = [
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "message identifier is not specified",
    "no text in the message to edit",
];
/// Error of an edit whose message has that text already.
const NOT_MODIFIED: &str = "message is not modified";

/// Builds an HTTP client with timeouts that follows no redirects. `limit` is the timeout of a call.
///
/// # Errors
/// No TLS backend is available.
pub fn http_client(limit: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(limit)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .build()
}

/// Client of the Bot API.
#[derive(Clone)]
pub struct TelegramClient {
    http: reqwest::Client,
    /// Contains the token, so it must not be logged.
    base_url: String,
}

/// A response of the Bot API.
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

/// No response, or an unreadable one.
#[derive(Debug, thiserror::Error)]
pub enum NoResponse {
    /// Without the URL, which contains the token.
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
    /// Creates a client. `api_url` has no slash at its end.
    ///
    /// # Errors
    /// No TLS backend is available.
    pub fn new(api_url: &str, token: &str) -> Result<Self, reqwest::Error> {
        Ok(Self { http: http_client(CALL_TIMEOUT)?, base_url: format!("{api_url}/bot{token}") })
    }

    /// Runs a call and derives the outcome of the delivery.
    pub async fn deliver(&self, request: &Request) -> DeliveryOutcome {
        match self.call(request).await {
            Ok((status, response)) => match &request.anew {
                Some(anew) if is_message_gone(&response.description) => {
                    Box::pin(self.deliver(anew)).await
                }
                _ => classify_response(request, status, response),
            },
            Err(error) => {
                log::debug!("{}: {error}", request.method);
                DeliveryOutcome::Failed(DeliveryFailure::Unreachable)
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

/// Derives the outcome from a response. Only an error that concerns the message itself gives the message
/// up: a wrong token or API address is corrected by the operator of the server, and nothing is lost.
fn classify_response(request: &Request, status: u16, response: ApiResponse) -> DeliveryOutcome {
    if response.ok {
        let message_id = match response.result {
            Some(ApiResult::Message { message_id }) => Some(message_id),
            Some(ApiResult::Other(_)) | None => request.edited_message_id,
        };
        return DeliveryOutcome::Delivered(message_id.map(|id| id.to_string()));
    }
    match status {
        429 => {
            let seconds = response.parameters.retry_after.unwrap_or(DEFAULT_RETRY_AFTER);
            // Telegram does not say whether the chat or the bot is too fast.
            let scope = RateLimitScope::Unspecified;
            let wait = TimeDelta::seconds(seconds.clamp(0, 86_400));
            DeliveryOutcome::RateLimited { scope, wait }
        }
        403 => DeliveryOutcome::Refused(DeliveryFailure::Blocked),
        400 if request.edited_message_id.is_some()
            && is_edit_without_effect(&response.description) =>
        {
            DeliveryOutcome::Delivered(request.edited_message_id.map(|id| id.to_string()))
        }
        400 | 413 => {
            log::error!("{} was refused: {}", request.method, response.description);
            DeliveryOutcome::Refused(DeliveryFailure::Rejected)
        }
        401 | 404 => {
            log::error!(
                "Telegram does not know this bot ({}): is TELEGRAM_BOT_TOKEN right?",
                response.description
            );
            DeliveryOutcome::AccountPaused { reason: PauseReason::Credentials, wait: None }
        }
        _ => DeliveryOutcome::Failed(DeliveryFailure::Unreachable),
    }
}

fn is_message_gone(description: &str) -> bool {
    MESSAGE_GONE.iter().any(|text| description.contains(text))
}

/// Whether an edit needs no retry.
fn is_edit_without_effect(description: &str) -> bool {
    description.contains(NOT_MODIFIED) || is_message_gone(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(edits: Option<i32>, status: u16, json: &str) -> DeliveryOutcome {
        let request = Request {
            method: "any",
            body: Body::Json(Vec::new()),
            edited_message_id: edits,
            anew: None,
        };
        classify_response(&request, status, serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_accepted_message_has_the_id_of_telegram() {
        let json = r#"{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}"#;
        assert_eq!(answered(None, 200, json), DeliveryOutcome::Delivered(Some("7".into())));
        let json = r#"{"ok":true,"result":true}"#;
        assert_eq!(answered(Some(5), 200, json), DeliveryOutcome::Delivered(Some("5".into())));
    }

    #[test]
    fn an_edit_without_effect_counts_as_delivered() {
        let json = r#"{"ok":false,"description":"Bad Request: message is not modified: specified new message content"}"#;
        assert_eq!(answered(Some(5), 400, json), DeliveryOutcome::Delivered(Some("5".into())));
        assert_eq!(answered(None, 400, json), DeliveryOutcome::Refused(DeliveryFailure::Rejected));
    }

    #[test]
    fn only_errors_about_the_message_itself_give_it_up() {
        let json = r#"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#;
        assert_eq!(answered(None, 403, json), DeliveryOutcome::Refused(DeliveryFailure::Blocked));
        let again = DeliveryOutcome::Failed(DeliveryFailure::Unreachable);
        for status in [409, 500, 502] {
            assert_eq!(answered(None, status, r#"{"ok":false}"#), again, "{status}");
        }
        let (reason, wait) = (PauseReason::Credentials, None);
        let paused = DeliveryOutcome::AccountPaused { reason, wait };
        for status in [401, 404] {
            assert_eq!(answered(None, status, r#"{"ok":false}"#), paused, "{status}");
        }
        let json = r#"{"ok":false,"parameters":{"retry_after":17}}"#;
        let (scope, wait) = (RateLimitScope::Unspecified, TimeDelta::seconds(17));
        assert_eq!(answered(None, 429, json), DeliveryOutcome::RateLimited { scope, wait });
    }
}
