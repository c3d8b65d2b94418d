//! Start-up: builds the parts of a server from its configuration.

use std::sync::Arc;

use api::{ApiConfig, AppState};
use db::{Channels, Clock, Db, DbError, DbOptions, Purpose, SystemClock};
use services::audit::AuditKeys;
use services::initial_setup::{self, SetupCode};
use services::photos::{self, PhotoStore};
use services::{Error, auth::passwords, encryption_at_rest, users};
use shared::user::UserCreate;
use shared::{ErrorCode, Role};

use crate::config::Config;

/// Sign-in attempts per minute and IP address.
const SIGN_INS_PER_MINUTE: u32 = 20;
/// Sign-ups and attempts of the initial setup per ten minutes and IP address.
const SIGN_UPS_PER_TEN_MINUTES: u32 = 10;
/// Token refreshes per minute and IP address: an office shares one, and each reload is a refresh.
const REFRESHES_PER_MINUTE: u32 = 120;

/// How long a peer may read nothing before its connection is closed. A peer with a bad connection
/// reads something in that time.
const STALLED_WRITE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// Errors of the start-up.
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

/// Opens the database with the system clock.
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

/// Encrypts what an earlier version stored as plaintext. Runs before everything else.
pub async fn encrypt_plaintext(db: &Db, config: &Config) -> Result<(), StartupError> {
    encryption_at_rest::encrypt_plaintext_niks(db, &config.encryption).await?;
    Ok(())
}

/// Opens the photo folder.
///
/// # Errors
/// As [`photos::open_folder`].
pub async fn open_photo_store(db: &Db, config: &Config) -> Result<PhotoStore, StartupError> {
    photos::open_folder(db, &config.uploads).await.map_err(StartupError::Uploads)
}

/// Creates the first superadmin from the configuration if there is no user account yet.
///
/// # Errors
/// The name or password violates the policy.
pub async fn create_first_admin(
    db: &Db,
    config: &Config,
    password_cost: u32,
) -> Result<(), StartupError> {
    if !db.read(users::has_no_users).await? {
        return Ok(());
    }
    let Some((username, password)) = config.first_admin.clone() else { return Ok(()) };
    let invalid = |faults: Vec<shared::validate::FieldFault>| {
        let texts = faults.iter().map(|fault| fault.render(shared::Lang::En).message);
        StartupError::FirstAdmin(texts.collect::<Vec<_>>().join(" "))
    };
    let user = UserCreate {
        name: username.clone(),
        username,
        role: Role::Superadmin,
        password: String::new(),
    };
    let new = user.parse().map_err(invalid)?;
    config.auth.password_policy.check("password", &password, &new.username).map_err(invalid)?;
    let hash = passwords::hash(&password, password_cost)?;
    match db.write(move |tx| initial_setup::create_first_superadmin(tx, &new, &hash)).await {
        // Another server that started at the same time has created it.
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SetupAlreadyCompleted => {}
        outcome => {
            outcome?;
            log::info!("made the first superadmin from ADMIN_USERNAME");
        }
    }
    Ok(())
}

/// Enables the initial setup over the API if there is no user account yet. Returns its code, which
/// must be shown to the operator of the server only.
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

/// Builds the state that all handlers share.
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
        map_tiles: config.map_tiles.clone(),
    };
    AppState::new(db, api, photos, config.encryption.clone())
}
