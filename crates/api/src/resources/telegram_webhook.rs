//! What Telegram brings.

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use services::telegram_inbox;
use shared::{ChatId, ErrorCode};
use subtle::ConstantTimeEq;

use crate::extractors::json_body::{MAX_JSON_BYTES, read_limited};
use crate::openapi::problem_responses::Problems;
use crate::problem::ApiError;
use crate::reply::Reply;
use crate::state::App;

/// The header in which Telegram proves itself (Bot API, `setWebhook`).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// How the server takes in what Telegram brings.
pub struct TelegramWebhook {
    /// What Telegram was given to prove itself with.
    pub secret: String,
    /// The number and the chat of an update; `None` for one that concerns nobody.
    pub identify: fn(&str) -> Option<(i64, ChatId)>,
}

/// The text of an update, read only after its sender has proved to be Telegram.
pub struct TelegramUpdate {
    text: String,
    identified: Option<(i64, ChatId)>,
}

impl FromRequest for TelegramUpdate {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = request.app_data::<App>();
            let app = app.ok_or_else(|| ApiError::Internal("no state".into()))?;
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

/// Takes in an update of Telegram: it is kept, and handled after the answer. Known ones are dropped.
///
/// Telegram proves itself with the secret that it was given, in the header
/// `X-Telegram-Bot-Api-Secret-Token`. Without `TELEGRAM_WEBHOOK_URL` nobody can.
#[utoipa::path(post, path = "/api/telegram/webhook", tag = "telegram", security(()),
    responses((status = 204), Problems))]
pub async fn webhook(app: App, update: TelegramUpdate) -> Reply {
    let TelegramUpdate { text, identified } = update;
    if let Some((id, chat)) = identified {
        app.db.write(move |tx| telegram_inbox::store(tx, id, chat, &text)).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
