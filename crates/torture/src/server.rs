//! The server under trial as a process.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use server_process::ServerProcess;

use crate::Result;
use crate::client::Client;

/// Password of the only user.
pub const PASSWORD: &str = "Sawah-Hijau-123";
/// Longest wait for a state of the server.
const STATE_TIMEOUT: Duration = Duration::from_secs(30);

/// How to start a server: binary, folder, database, environment.
#[derive(Debug, Clone)]
pub struct ServerSetup {
    pub server_bin: PathBuf,
    pub folder: PathBuf,
    pub database_url: String,
    pub variables: Vec<(String, String)>,
}

impl ServerSetup {
    /// A server with a SQLite file in this folder.
    pub fn sqlite(server_bin: &Path, folder: &Path) -> Self {
        Self {
            server_bin: server_bin.to_owned(),
            folder: folder.to_owned(),
            database_url: format!("sqlite://{}", folder.join("isp.db").display()),
            variables: Vec::new(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = server_process::command(&self.server_bin, &self.folder);
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("UPLOADS_URL", format!("file://{}", self.folder.join("uploads").display()))
            .env("JWT_SECRET", "rahasia hanya untuk percobaan ini, panjang")
            .env("JWT_EXPIRES_IN", "7d")
            .env("LOG_LEVEL", "error")
            .env("ADMIN_USERNAME", "pemilik")
            .env("ADMIN_PASSWORD", PASSWORD)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command of the server binary and returns its output.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let (succeeded, text) = server_process::run(&mut self.command(arguments))?;
        let text = text.trim().to_owned();
        if succeeded { Ok(text) } else { Err(text) }
    }

    /// Starts the server and waits until it responds.
    pub async fn start(&self) -> Result<Server> {
        let process = ServerProcess::start(self.command(&["serve"]))?;
        Ok(Server { base: process.base_url(), process })
    }
}

/// A running server. It is killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    process: ServerProcess,
    pub base: String,
}

impl Server {
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The status of `/health/live` or `/health/ready`.
    pub async fn health(&self, which: &str) -> Option<u16> {
        let answer = reqwest::get(format!("{}/health/{which}", self.base)).await;
        answer.ok().map(|answer| answer.status().as_u16())
    }

    /// Waits until `/health/ready` answers with this status.
    pub async fn wait_for_ready_status(&self, status: u16) -> Result {
        let deadline = Instant::now() + STATE_TIMEOUT;
        loop {
            let found = self.health("ready").await;
            if found == Some(status) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = self.process.stderr_text();
                return Err(format!("ready: {found:?} instead of {status}; {log}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A line of the process's status that gives an amount of memory; in bytes.
    pub fn memory(&self, name: &str) -> Result<u64> {
        self.process.memory(name)
    }

    /// Signs in as the owner.
    pub async fn owner(&self) -> Result<Client> {
        Client::sign_in(&self.base, "pemilik", PASSWORD).await
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) -> Result {
        self.process.signal(name)
    }

    /// SIGKILL.
    pub fn kill(mut self) -> Result {
        self.process.kill();
        Ok(())
    }

    /// SIGTERM; returns how it ended, and how long that took.
    pub fn stop(self) -> Result<(ExitStatus, Duration)> {
        self.process.stop()
    }
}
