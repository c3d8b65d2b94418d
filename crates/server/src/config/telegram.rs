//! Configuration of the Telegram bot.

use super::{ConfigError, Environment};

/// Telegram's server.
const DEFAULT_API_URL: &str = "https://api.telegram.org";

/// Shortest secret of the webhook in characters.
const MIN_WEBHOOK_SECRET_CHARS: usize = 16;

/// Access to the Bot API.
#[derive(Clone)]
pub struct TelegramConfig {
    /// The token from BotFather: `123456:ABC…`.
    pub token: String,
    /// Base URL of the Bot API.
    pub api_url: String,
    /// Telegram sends updates here; without a webhook they are fetched by long polling.
    pub webhook: Option<WebhookConfig>,
}

/// The webhook and its secret.
#[derive(Clone)]
pub struct WebhookConfig {
    pub url: String,
    /// Telegram sends it in the header `X-Telegram-Bot-Api-Secret-Token`.
    pub secret: String,
}

impl std::fmt::Debug for TelegramConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TelegramConfig").field("api_url", &self.api_url).finish_non_exhaustive()
    }
}

pub(super) fn read(env: &Environment) -> Result<Option<TelegramConfig>, ConfigError> {
    let Some(token) = env.text("TELEGRAM_BOT_TOKEN") else { return Ok(None) };
    let (number, secret) = token.split_once(':').unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    if !digits || secret.is_empty() || !secret.chars().all(allowed) {
        let why = "is no token like 123456:ABC-DEF, as @BotFather gives it";
        return Err(ConfigError::new("TELEGRAM_BOT_TOKEN", why));
    }
    let api_url = env.text("TELEGRAM_API_URL").unwrap_or_else(|| DEFAULT_API_URL.into());
    if !api_url.starts_with("http://") && !api_url.starts_with("https://") {
        return Err(ConfigError::new(
            "TELEGRAM_API_URL",
            "starts with neither http:// nor https://",
        ));
    }
    let api_url = api_url.trim_end_matches('/').to_owned();
    Ok(Some(TelegramConfig { token, api_url, webhook: webhook(env)? }))
}

/// Reads the webhook. Telegram accepts 1 to 256 of `A–Z a–z 0–9 _ -` as a secret (`setWebhook`).
fn webhook(env: &Environment) -> Result<Option<WebhookConfig>, ConfigError> {
    let Some(url) = env.text("TELEGRAM_WEBHOOK_URL") else { return Ok(None) };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        let why = "starts with neither http:// nor https://";
        return Err(ConfigError::new("TELEGRAM_WEBHOOK_URL", why));
    }
    let secret = env.text("TELEGRAM_WEBHOOK_SECRET").ok_or_else(|| {
        ConfigError::new("TELEGRAM_WEBHOOK_SECRET", "is missing beside TELEGRAM_WEBHOOK_URL")
    })?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let fits = (MIN_WEBHOOK_SECRET_CHARS..=256).contains(&secret.len());
    if !fits || !secret.chars().all(allowed) {
        return Err(ConfigError::new(
            "TELEGRAM_WEBHOOK_SECRET",
            format!("is not {MIN_WEBHOOK_SECRET_CHARS} to 256 of A–Z, a–z, 0–9, _ and -"),
        ));
    }
    Ok(Some(WebhookConfig { url, secret }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: (&str, &str) = ("TELEGRAM_BOT_TOKEN", "123456:ABC-def_1");

    fn config(pairs: &[(&str, &str)]) -> Result<Option<TelegramConfig>, ConfigError> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        read(&Environment::from_pairs(pairs))
    }

    #[test]
    fn without_a_token_the_channel_is_off() {
        assert!(config(&[]).unwrap().is_none());
    }

    #[test]
    fn the_token_never_stands_in_a_log() {
        let config = config(&[TOKEN]).unwrap().unwrap();
        assert_eq!(config.api_url, DEFAULT_API_URL);
        assert!(!format!("{config:?}").contains("ABC"));
    }

    #[test]
    fn a_webhook_needs_a_secret_that_telegram_takes() {
        let url = ("TELEGRAM_WEBHOOK_URL", "https://isp.example.id/api/telegram/webhook");
        let with = |secret: &str| config(&[TOKEN, url, ("TELEGRAM_WEBHOOK_SECRET", secret)]);
        assert!(config(&[TOKEN, url]).is_err());
        assert!(with("short").is_err());
        assert!(with("sixteen spaces    x").is_err());
        assert!(with("0123456789abcdef").unwrap().unwrap().webhook.is_some());
    }
}
