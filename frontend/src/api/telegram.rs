//! The Telegram chat of a login.

use shared::UserId;
use shared::telegram::{TelegramCode, TelegramCodeRequest, TelegramStatus};

use super::{ApiResult, client};

/// How it stands with the own chat.
pub async fn status() -> ApiResult<TelegramStatus> {
    client::get("auth/telegram").await
}

/// A one-time code for the bot.
pub async fn create_link_code(request: &TelegramCodeRequest) -> ApiResult<TelegramCode> {
    client::post("auth/telegram/code", request).await
}

/// Lets the own chat go.
pub async fn unlink() -> ApiResult<()> {
    client::delete("auth/telegram").await
}

/// Lets the chat of another login go.
pub async fn unlink_user(id: UserId) -> ApiResult<()> {
    client::delete(&format!("users/{id}/telegram")).await
}
