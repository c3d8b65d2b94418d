//! The bot as part of the running server.

use std::sync::Arc;

use api::AppState;
use bot::{Buttons, Fetch, Inbox, Shared};
use db::Db;
use rand::RngCore;
use teloxide::Bot;
use tokio::sync::Semaphore;

use crate::bootstrap::StartError;
use crate::config::{Config, TelegramConfig};

/// Starts everything that speaks with Telegram, if there is a token. Call it within a running system.
///
/// # Errors
/// `TELEGRAM_API_URL` is no address.
pub fn start(config: &Config, state: &AppState) -> Result<(), StartError> {
    let Some(telegram) = &config.telegram else {
        log::info!("TELEGRAM_BOT_TOKEN is not set: the bot is off, its messages wait as disabled");
        return Ok(());
    };
    let db = state.db.clone();
    let bot = client(telegram)?;
    let shared = Arc::new(Shared {
        buttons: Buttons::new(&config.vault),
        vault: config.vault.clone(),
        public_url: config.http.public_url.clone(),
        time_zone: db.time_zone(),
    });
    let inbox = Inbox {
        db: db.clone(),
        bot,
        shared,
        photos: state.photos.clone(),
        file_types: config.limits.file_types,
        max_file_bytes: config.limits.max_file_bytes,
        hasher: state.hasher.clone(),
        password_rules: config.auth.password_policy.clone(),
        photo_gate: Semaphore::new(1),
    };
    actix_web::rt::spawn(bot::handle_forever(Arc::new(inbox)));
    actix_web::rt::spawn(bot::fetch_forever(fetch(db, telegram)));
    Ok(())
}

fn client(telegram: &TelegramConfig) -> Result<Bot, StartError> {
    let url = telegram.api_url.parse();
    let url = url.map_err(|_| StartError::Telegram("TELEGRAM_API_URL is no address".into()))?;
    Ok(Bot::new(&telegram.token).set_api_url(url))
}

fn fetch(db: Db, telegram: &TelegramConfig) -> Fetch {
    Fetch {
        db,
        api_url: telegram.api_url.clone(),
        token: telegram.token.clone(),
        holder: format!("{:016x}", rand::rng().next_u64()),
    }
}
