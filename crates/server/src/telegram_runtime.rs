//! The bot as part of the running server.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use api::{AppState, TelegramWebhook};
use bot::{BotState, CallbackSigner, Composer, LongPolling, UpdateMode, UpdateWorker};
use db::Db;
use notify::telegram::{
    ChannelLimits, DeliveryDeps, DeliveryMetrics, DeliveryWorker, TelegramClient,
};
use rand::RngCore;
use teloxide::Bot;
use tokio::sync::watch;

use crate::bootstrap::StartupError;
use crate::config::{Config, TelegramConfig};

/// Longest that the bot's own calls may take: fetching a large photo on a bad network.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What speaks with Telegram in this process.
pub struct TelegramRuntime {
    stop: watch::Sender<bool>,
    delivery: JoinHandle<()>,
}

impl TelegramRuntime {
    /// Ends the deliveries that are under way and begins no others. One that takes longer than `limit` is
    /// taken up again when its lease has run out, by another server or the next start.
    pub async fn stop(self, limit: Duration) {
        // If nobody listens any more, it has stopped already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(limit, self.delivery).await.is_err() {
            log::warn!("deliveries were still under way; another server takes them up");
        }
    }
}

/// Starts everything that speaks with Telegram, if there is a token. Call it within a running system.
///
/// # Errors
/// `TELEGRAM_API_URL` or `TELEGRAM_WEBHOOK_URL` is no address.
pub fn start(
    config: &Config,
    state: &mut AppState,
    limits: ChannelLimits,
) -> Result<Option<TelegramRuntime>, StartupError> {
    let Some(telegram) = &config.telegram else {
        log::info!("TELEGRAM_BOT_TOKEN is not set: the bot is off, its messages wait as disabled");
        return Ok(None);
    };
    let bot = bot_client(telegram)?;
    let shared = Arc::new(BotState {
        callback_signer: CallbackSigner::new(&config.encryption),
        cipher: config.encryption.clone(),
        public_url: config.http.public_url.clone(),
        time_zone: state.db.time_zone(),
    });
    let holder = format!("{:016x}", rand::rng().next_u64());
    let worker = DeliveryWorker {
        deps: DeliveryDeps {
            db: state.db.clone(),
            client: delivery_client(telegram)?,
            renderer: Arc::new(Composer { state: Arc::clone(&shared) }),
        },
        limits,
        metrics: DeliveryMetrics::new(&mut state.metrics.registry),
        holder: holder.clone(),
    };
    let inbox = UpdateWorker {
        db: state.db.clone(),
        bot,
        state: shared,
        photo_processor: state.photo_processor.clone(),
        max_file_bytes: config.limits.max_file_bytes,
        hasher: state.hasher.clone(),
        password_rules: config.auth.password_policy.clone(),
    };
    actix_web::rt::spawn(bot::fetch_username(
        inbox.bot.clone(),
        Arc::clone(state.bot_username.get_or_insert_default()),
    ));
    let (stop, stopped) = watch::channel(false);
    let delivery = actix_web::rt::spawn(worker.run(stopped));
    actix_web::rt::spawn(bot::run_update_worker(Arc::new(inbox)));
    let arrival = update_mode(telegram)?;
    if let UpdateMode::Webhook { secret, .. } = &arrival {
        let secret = secret.clone();
        state.telegram_webhook = Some(TelegramWebhook { secret, identify: bot::identify });
    } else {
        actix_web::rt::spawn(bot::run_long_polling(long_polling(
            state.db.clone(),
            telegram,
            holder,
        )?));
    }
    actix_web::rt::spawn(bot::configure_bot(bot_client(telegram)?, arrival));
    Ok(Some(TelegramRuntime { stop, delivery }))
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
