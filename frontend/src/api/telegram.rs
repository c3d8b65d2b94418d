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

/// Unlinks the chat of another account, of the version that was read. Pages that read only the technician know none.
pub async fn unlink_user(id: UserId, version: Option<i64>) -> ApiResult<()> {
    let path = format!("users/{id}/telegram");
    match version {
        Some(version) => client::delete_versioned(&path, version).await,
        None => client::delete(&path).await,
    }
}
