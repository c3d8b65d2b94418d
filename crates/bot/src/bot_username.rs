//! What the bot is called.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use teloxide::Bot;
use teloxide::prelude::Requester;

/// Waits after a failure: the first, and the longest.
const INITIAL_BACKOFF: Duration = Duration::from_secs(1);
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// Asks Telegram for the bot's user name, again and again until it answers.
pub async fn fetch_username(bot: Bot, name: Arc<OnceLock<String>>) {
    let mut wait = INITIAL_BACKOFF;
    loop {
        match bot.get_me().await {
            Ok(me) => {
                // Who asked at the same time has learned the same.
                let _ = name.set(me.username().to_owned());
                return;
            }
            Err(error) => {
                log::warn!("the bot's name is not known yet, next try in {wait:?}: {error}");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(MAX_BACKOFF);
            }
        }
    }
}
