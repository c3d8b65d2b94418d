//! Calling the Bot API.
//!
//! The calls are made here and not by teloxide's client, because that one sleeps for ten seconds
//! after each fault of the server, and tells refusals apart by their texts only.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::IgnoredAny;
use services::delivery::Outcome;
use shared::message::DeliveryFailure;

use super::request::{Body, Photo, Request};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Longest that a call may take.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// Longest that a call with a picture may take: less than the lease of a delivery.
const PICTURE_LIMIT: Duration = Duration::from_secs(25);
/// Wait when Telegram asks to be slower without saying how much.
const DEFAULT_RETRY_AFTER: i64 = 5;

/// Refusals of an edit that leave nothing to do: it shows that already, or it is gone.
const NOTHING_TO_EDIT: [&str; 4] = [
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
pub fn http(limit: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(limit)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .build()
}

/// A caller of the Bot API.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// With the token, so it never stands in a log.
    base: String,
}

/// An answer of the Bot API.
#[derive(Debug, Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Option<Made>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Made {
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
pub enum Silence {
    /// Without the address, because it holds the token.
    #[error("{0}")]
    Network(String),
    #[error("status {0} and no answer that can be read")]
    Unreadable(u16),
}

impl From<reqwest::Error> for Silence {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let cause = std::error::Error::source(&error).map(|it| format!(": {it}"));
        Silence::Network(format!("{error}{}", cause.unwrap_or_default()))
    }
}

impl Client {
    /// A caller with this bot's token. `api_url` has no slash at its end.
    ///
    /// # Errors
    /// The machine offers no way to encrypt.
    pub fn new(api_url: &str, token: &str) -> Result<Self, reqwest::Error> {
        Ok(Self { http: http(CALL_LIMIT)?, base: format!("{api_url}/bot{token}") })
    }

    /// Calls, and says what that means for the message.
    pub async fn deliver(&self, request: &Request) -> Outcome {
        match self.call(request).await {
            Ok((status, answer)) => outcome(request, status, answer),
            Err(silence) => {
                log::debug!("{}: {silence}", request.method);
                Outcome::Failed { failure: DeliveryFailure::Unreachable, wait: None }
            }
        }
    }

    async fn call(&self, request: &Request) -> Result<(u16, Answer), Silence> {
        let url = format!("{}/{}", self.base, request.method);
        let call = match &request.body {
            Body::Json(json) => self
                .http
                .post(url)
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            Body::Picture(photo) => {
                self.http.post(url).timeout(PICTURE_LIMIT).multipart(form(photo))
            }
        };
        let response = call.send().await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        let answer = serde_json::from_slice(&body).map_err(|_| Silence::Unreadable(status))?;
        Ok((status, answer))
    }
}

fn form(photo: &Photo) -> Form {
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
fn outcome(request: &Request, status: u16, answer: Answer) -> Outcome {
    if answer.ok {
        let made = match answer.result {
            Some(Made::Message { message_id }) => Some(message_id),
            Some(Made::Other(_)) | None => request.edits,
        };
        return Outcome::Delivered(made.map(|id| id.to_string()));
    }
    let failed = |failure, wait| Outcome::Failed { failure, wait };
    match status {
        429 => {
            let seconds = answer.parameters.retry_after.unwrap_or(DEFAULT_RETRY_AFTER);
            failed(DeliveryFailure::TooFast, Some(TimeDelta::seconds(seconds.clamp(0, 86_400))))
        }
        403 => Outcome::Refused(DeliveryFailure::Blocked),
        400 if request.edits.is_some() && nothing_to_edit(&answer.description) => {
            Outcome::Delivered(request.edits.map(|id| id.to_string()))
        }
        400 | 413 => {
            log::error!("{} was refused: {}", request.method, answer.description);
            Outcome::Refused(DeliveryFailure::Rejected)
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

fn nothing_to_edit(description: &str) -> bool {
    NOTHING_TO_EDIT.iter().any(|text| description.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(edits: Option<i32>, status: u16, json: &str) -> Outcome {
        let request = Request { method: "any", body: Body::Json(Vec::new()), edits };
        outcome(&request, status, serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_message_that_was_taken_has_a_name() {
        let json = r#"{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}"#;
        assert_eq!(answered(None, 200, json), Outcome::Delivered(Some("7".into())));
        let json = r#"{"ok":true,"result":true}"#;
        assert_eq!(answered(Some(5), 200, json), Outcome::Delivered(Some("5".into())));
    }

    #[test]
    fn an_edit_without_anything_to_do_is_done() {
        let json = r#"{"ok":false,"description":"Bad Request: message is not modified: specified new message content"}"#;
        assert_eq!(answered(Some(5), 400, json), Outcome::Delivered(Some("5".into())));
        assert_eq!(answered(None, 400, json), Outcome::Refused(DeliveryFailure::Rejected));
    }

    #[test]
    fn only_what_concerns_the_message_gives_it_up() {
        let json = r#"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#;
        assert_eq!(answered(None, 403, json), Outcome::Refused(DeliveryFailure::Blocked));
        let again = Outcome::Failed { failure: DeliveryFailure::Unreachable, wait: None };
        for status in [401, 404, 409, 500, 502] {
            assert_eq!(answered(None, status, r#"{"ok":false}"#), again, "{status}");
        }
        let json = r#"{"ok":false,"parameters":{"retry_after":17}}"#;
        let wait = Some(TimeDelta::seconds(17));
        let slower = Outcome::Failed { failure: DeliveryFailure::TooFast, wait };
        assert_eq!(answered(None, 429, json), slower);
    }
}
