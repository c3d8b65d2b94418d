//! Configuration from environment variables, checked at the start.

mod env;
mod map_tiles;
mod origins;
mod telegram;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use api::MapTiles;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use chrono_tz::Tz;
use db::DatabaseUrl;
use services::auth::password_rules::PasswordRules;
use services::encryption::{Cipher, KEY_BYTES};
use services::photos::FileTypes;
use shared::session::PasswordPolicy;

pub use env::{ConfigError, Environment};
pub use telegram::{TelegramConfig, WebhookConfig};

/// Signing key of tokens while no secret is configured; rejected in production.
const DEVELOPMENT_JWT_SECRET: &str = "isp-management development secret, not for production";
/// Shortest `JWT_SECRET` in production, in bytes: the output length of the hash that it keys.
const MIN_JWT_SECRET_BYTES: usize = 32;

/// Encryption key while none is configured; rejected in production.
const DEVELOPMENT_DATA_KEY: [u8; KEY_BYTES] = *b"isp-management development key, ";

/// The configuration of the server.
#[derive(Debug, Clone)]
pub struct Config {
    pub production: bool,
    pub database: DatabaseUrl,
    pub http: HttpConfig,
    pub auth: AuthConfig,
    /// Encrypts identity numbers, identity photos and second factors.
    pub encryption: Cipher,
    pub limits: LimitsConfig,
    pub log: LogConfig,
    /// The Telegram bot; none without a token.
    pub telegram: Option<TelegramConfig>,
    /// User name and password of the first superadmin, created on the first start.
    pub first_admin: Option<(String, String)>,
    /// Folder of the photos.
    pub uploads: PathBuf,
    /// Folder of the browser application; the embedded one by default.
    pub spa_dir: Option<PathBuf>,
    /// Where the tiles of maps come from.
    pub map_tiles: Option<MapTiles>,
    pub time_zone: Tz,
}

/// HTTP: address, public URL and trust.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    pub address: SocketAddr,
    /// The address that people use, for instance `https://isp.example.id`.
    pub public_url: String,
    /// Other origins whose pages may use the API, in the form that browsers send.
    pub allowed_origins: Vec<String>,
    pub trust_proxy: bool,
}

/// Authentication: tokens and password policy.
#[derive(Clone)]
pub struct AuthConfig {
    pub jwt_secret: String,
    pub access_lifetime: TimeDelta,
    pub refresh_lifetime: TimeDelta,
    pub password_policy: PasswordRules,
}

impl std::fmt::Debug for AuthConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthConfig").field("jwt_secret", &"…").finish_non_exhaustive()
    }
}

/// Limits of requests and uploads.
#[derive(Debug, Clone)]
pub struct LimitsConfig {
    pub requests: u32,
    pub window: Duration,
    pub max_file_bytes: usize,
    /// Accepted image formats.
    pub file_types: FileTypes,
}

/// Logging: filter and files.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// A level or a filter in the syntax of env_logger.
    pub filter: String,
    /// Folder of the log files; none by default.
    pub dir: Option<PathBuf>,
    pub max_bytes: usize,
    pub max_files: usize,
}

impl Config {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// One line that names the variable and the reason.
    pub fn from_env(env: &Environment) -> Result<Self, ConfigError> {
        let production = match env.text("APP_ENV").as_deref().unwrap_or("development") {
            "production" => true,
            "development" | "test" => false,
            other => {
                return Err(ConfigError::new(
                    "APP_ENV",
                    format!("`{other}` is none of development, test, production"),
                ));
            }
        };
        let database = env.text("DATABASE_URL").unwrap_or_else(|| "sqlite://data/isp.db".into());
        let database = DatabaseUrl::parse(&database)
            .map_err(|error| ConfigError::new("DATABASE_URL", error.to_string()))?;
        let http = http(env, production)?;
        Ok(Self {
            production,
            database,
            auth: auth(env, production, &http.public_url)?,
            http,
            encryption: encryption(env, production)?,
            limits: limits(env)?,
            log: log(env)?,
            telegram: telegram::read(env)?,
            first_admin: first_admin(env)?,
            uploads: uploads(env)?,
            spa_dir: env.text("SPA_DIR").map(PathBuf::from),
            map_tiles: map_tiles::read(env)?,
            time_zone: env.parse_or("ORG_TIMEZONE", chrono_tz::Asia::Jakarta)?,
        })
    }
}

