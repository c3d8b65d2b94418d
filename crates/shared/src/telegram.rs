//! Linking of user accounts and Telegram chats.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `GET /api/auth/telegram`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TelegramStatus {
    /// Whether this server has a bot.
    pub available: bool,
    /// User name of the bot without the at sign; null until Telegram has reported it.
    pub bot: Option<String>,
    /// Whether the caller's user account is linked to a chat.
    pub linked: bool,
    pub linked_at: Option<DateTime<Utc>>,
    /// Whether the person has blocked the bot; no messages arrive.
    pub blocked: bool,
}

/// `POST /api/auth/telegram/code`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TelegramCodeRequest {
    pub current_password: String,
}

/// A one-time code. A person who sends it to the bot links the chat with the user account.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TelegramCode {
    pub code: String,
    pub expires_at: DateTime<Utc>,
    /// Link that opens the bot with the code; null until the bot's name is known.
    pub link: Option<String>,
    /// The link as a QR code: a complete SVG document.
    pub qr_svg: Option<String>,
}
