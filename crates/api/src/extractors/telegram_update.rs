//! Extractor for updates that Telegram delivers to the webhook.

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use shared::{ChatId, ErrorCode};
use subtle::ConstantTimeEq;

use crate::extractors::json_body::{MAX_JSON_BYTES, read_limited};
use crate::problem::ApiError;
use crate::state;

/// The header with the webhook secret (Bot API, `setWebhook`).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The text of an update, read only after the secret was verified.
pub struct TelegramUpdate {
    pub text: String,
    pub identified: Option<(i64, ChatId)>,
}

impl FromRequest for TelegramUpdate {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = state::from_request(&request)?;
            let refused = || ApiError::refuse(ErrorCode::NotAuthenticated);
            let webhook = app.telegram_webhook.as_ref().ok_or_else(refused)?;
            let given = request.headers().get(SECRET_HEADER).map(|value| value.as_bytes());
            let is_telegram = given.is_some_and(|it| it.ct_eq(webhook.secret.as_bytes()).into());
            if !is_telegram {
                return Err(refused().into());
            }
            let (bytes, _held) =
                read_limited(payload, MAX_JSON_BYTES, app.body_budget.empty_json()).await?;
            let text = String::from_utf8(bytes.to_vec()).map_err(|error| {
                ApiError::refuse_with(ErrorCode::MalformedRequest, error.utf8_error())
            })?;
            let identified = (webhook.identify)(&text);
            Ok(Self { text, identified })
        })
    }
}