fn http(env: &Environment, production: bool) -> Result<HttpConfig, ConfigError> {
    let default_host = if production { "0.0.0.0" } else { "127.0.0.1" };
    let host = env.text("HOST").unwrap_or_else(|| default_host.into());
    let ip = if host == "localhost" { "127.0.0.1" } else { &host };
    let ip: std::net::IpAddr =
        ip.parse().map_err(|_| ConfigError::new("HOST", format!("`{host}` is no address")))?;
    let port: u16 = env.parse_or("PORT", 3001)?;
    let default_url = format!("http://localhost:{port}");
    let public_url = env.text("PUBLIC_URL").unwrap_or(default_url);
    if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
        return Err(ConfigError::new("PUBLIC_URL", "starts with neither http:// nor https://"));
    }
    Ok(HttpConfig {
        address: SocketAddr::new(ip, port),
        public_url: public_url.trim_end_matches('/').to_owned(),
        allowed_origins: origins::read(env)?,
        trust_proxy: env.parse_bool("TRUST_PROXY", false)?,
    })
}

fn auth(env: &Environment, production: bool, public_url: &str) -> Result<AuthConfig, ConfigError> {
    let jwt_secret = env.text("JWT_SECRET").unwrap_or_else(|| DEVELOPMENT_JWT_SECRET.into());
    if production && jwt_secret == DEVELOPMENT_JWT_SECRET {
        return Err(ConfigError::new("JWT_SECRET", "has to be set in production"));
    }
    if production && jwt_secret.len() < MIN_JWT_SECRET_BYTES {
        return Err(ConfigError::new(
            "JWT_SECRET",
            format!("is shorter than {MIN_JWT_SECRET_BYTES} characters"),
        ));
    }
    let policy = PasswordPolicy {
        min_length: env.parse_in_range("MIN_PASSWORD_LENGTH", 8, 6..=128)?,
        complex: env.parse_bool("REQUIRE_PASSWORD_COMPLEXITY", true)?,
    };
    Ok(AuthConfig {
        jwt_secret,
        access_lifetime: env.parse_duration("JWT_EXPIRES_IN", "15m")?,
        refresh_lifetime: env.parse_duration("REFRESH_EXPIRES_IN", "7d")?,
        password_policy: PasswordRules::new(policy, public_url),
    })
}

fn encryption(env: &Environment, production: bool) -> Result<Cipher, ConfigError> {
    let current = match env.text("DATA_KEY") {
        Some(text) => data_key("DATA_KEY", &text)?,
        None if production => {
            return Err(ConfigError::new("DATA_KEY", "has to be set in production"));
        }
        None => DEVELOPMENT_DATA_KEY,
    };
    let previous = env.text("DATA_KEY_PREVIOUS").unwrap_or_default();
    let previous = previous.split(',').map(str::trim).filter(|text| !text.is_empty());
    let previous: Result<Vec<_>, _> =
        previous.map(|text| data_key("DATA_KEY_PREVIOUS", text)).collect();
    Ok(Cipher::new(current, &previous?))
}

fn data_key(name: &'static str, text: &str) -> Result<[u8; KEY_BYTES], ConfigError> {
    STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        ConfigError::new(
            name,
            format!("is no base64 of {KEY_BYTES} bytes (openssl rand -base64 32)"),
        )
    })
}

fn limits(env: &Environment) -> Result<LimitsConfig, ConfigError> {
    let megabytes: usize = env.parse_in_range("MAX_FILE_SIZE_MB", 40, 1..=100)?;
    let window: u64 = env.parse_in_range("RATE_LIMIT_WINDOW_MS", 60_000, 100..=86_400_000)?;
    Ok(LimitsConfig {
        requests: env.parse_in_range("RATE_LIMIT_MAX_REQUESTS", 600, 1..=100_000_000)?,
        window: Duration::from_millis(window),
        max_file_bytes: megabytes * 1024 * 1024,
        file_types: env.parse_or("ALLOWED_FILE_TYPES", FileTypes::ALL)?,
    })
}

