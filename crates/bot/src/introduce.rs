//! Telling Telegram how this bot wants to be spoken to: where updates go, and what stands in the menu.

use std::time::Duration;

use teloxide::payloads::{SetMyCommandsSetters, SetWebhookSetters};
use teloxide::prelude::Requester;
use teloxide::types::{AllowedUpdate, BotCommand, BotCommandScope};
use teloxide::utils::command::BotCommands;
use teloxide::{Bot, RequestError};

use crate::command::Command;

/// Waits after a failure: the first, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How updates come here.
#[derive(Clone)]
pub enum Arrival {
    /// They are fetched.
    Fetched,
    /// Telegram brings them to this address and proves itself with the secret.
    Brought { url: reqwest::Url, secret: String },
}

/// Tells Telegram, again and again until it has listened.
pub async fn introduce(bot: Bot, arrival: Arrival) {
    let mut wait = FIRST_WAIT;
    while let Err(error) = once(&bot, &arrival).await {
        log::warn!(
            "Telegram could not be told how to reach this bot, next try in {wait:?}: {error}"
        );
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
    match arrival {
        Arrival::Fetched => log::info!("the bot fetches its updates"),
        Arrival::Brought { url, .. } => log::info!("Telegram brings updates to {url}"),
    }
}

async fn once(bot: &Bot, arrival: &Arrival) -> Result<(), RequestError> {
    match arrival {
        Arrival::Fetched => bot.delete_webhook().await?,
        Arrival::Brought { url, secret } => {
            bot.set_webhook(url.clone())
                .secret_token(secret.clone())
                .allowed_updates(wanted())
                .await?
        }
    };
    bot.set_my_commands(menu()).scope(BotCommandScope::AllPrivateChats).await?;
    Ok(())
}

/// As [`crate::fetch::ALLOWED_UPDATES`].
fn wanted() -> Vec<AllowedUpdate> {
    vec![
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ]
}

/// What technicians need; the office types its commands, or asks for help.
fn menu() -> Vec<BotCommand> {
    let all = Command::bot_commands();
    let plain = |command: &BotCommand| command.command.trim_start_matches('/').to_owned();
    let find = |name: &&str| all.iter().find(|command| plain(command) == *name).cloned();
    Command::FOR_TECHNICIANS.iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_has_every_command_of_technicians() {
        assert_eq!(menu().len(), Command::FOR_TECHNICIANS.len());
    }

    #[test]
    fn the_webhook_and_the_long_poll_ask_for_the_same() {
        let names = serde_json::to_value(wanted()).unwrap();
        assert_eq!(names, serde_json::to_value(crate::fetch::ALLOWED_UPDATES).unwrap());
    }
}
