//! What Telegram brings.

use actix_web::HttpResponse;
use services::telegram_inbox;

use crate::extractors::telegram_update::TelegramUpdate;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::Reply;
use crate::state::App;

/// Takes in an update of Telegram: it is kept, and handled after the answer. Known ones are dropped.
///
/// Telegram proves itself with the secret that it was given, in the header
/// `X-Telegram-Bot-Api-Secret-Token`. Without `TELEGRAM_WEBHOOK_URL` nobody can.
#[utoipa::path(post, path = "/api/telegram/webhook", tag = "telegram", security(()),
    responses((status = 204), ProblemResponses))]
pub async fn receive_update(app: App, update: TelegramUpdate) -> Reply {
    let TelegramUpdate { text, identified } = update;
    if let Some((id, chat)) = identified {
        app.db.write(move |tx| telegram_inbox::store(tx, id, chat, &text)).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
