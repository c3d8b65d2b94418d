//! Telegram webhook.

use actix_web::HttpResponse;
use services::telegram_inbox;

use crate::extractors::telegram_update::TelegramUpdate;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::Reply;
use crate::state::App;

/// Stores an update from Telegram, which is processed after the response. Repeated updates are
/// ignored.
///
/// Telegram authenticates itself with the webhook secret in the header
/// `X-Telegram-Bot-Api-Secret-Token`. Without `TELEGRAM_WEBHOOK_URL` every request is refused.
#[utoipa::path(post, path = "/api/telegram/webhook", tag = "telegram", security(()),
    responses((status = 204), ProblemResponses))]
pub async fn receive_update(app: App, update: TelegramUpdate) -> Reply {
    let TelegramUpdate { text, identified } = update;
    if let Some((id, chat)) = identified {
        app.db.write(move |tx| telegram_inbox::store(tx, id, chat, &text)).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
