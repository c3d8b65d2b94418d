//! Joining a login with a Telegram chat.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `GET /api/auth/telegram`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TelegramStatus {
    /// This server has a bot.
    pub available: bool,
    /// The bot's user name, without the at sign; null until Telegram has told it.
    pub bot: Option<String>,
    /// The caller's login has a chat.
    pub linked: bool,
    pub linked_at: Option<DateTime<Utc>>,
    /// The person has stopped the bot: nothing arrives in the chat.
    pub blocked: bool,
}

/// `POST /api/auth/telegram/code`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TelegramCodeRequest {
    pub current_password: String,
}

/// A one-time code. Whoever sends it to the bot acts in the name of the login from then on.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TelegramCode {
    pub code: String,
    pub expires_at: DateTime<Utc>,
    /// Opens the bot with the code; null until the bot's name is known.
    pub link: Option<String>,
    /// The link as a picture (QR code): a complete SVG document.
    pub qr_svg: Option<String>,
}
