//! From the configuration to the parts of a running server.

use std::sync::Arc;

use api::{ApiConfig, AppState};
use db::{Channels, Clock, Db, DbError, DbOptions, Purpose, SystemClock};
use services::audit::AuditKeys;
use services::auth::initial_setup::{self, SetupCode};
use services::photos::{self, PhotoStore};
use services::{Error, auth::passwords, encryption_at_rest, users};
use shared::user::UserCreate;
use shared::{ErrorCode, Role};

use crate::config::Config;

/// Login attempts per minute and address.
const SIGN_INS_PER_MINUTE: u32 = 20;
/// Registrations and attempts to make the first login, per ten minutes and address.
const SIGN_UPS_PER_TEN_MINUTES: u32 = 10;
/// Renewals of a sign-in per minute and address: an office shares one, and each reload is one.
const REFRESHES_PER_MINUTE: u32 = 120;

/// A connection whose peer has not read for so long is cut off: whoever is on a bad line reads something
/// in that time.
const STALLED_WRITE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// Why a server could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    #[error("DATABASE_URL: {0}")]
    Database(#[from] DbError),
    #[error("UPLOADS_URL: {0}")]
    Uploads(Error),
    #[error("ADMIN_USERNAME and ADMIN_PASSWORD: {0}")]
    FirstAdmin(String),
    #[error("{0}")]
    Telegram(String),
    #[error("{0}")]
    Service(#[from] Error),
}

/// Opens the database with the machine's clock.
///
/// # Errors
/// As [`Db::open`].
pub fn open_database(config: &Config, purpose: Purpose) -> Result<Db, DbError> {
    open_database_with_clock(config, purpose, Arc::new(SystemClock))
}

/// Opens the database with another clock.
///
/// # Errors
/// As [`Db::open`].
pub fn open_database_with_clock(
    config: &Config,
    purpose: Purpose,
    clock: Arc<dyn Clock>,
) -> Result<Db, DbError> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let pool_size = u32::try_from(cores * 2).unwrap_or(4).clamp(4, 32);
    Db::open(DbOptions {
        url: config.database.clone(),
        pool_size,
        clock,
        time_zone: config.time_zone,
        audit_signer: Arc::new(AuditKeys::from_cipher(&config.encryption)),
        channels: Channels { telegram: config.telegram.is_some(), whatsapp: false },
        purpose,
    })
}

/// Seals what an earlier version left readable. Done before anything else is.
///
/// # Errors
/// The database fails.
pub async fn encrypt_plaintext(db: &Db, config: &Config) -> Result<(), StartupError> {
    encryption_at_rest::encrypt_plaintext_niks(db, &config.encryption).await?;
    Ok(())
}

/// The folder of the photos.
///
/// # Errors
/// As [`photos::open_folder`].
pub async fn open_photo_store(db: &Db, config: &Config) -> Result<PhotoStore, StartupError> {
    photos::open_folder(db, &config.uploads).await.map_err(StartupError::Uploads)
}

/// Makes the first superadmin if nobody can sign in yet and the configuration names one.
///
/// # Errors
/// The name or password does not fit the policy.
pub async fn create_first_admin(
    db: &Db,
    config: &Config,
    password_cost: u32,
) -> Result<(), StartupError> {
    if !db.read(users::has_no_users).await? {
        return Ok(());
    }
    let Some((username, password)) = config.first_admin.clone() else { return Ok(()) };
    let words = |faults: Vec<shared::validate::FieldFault>| {
        let texts = faults.iter().map(|fault| fault.render(shared::Lang::En).message);
        StartupError::FirstAdmin(texts.collect::<Vec<_>>().join(" "))
    };
    let wish = UserCreate {
        name: username.clone(),
        username,
        role: Role::Superadmin,
        password: String::new(),
    };
    let new = wish.parse().map_err(words)?;
    config.auth.password_policy.check("password", &password, &new.username).map_err(words)?;
    let hash = passwords::hash(&password, password_cost)?;
    match db.write(move |tx| initial_setup::create_first_superadmin(tx, &new, &hash)).await {
        // Another server that started at the same time was faster.
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SetupAlreadyCompleted => {}
        outcome => {
            outcome?;
            log::info!("made the first superadmin from ADMIN_USERNAME");
        }
    }
    Ok(())
}

/// Lets the first superadmin be made over the API if nobody can sign in yet. Returns the code for
/// it, which is to be shown to whoever runs the server and to nobody else.
///
/// # Errors
/// The database fails.
pub async fn enable_initial_setup(
    db: &Db,
    state: &mut AppState,
) -> Result<Option<String>, StartupError> {
    if !db.read(users::has_no_users).await? {
        return Ok(None);
    }
    let (code, printed) = SetupCode::generate();
    state.setup = Some(code);
    Ok(Some(printed))
}

/// The state that all handlers share.
pub fn build_state(db: Db, config: &Config, photos: PhotoStore, password_cost: u32) -> AppState {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let api = ApiConfig {
        jwt_secret: config.auth.jwt_secret.clone().into_bytes(),
        access_lifetime: config.auth.access_lifetime,
        refresh_lifetime: config.auth.refresh_lifetime,
        secure_cookies: config.http.public_url.starts_with("https://"),
        password_policy: config.auth.password_policy.clone(),
        password_cost,
        max_concurrent_hashes: cores.saturating_sub(1).max(1),
        rate_limit_requests: config.limits.requests,
        rate_limit_window: config.limits.window,
        login_attempts_per_minute: SIGN_INS_PER_MINUTE,
        registrations_per_ten_minutes: SIGN_UPS_PER_TEN_MINUTES,
        refreshes_per_minute: REFRESHES_PER_MINUTE,
        unread_timeout: STALLED_WRITE_TIMEOUT,
        trust_proxy: config.http.trust_proxy,
        max_file_bytes: config.limits.max_file_bytes,
        file_types: config.limits.file_types,
        public_url: config.http.public_url.clone(),
        allowed_origins: config.http.allowed_origins.clone(),
    };
    AppState::new(db, api, photos, config.encryption.clone())
}
