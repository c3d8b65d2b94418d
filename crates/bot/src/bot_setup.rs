//! Set-up of the bot at Telegram: how updates arrive, the command menu, and the bot's user name.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use shared::Lang;
use teloxide::payloads::{SetMyCommandsSetters, SetWebhookSetters};
use teloxide::prelude::Requester;
use teloxide::types::{AllowedUpdate, BotCommandScope};
use teloxide::{Bot, RequestError};

use crate::command::technician_menu;
use crate::retry::{Backoff, retry_until_success};

const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));

/// How updates arrive.
#[derive(Clone)]
pub enum UpdateMode {
    /// The server requests them.
    LongPolling,
    /// Telegram sends them to this address and proves itself with the secret.
    Webhook { url: reqwest::Url, secret: String },
}

/// Registers the webhook, or removes it, and the command menu. Repeats until Telegram accepts.
pub async fn configure_bot(bot: Bot, mode: UpdateMode) {
    let task = "setting up the bot at Telegram";
    retry_until_success(task, BACKOFF, || configure_once(&bot, &mode)).await;
    match mode {
        UpdateMode::LongPolling => log::info!("the bot requests its updates by long polling"),
        UpdateMode::Webhook { url, .. } => log::info!("Telegram sends updates to {url}"),
    }
}

async fn configure_once(bot: &Bot, mode: &UpdateMode) -> Result<(), RequestError> {
    match mode {
        UpdateMode::LongPolling => bot.delete_webhook().await?,
        UpdateMode::Webhook { url, secret } => {
            bot.set_webhook(url.clone())
                .secret_token(secret.clone())
                .allowed_updates(allowed_updates())
                .await?
        }
    };
    // The menu without a language is shown in every language that has no menu of its own.
    let default = Lang::default();
    bot.set_my_commands(technician_menu(default)).scope(BotCommandScope::AllPrivateChats).await?;
    for lang in Lang::ALL.iter().filter(|lang| **lang != default) {
        bot.set_my_commands(technician_menu(*lang))
            .scope(BotCommandScope::AllPrivateChats)
            .language_code(lang.as_str())
            .await?;
    }
    Ok(())
}

/// The same as [`crate::updates::long_polling::ALLOWED_UPDATES`].
fn allowed_updates() -> Vec<AllowedUpdate> {
    vec![
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ]
}

/// Asks Telegram for the bot's user name until it answers.
pub async fn fetch_username(bot: Bot, username: Arc<OnceLock<String>>) {
    let task = "asking Telegram for the bot's user name";
    let me = retry_until_success(task, BACKOFF, || async { bot.get_me().await }).await;
    // Another task can have set it already, to the same value.
    let _ = username.set(me.username().to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_webhook_and_long_polling_request_the_same_updates() {
        let names = serde_json::to_value(allowed_updates()).unwrap();
        assert_eq!(
            names,
            serde_json::to_value(crate::updates::long_polling::ALLOWED_UPDATES).unwrap()
        );
    }
}
