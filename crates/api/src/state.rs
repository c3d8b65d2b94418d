//! What every handler shares.

use std::sync::{Arc, OnceLock};

use actix_web::web::Data;
use chrono::TimeDelta;
use services::auth::initial_setup::SetupCode;
use services::auth::jwt::JwtKeys;
use services::auth::password_rules::PasswordRules;
use services::auth::passwords::Hasher;
use services::encryption::{Cipher, KEY_BYTES};
use services::photos::{FileTypes, PhotoProcessor, PhotoStore};
use services::users::AccountState;
use services::{Db, allocator};
use shared::SessionId;

use crate::api_key_auth::ApiKeyCache;
use crate::body_budget::BodyBudget;
use crate::caller_cache::CallerCache;
use crate::live_connection::LiveLimits;
use crate::metrics::Metrics;
use crate::shutdown::ShutdownSignal;
use crate::telegram_webhook::TelegramWebhook;

/// The handlers' way to the shared state.
pub type App = Data<AppState>;

/// What the API needs to know of the configuration.
#[derive(Clone)]
pub struct ApiConfig {
    /// Signs access tokens.
    pub jwt_secret: Vec<u8>,
    pub access_lifetime: TimeDelta,
    pub refresh_lifetime: TimeDelta,
    /// The refresh cookie is sent over TLS only.
    pub secure_cookies: bool,
    pub password_policy: PasswordRules,
    /// bcrypt cost; production uses [`services::auth::passwords::COST`].
    pub password_cost: u32,
    /// Password hashes in flight at the same time.
    pub max_concurrent_hashes: usize,
    /// Requests per window and caller: an address before the login, a user after it.
    pub rate_limit_requests: u32,
    pub rate_limit_window: std::time::Duration,
    /// Login attempts per minute and address.
    pub login_attempts_per_minute: u32,
    /// Registrations and attempts to make the first login, per ten minutes and address.
    pub registrations_per_ten_minutes: u32,
    /// Renewals of a sign-in per minute and address.
    pub refreshes_per_minute: u32,
    /// Largest uploaded file.
    pub max_file_bytes: usize,
    /// Kinds of pictures that are taken in.
    pub file_types: FileTypes,
    /// As people reach the server: `https://isp.example.id`.
    pub public_url: String,
    /// Other origins whose pages may use the API, as browsers name them.
    pub allowed_origins: Vec<String>,
    /// A connection whose peer has not read for so long is cut off.
    pub unread_timeout: std::time::Duration,
    /// The nearest proxy tells the client's address in `X-Forwarded-For`.
    pub trust_proxy: bool,
}

/// The bot's user name, without the at sign, once Telegram has told it.
pub type BotUsername = Arc<OnceLock<String>>;

/// What every handler shares.
pub struct AppState {
    pub db: Db,
    pub config: ApiConfig,
    pub token_keys: JwtKeys,
    pub hasher: Hasher,
    /// The files of photos.
    pub photos: PhotoStore,
    /// Seals what must not be readable in the database or the upload folder.
    pub cipher: Cipher,
    /// Memory for what is being sent.
    pub(crate) body_budget: BodyBudget,
    /// Processes photos; shared with the bot.
    pub photo_processor: PhotoProcessor,
    /// Makes a hash of a request that tells nothing of it.
    pub(crate) request_hash_key: [u8; KEY_BYTES],
    pub(crate) session_cache: CallerCache<SessionId, AccountState>,
    pub(crate) api_key_cache: ApiKeyCache,
    /// What is counted, for whoever runs the server.
    pub metrics: Metrics,
    /// The bot, if this server has one.
    pub bot_username: Option<BotUsername>,
    /// Lets Telegram bring its updates; there if it was asked to.
    pub telegram_webhook: Option<TelegramWebhook>,
    /// What a live connection may cost.
    pub live_limits: LiveLimits,
    /// Said when the server stops.
    pub shutdown: ShutdownSignal,
    /// Makes the first superadmin; there as long as nobody could sign in when the server started.
    pub setup: Option<SetupCode>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(db: Db, config: ApiConfig, photos: PhotoStore, cipher: Cipher) -> Self {
        let token_keys = JwtKeys::new(&config.jwt_secret, config.access_lifetime);
        let hasher = Hasher::new(config.max_concurrent_hashes, config.password_cost);
        let bus = db.live().clone();
        let photo_processor =
            PhotoProcessor::new(photos.clone(), db.time_zone(), config.file_types);
        Self {
            request_hash_key: cipher.derive_key("idempotency"),
            body_budget: BodyBudget::new(config.max_file_bytes),
            db,
            config,
            token_keys,
            hasher,
            photos,
            cipher,
            photo_processor,
            session_cache: CallerCache::new(bus.clone()),
            api_key_cache: ApiKeyCache::new(bus),
            metrics: Metrics::default(),
            bot_username: None,
            telegram_webhook: None,
            live_limits: LiveLimits::default(),
            shutdown: ShutdownSignal::default(),
            setup: None,
        }
    }

    /// Gives memory back that uploads have left behind, if there was one since the last call: what
    /// belongs to a request is free only after its answer.
    pub async fn release_free_memory(&self) {
        if self.body_budget.take_upload_seen() {
            // It may fail only when the server stops.
            let _ = tokio::task::spawn_blocking(allocator::trim_heap).await;
        }
    }
}
