//! The server under test, started in development mode without rate limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use shared::session::{LoginRequest, LoginResponse};

use crate::data::DataSet;
use crate::process::{Server, free_address};
use crate::{Result, http, requests};

const USERNAME: &str = "bench";
const PASSWORD: &str = "Ukur-Kecepatan-1";

/// Where the server's binary and its data are.
#[derive(Debug, Clone)]
pub struct ServerUnderTest {
    pub binary: PathBuf,
    /// Its working directory, which has no `.env` file.
    pub folder: PathBuf,
}

impl ServerUnderTest {
    /// Starts the server on this database and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&self, data: &DataSet) -> Result<Server> {
        self.start_with(data, false)
    }

    /// Starts the server so that it takes the client address from `X-Forwarded-For`.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_behind_proxy(&self, data: &DataSet) -> Result<Server> {
        self.start_with(data, true)
    }

    fn start_with(&self, data: &DataSet, behind_proxy: bool) -> Result<Server> {
        let address = free_address()?;
        let mut command = Command::new(&self.binary);
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("APP_ENV", "development")
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("DATABASE_URL", data.store.url())
            .env("UPLOADS_URL", &data.uploads)
            .env("ADMIN_USERNAME", USERNAME)
            .env("ADMIN_PASSWORD", PASSWORD)
            .env("JWT_EXPIRES_IN", "2h")
            .env("RATE_LIMIT_MAX_REQUESTS", "100000000")
            .env("TRUST_PROXY", behind_proxy.to_string())
            .env("LOG_LEVEL", "warn");
        Server::start(&mut command, address, "/health/ready")
    }
}

/// Signs in and returns the access token.
///
/// # Errors
/// The sign-in is rejected.
pub fn sign_in(address: SocketAddr) -> Result<String> {
    let login = LoginRequest { username: USERNAME.into(), password: PASSWORD.into(), otp: None };
    let body = serde_json::to_string(&login).map_err(|error| error.to_string())?;
    let answer = http::send(address, &requests::post("/api/auth/login", None, &body))?;
    if !answer.is_success() {
        return Err(format!("the login was answered with {}: {}", answer.status, answer.text()));
    }
    let login: LoginResponse =
        serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
    Ok(login.access_token)
}

/// Adds an office user.
///
/// # Errors
/// The request is rejected.
pub fn add_user(address: SocketAddr, token: &str, username: &str, password: &str) -> Result {
    let body = format!(
        r#"{{"username":"{username}","name":"{username}","role":"cs","password":"{password}"}}"#
    );
    let answer = http::send(address, &requests::post("/api/users", Some(token), &body))?;
    match answer.is_success() {
        true => Ok(()),
        false => Err(format!("{username} was answered with {}: {}", answer.status, answer.text())),
    }
}
