//! Telling Telegram how this bot wants to be spoken to: where updates go, and what stands in the menu.

use std::time::Duration;

use teloxide::payloads::{SetMyCommandsSetters, SetWebhookSetters};
use teloxide::prelude::Requester;
use teloxide::types::{AllowedUpdate, BotCommand, BotCommandScope};
use teloxide::utils::command::BotCommands;
use teloxide::{Bot, RequestError};

use crate::command::Command;

/// Waits after a failure: the first, and the longest.
const INITIAL_BACKOFF: Duration = Duration::from_secs(1);
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// How updates come here.
#[derive(Clone)]
pub enum UpdateMode {
    /// They are fetched.
    LongPolling,
    /// Telegram brings them to this address and proves itself with the secret.
    Webhook { url: reqwest::Url, secret: String },
}

/// Tells Telegram, again and again until it has listened.
pub async fn configure_bot(bot: Bot, arrival: UpdateMode) {
    let mut wait = INITIAL_BACKOFF;
    while let Err(error) = configure_once(&bot, &arrival).await {
        log::warn!(
            "Telegram could not be told how to reach this bot, next try in {wait:?}: {error}"
        );
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(MAX_BACKOFF);
    }
    match arrival {
        UpdateMode::LongPolling => log::info!("the bot fetches its updates"),
        UpdateMode::Webhook { url, .. } => log::info!("Telegram brings updates to {url}"),
    }
}

async fn configure_once(bot: &Bot, arrival: &UpdateMode) -> Result<(), RequestError> {
    match arrival {
        UpdateMode::LongPolling => bot.delete_webhook().await?,
        UpdateMode::Webhook { url, secret } => {
            bot.set_webhook(url.clone())
                .secret_token(secret.clone())
                .allowed_updates(allowed_updates())
                .await?
        }
    };
    bot.set_my_commands(command_menu()).scope(BotCommandScope::AllPrivateChats).await?;
    Ok(())
}

/// As [`crate::fetch::ALLOWED_UPDATES`].
fn allowed_updates() -> Vec<AllowedUpdate> {
    vec![
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ]
}

/// What technicians need; the office types its commands, or asks for help.
fn command_menu() -> Vec<BotCommand> {
    let all = Command::bot_commands();
    let plain = |command: &BotCommand| command.command.trim_start_matches('/').to_owned();
    let find = |name: &&str| all.iter().find(|command| plain(command) == *name).cloned();
    Command::TECHNICIAN_MENU.iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_lists_every_technician_command() {
        assert_eq!(command_menu().len(), Command::TECHNICIAN_MENU.len());
    }

    #[test]
    fn the_webhook_and_long_polling_request_the_same_updates() {
        let names = serde_json::to_value(allowed_updates()).unwrap();
        assert_eq!(names, serde_json::to_value(crate::long_polling::ALLOWED_UPDATES).unwrap());
    }
}