fn log(env: &Environment) -> Result<LogConfig, ConfigError> {
    Ok(LogConfig {
        filter: env.text("LOG_LEVEL").unwrap_or_else(|| "info".into()),
        dir: env.text("LOG_DIR").map(PathBuf::from),
        max_bytes: env.parse_size("LOG_MAX_SIZE", "20m")?,
        max_files: env.parse_in_range("LOG_MAX_FILES", 14, 1..=1_000)?,
    })
}

fn first_admin(env: &Environment) -> Result<Option<(String, String)>, ConfigError> {
    match (env.text("ADMIN_USERNAME"), env.text("ADMIN_PASSWORD")) {
        (Some(name), Some(password)) => Ok(Some((name, password))),
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(ConfigError::new("ADMIN_PASSWORD", "is missing beside ADMIN_USERNAME"))
        }
        (None, Some(_)) => {
            Err(ConfigError::new("ADMIN_USERNAME", "is missing beside ADMIN_PASSWORD"))
        }
    }
}

fn uploads(env: &Environment) -> Result<PathBuf, ConfigError> {
    let url = env.text("UPLOADS_URL").unwrap_or_else(|| "uploads".into());
    match url.split_once("://") {
        None => Ok(PathBuf::from(url)),
        Some(("file", path)) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => Err(ConfigError::new("UPLOADS_URL", "is neither a folder nor file://FOLDER")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_env(&Environment::from_pairs(pairs))
    }

    #[test]
    fn development_needs_nothing() {
        let config = read(&[]).unwrap();
        assert_eq!(config.http.address.port(), 3001);
        assert_eq!(config.auth.access_lifetime, TimeDelta::minutes(15));
        assert_eq!(config.limits.max_file_bytes, 40 * 1024 * 1024);
    }

    #[test]
    fn production_refuses_a_default_or_short_secret() {
        let refused = |secret: Option<&str>| {
            let mut pairs = vec![("APP_ENV", "production")];
            pairs.extend(secret.map(|secret| ("JWT_SECRET", secret)));
            read(&pairs).unwrap_err().to_string()
        };
        assert!(refused(None).starts_with("JWT_SECRET"));
        assert!(refused(Some("short")).starts_with("JWT_SECRET"));
        assert!(refused(Some(DEVELOPMENT_JWT_SECRET)).starts_with("JWT_SECRET"));
    }

    #[test]
    fn production_refuses_to_seal_with_the_key_that_everybody_knows() {
        let secret = "0123456789abcdef0123456789abcdef";
        let production = [("APP_ENV", "production"), ("JWT_SECRET", secret)];
        assert!(read(&production).unwrap_err().to_string().starts_with("DATA_KEY"));
        let key = STANDARD.encode([7; KEY_BYTES]);
        let [env, jwt] = production;
        assert!(read(&[env, jwt, ("DATA_KEY", &key)]).is_ok());
    }

    #[test]
    fn a_wrong_value_is_named_in_one_line() {
        for (name, value) in [
            ("PORT", "seribu"),
            ("HOST", "not an address"),
            ("DATABASE_URL", "mysql://x"),
            ("JWT_EXPIRES_IN", "15 minutes"),
            ("LOG_MAX_SIZE", "20 MB"),
            ("MAX_FILE_SIZE_MB", "0"),
            ("ORG_TIMEZONE", "Asia/Sleman"),
            ("TRUST_PROXY", "maybe"),
            ("APP_ENV", "prod"),
            ("UPLOADS_URL", "s3://bucket"),
            ("DATA_KEY", "dG9vIHNob3J0"),
            ("DATA_KEY_PREVIOUS", "no base64!"),
            ("ALLOWED_FILE_TYPES", "jpeg,pdf"),
            ("ALLOWED_ORIGINS", "*"),
            ("TELEGRAM_BOT_TOKEN", "no token"),
        ] {
            let message = read(&[(name, value)]).unwrap_err().to_string();
            assert!(message.starts_with(name) && !message.contains('\n'), "{message}");
        }
    }
}
