//! Telegram chat of an account.

use shared::UserId;
use shared::telegram::{TelegramCode, TelegramCodeRequest, TelegramStatus};

use super::{ApiResult, client};

/// Returns the status of the own chat.
pub async fn status() -> ApiResult<TelegramStatus> {
    client::get("auth/telegram").await
}

/// Creates a one-time code that links a chat.
pub async fn create_link_code(request: &TelegramCodeRequest) -> ApiResult<TelegramCode> {
    client::post("auth/telegram/code", request).await
}

/// Unlinks the own chat.
pub async fn unlink() -> ApiResult<()> {
    client::delete("auth/telegram").await
}

/// Unlinks the chat of another account.
pub async fn unlink_user(id: UserId) -> ApiResult<()> {
    client::delete(&format!("users/{id}/telegram")).await
}
