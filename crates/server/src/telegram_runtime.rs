//! Telegram in the running server: delivery worker, update worker, and long polling or webhook.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use api::{AppState, TelegramWebhook};
use bot::{BotState, CallbackSigner, Composer, LongPolling, UpdateMode, UpdateWorker};
use db::Db;
use notify::telegram::{TelegramChannel, TelegramClient};
use notify::{ChannelLimits, DeliveryMetrics, DeliveryWorker};
use rand::RngCore;
use teloxide::Bot;
use tokio::sync::watch;

use crate::bootstrap::StartupError;
use crate::config::{Config, TelegramConfig};

/// Timeout of the bot's own calls, among them downloads of large photos on a bad network.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The running tasks that have to end before the process does.
pub struct TelegramRuntime {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
}

impl TelegramRuntime {
    /// Lets the running deliveries end and starts no others. One that takes longer than `limit` is
    /// retried when its claim has expired, by another server or after the next start.
    pub async fn stop(self, limit: Duration) {
        // Without a receiver the worker has ended already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(limit, self.delivery).await.is_err() {
            log::warn!("deliveries were still running; another server retries them");
        }
    }
}

/// Starts everything that uses Telegram, if there is a token. It must be called within an actix system.
///
/// # Errors
/// `TELEGRAM_API_URL` or `TELEGRAM_WEBHOOK_URL` is no URL.
pub fn start(
    config: &Config,
    app: &mut AppState,
    limits: ChannelLimits,
) -> Result<Option<TelegramRuntime>, StartupError> {
    let Some(telegram) = &config.telegram else {
        log::info!("TELEGRAM_BOT_TOKEN is not set: the bot is off, its messages wait as disabled");
        return Ok(None);
    };
    let bot_state = Arc::new(BotState {
        callback_signer: CallbackSigner::new(&config.encryption),
        cipher: config.encryption.clone(),
        public_url: config.http.public_url.clone(),
        time_zone: app.db.time_zone(),
    });
    let holder = format!("{:016x}", rand::rng().next_u64());
    let worker = delivery_worker(telegram, app, Arc::clone(&bot_state), limits, holder.clone())?;
    let updates = update_worker(config, app, bot_client(telegram)?, bot_state);
    let username = Arc::clone(app.bot_username.get_or_insert_default());
    actix_web::rt::spawn(bot::fetch_username(updates.bot.clone(), username));
    let (stop, stopped) = watch::channel(false);
    let delivery = actix_web::rt::spawn(worker.run(stopped));
    actix_web::rt::spawn(bot::run_update_worker(Arc::new(updates)));
    let mode = update_mode(telegram)?;
    if let UpdateMode::Webhook { secret, .. } = &mode {
        let secret = secret.clone();
        app.telegram_webhook = Some(TelegramWebhook { secret, identify: bot::identify });
    } else {
        let polling = long_polling(app.db.clone(), telegram, holder)?;
        actix_web::rt::spawn(bot::run_long_polling(polling));
    }
    actix_web::rt::spawn(bot::configure_bot(bot_client(telegram)?, mode));
    Ok(Some(TelegramRuntime { stop, delivery }))
}

fn delivery_worker(
    telegram: &TelegramConfig,
    app: &mut AppState,
    bot_state: Arc<BotState>,
    limits: ChannelLimits,
    holder: String,
) -> Result<DeliveryWorker<TelegramChannel>, StartupError> {
    let registry = &mut app.metrics.registry;
    let metrics = DeliveryMetrics::new(registry);
    let renderer = Arc::new(Composer { shared: bot_state });
    let channel = TelegramChannel::new(delivery_client(telegram)?, renderer, limits, registry);
    Ok(DeliveryWorker { db: app.db.clone(), channel: Arc::new(channel), metrics, holder })
}

fn update_worker(
    config: &Config,
    app: &AppState,
    bot: Bot,
    bot_state: Arc<BotState>,
) -> UpdateWorker {
    UpdateWorker {
        db: app.db.clone(),
        bot,
        state: bot_state,
        photo_processor: app.photo_processor.clone(),
        max_file_bytes: config.limits.max_file_bytes,
        hasher: app.hasher.clone(),
        password_rules: config.auth.password_policy.clone(),
    }
}

fn delivery_client(telegram: &TelegramConfig) -> Result<TelegramClient, StartupError> {
    TelegramClient::new(&telegram.api_url, &telegram.token).map_err(invalid_api_url)
}

fn invalid_api_url(error: impl std::fmt::Display) -> StartupError {
    StartupError::Telegram(format!("TELEGRAM_API_URL: {error}"))
}

fn update_mode(telegram: &TelegramConfig) -> Result<UpdateMode, StartupError> {
    let Some(webhook) = &telegram.webhook else { return Ok(UpdateMode::LongPolling) };
    let no_address = |_| StartupError::Telegram("TELEGRAM_WEBHOOK_URL is no address".into());
    let url = webhook.url.parse().map_err(no_address)?;
    Ok(UpdateMode::Webhook { url, secret: webhook.secret.clone() })
}

fn bot_client(telegram: &TelegramConfig) -> Result<Bot, StartupError> {
    let url = telegram.api_url.parse();
    let url = url.map_err(|_| StartupError::Telegram("TELEGRAM_API_URL is no address".into()))?;
    let http = notify::telegram::http_client(CALL_TIMEOUT).map_err(invalid_api_url)?;
    Ok(Bot::with_client(&telegram.token, http).set_api_url(url))
}

fn long_polling(
    db: Db,
    telegram: &TelegramConfig,
    holder: String,
) -> Result<LongPolling, StartupError> {
    let http = notify::telegram::http_client(CALL_TIMEOUT).map_err(invalid_api_url)?;
    Ok(LongPolling {
        db,
        http,
        api_url: telegram.api_url.clone(),
        token: telegram.token.clone(),
        holder,
    })
}
