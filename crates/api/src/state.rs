//! Application state that the handlers share.

use std::sync::{Arc, OnceLock};

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::TimeDelta;
use services::auth::jwt::JwtKeys;
use services::auth::password_rules::PasswordRules;
use services::auth::passwords::Hasher;
use services::encryption::{Cipher, KEY_BYTES};
use services::initial_setup::SetupCode;
use services::photos::{FileTypes, PhotoProcessor, PhotoStore};
use services::users::AccountState;
use services::{Db, allocator};
use shared::{ChatId, SessionId};

use crate::api_key_cache::ApiKeyCache;
use crate::caller_cache::CallerCache;
use crate::extractors::body_budget::BodyBudget;
use crate::live_limits::LiveLimits;
use crate::metrics::Metrics;
use crate::problem::ApiError;
use crate::shutdown::ShutdownSignal;

/// The shared state, as handlers receive it.
pub type App = Data<AppState>;

/// Returns the state, for extractors: handlers take it as an argument.
///
/// # Errors
/// `Internal`: the state is not part of the application data.
pub fn from_request(request: &HttpRequest) -> Result<&App, ApiError> {
    request.app_data::<App>().ok_or_else(|| ApiError::Internal("no state".into()))
}

/// The part of the configuration that the API uses.
#[derive(Clone)]
pub struct ApiConfig {
    /// Key that signs access tokens.
    pub jwt_secret: Vec<u8>,
    pub access_lifetime: TimeDelta,
    pub refresh_lifetime: TimeDelta,
    /// Whether cookies are sent over TLS only.
    pub secure_cookies: bool,
    pub password_policy: PasswordRules,
    /// bcrypt cost; production uses [`services::auth::passwords::COST`].
    pub password_cost: u32,
    /// Number of password hashes computed at the same time.
    pub max_concurrent_hashes: usize,
    /// Requests per window and caller: an IP address before the sign-in, a user or API key after
    /// it.
    pub rate_limit_requests: u32,
    pub rate_limit_window: std::time::Duration,
    /// Sign-in attempts per minute and IP address.
    pub login_attempts_per_minute: u32,
    /// Registrations and attempts to create the first user, per ten minutes and IP address.
    pub registrations_per_ten_minutes: u32,
    /// Renewals of access tokens per minute and IP address.
    pub refreshes_per_minute: u32,
    /// Largest uploaded file, in bytes.
    pub max_file_bytes: usize,
    /// Accepted image formats.
    pub file_types: FileTypes,
    /// Base URL under which users reach the server: `https://isp.example.id`.
    pub public_url: String,
    /// Other origins whose pages may use the API, in the notation of the `Origin` header.
    pub allowed_origins: Vec<String>,
    /// Where the tiles of maps come from; `None` for maps without tiles.
    pub map_tiles: Option<MapTiles>,
    /// Time after which a connection is reset whose peer does not read.
    pub unread_timeout: std::time::Duration,
    /// Whether the nearest proxy sets `X-Forwarded-For` to the client's address.
    pub trust_proxy: bool,
}

/// A server of map tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapTiles {
    /// Address with `{z}`, `{x}` and `{y}`.
    pub url: String,
    /// Scheme, host and port of the address, for the Content-Security-Policy.
    pub origin: String,
}

/// The bot's user name without the at sign; set once it was fetched from Telegram.
pub type BotUsername = Arc<OnceLock<String>>;

/// Configuration of the webhook.
pub struct TelegramWebhook {
    /// The secret that was given to Telegram.
    pub secret: String,
    /// Reads id and chat of an update; `None` for one without a chat.
    pub identify: fn(&str) -> Option<(i64, ChatId)>,
}

/// What every handler shares.
pub struct AppState {
    pub db: Db,
    pub config: ApiConfig,
    pub token_keys: JwtKeys,
    pub hasher: Hasher,
    /// Storage of photo files.
    pub photos: PhotoStore,
    /// Encrypts secrets in the database and in the upload folder.
    pub cipher: Cipher,
    /// Memory limits for request bodies.
    pub(crate) body_budget: BodyBudget,
    /// Processes photos; shared with the bot.
    pub photo_processor: PhotoProcessor,
    /// Key of the request hashes that are stored with idempotency keys.
    pub(crate) request_hash_key: [u8; KEY_BYTES],
    pub(crate) session_cache: CallerCache<SessionId, AccountState>,
    pub(crate) api_key_cache: ApiKeyCache,
    /// Prometheus metrics.
    pub metrics: Metrics,
    /// User name of the Telegram bot, if this server has one.
    pub bot_username: Option<BotUsername>,
    /// Set if Telegram delivers its updates to the webhook.
    pub telegram_webhook: Option<TelegramWebhook>,
    /// Limits of each live connection.
    pub live_limits: LiveLimits,
    /// Signals the shutdown of the server.
    pub shutdown: ShutdownSignal,
    /// Authorizes the creation of the first superadmin; set if there was no user when the server
    /// started.
    pub setup: Option<SetupCode>,
}

impl AppState {
    /// Builds the state with fresh caches and counters.
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

    /// Returns freed memory to the operating system if there was an upload since the last call.
    /// What belongs to a request is free only after its response.
    pub async fn release_free_memory(&self) {
        if self.body_budget.take_upload_seen() {
            // Fails only while the server shuts down.
            let _ = tokio::task::spawn_blocking(allocator::trim_heap).await;
        }
    }
}
