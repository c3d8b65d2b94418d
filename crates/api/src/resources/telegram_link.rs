//! Linking of user accounts and Telegram chats.

use actix_web::HttpResponse;
use actix_web::web::Path;
use services::Tx;
use services::{auth::reauthentication, telegram, users};
use shared::UserId;
use shared::telegram::{TelegramCode, TelegramCodeRequest, TelegramStatus};

use crate::extractors::authorization::{Allowed, AllowedPerson};
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Returns whether the current user has a linked Telegram chat.
#[utoipa::path(get, path = "/api/auth/telegram", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = TelegramStatus), ProblemResponses))]
pub async fn status(app: App, call: Allowed<permissions::AnyRole>) -> Reply {
    let (available, bot) = (app.bot_username.is_some(), bot_username(&app));
    reply::read(&app, move |conn| telegram::status(conn, &call.actor, available, bot.as_deref()))
        .await
}

/// Creates a one-time code that links a Telegram chat. The chat from which it is sent to the bot
/// acts for the current user, with the rights that the user has at that time. Earlier codes become
/// invalid.
#[utoipa::path(post, path = "/api/auth/telegram/code", tag = "auth", security(("bearer" = [])),
    request_body(content = TelegramCodeRequest, example = json!({"current_password": "Sawah-Hijau-123"})),
    responses((status = 200, body = TelegramCode), ProblemResponses))]
pub async fn issue_code(
    app: App,
    call: Allowed<permissions::AnyRole, JsonBody<TelegramCodeRequest>>,
) -> Reply {
    let Allowed { actor, input, .. } = call;
    let password = input.value.current_password;
    let (db, hasher, cipher) = (&app.db, &app.hasher, app.cipher.clone());
    let confirmed =
        reauthentication::reauthenticate(db, hasher, &cipher, &actor, password, None).await?;
    let bot = bot_username(&app);
    let give = move |tx: &mut Tx<'_>| {
        telegram::create_link_code(tx, &cipher, &actor, &confirmed, bot.as_deref())
    };
    let code = db.write(give).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(code))
}

/// Unlinks the current user's Telegram chat. It can no longer act for the user.
#[utoipa::path(delete, path = "/api/auth/telegram", tag = "auth", security(("bearer" = [])),
    responses((status = 204), ProblemResponses))]
pub async fn unlink(app: App, call: Allowed<permissions::AnyRole>) -> Reply {
    let actor = call.actor;
    app.db.write(move |tx| telegram::unlink(tx, &actor, actor.user_id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlinks the Telegram chat of a user with a lower role than the caller, for instance after a lost
/// phone.
#[utoipa::path(delete, path = "/api/users/{id}/telegram", tag = "users",
    params(("id" = UserId, Path)), responses((status = 204), ProblemResponses))]
pub async fn unlink_user(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id), .. } = call;
    app.db.write(move |tx| users::unlink_telegram(tx, &actor, *id, version)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn bot_username(app: &App) -> Option<String> {
    app.bot_username.as_ref()?.get().cloned()
}
