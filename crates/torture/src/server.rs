//! The server under trial as a process.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::Client;

/// Password of the only user.
pub const PASSWORD: &str = "Sawah-Hijau-123";
/// Longest wait for a start, a stop or a state.
const PROCESS_TIMEOUT: Duration = Duration::from_secs(30);

/// How to start a server: binary, folder, database, environment.
#[derive(Debug, Clone)]
pub struct ServerSetup {
    pub server_bin: PathBuf,
    pub folder: PathBuf,
    pub database_url: String,
    /// A program and its arguments that start the server, if it is not started directly.
    pub wrapper: Vec<String>,
    pub variables: Vec<(String, String)>,
}

impl ServerSetup {
    /// A server with a SQLite file in this folder.
    pub fn sqlite(server_bin: &Path, folder: &Path) -> Self {
        Self {
            server_bin: server_bin.to_owned(),
            folder: folder.to_owned(),
            database_url: format!("sqlite://{}", folder.join("isp.db").display()),
            wrapper: Vec::new(),
            variables: Vec::new(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = self.server_bin.display().to_string();
        let words: Vec<&str> =
            self.wrapper.iter().map(String::as_str).chain([program.as_str()]).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOST", "127.0.0.1")
            .env("DATABASE_URL", &self.database_url)
            .env("UPLOADS_URL", format!("file://{}", self.folder.join("uploads").display()))
            .env("JWT_SECRET", "rahasia hanya untuk percobaan ini, panjang")
            .env("JWT_EXPIRES_IN", "7d")
            .env("RATE_LIMIT_MAX_REQUESTS", "100000000")
            .env("LOG_LEVEL", "error")
            .env("ADMIN_USERNAME", "pemilik")
            .env("ADMIN_PASSWORD", PASSWORD)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Runs a command of the server binary and returns its output.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(arguments);
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let output = output.map_err(|error| error.to_string())?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        if output.status.success() { Ok(text) } else { Err(text) }
    }

    /// Starts the server and waits until it responds.
    pub async fn start(&self) -> Result<Server> {
        let bound = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let port = bound.map_err(|error| error.to_string())?.port();
        let log = std::env::temp_dir().join(format!("isp-torture-{port}.log"));
        let said = File::create(&log).map_err(|error| error.to_string())?;
        let mut command = self.command(&["serve"]);
        let child = command.env("PORT", port.to_string()).stderr(said).spawn();
        let child = child.map_err(|error| error.to_string())?;
        let mut server = Server { child, base: format!("http://127.0.0.1:{port}"), log };
        let deadline = Instant::now() + PROCESS_TIMEOUT;
        while server.health("live").await != Some(204) {
            let ended = server.child.try_wait().is_ok_and(|status| status.is_some());
            if ended || Instant::now() > deadline {
                return Err(format!("does not start: {}", server.stderr_text()));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(server)
    }
}

/// A running server. It is killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub base: String,
    log: PathBuf,
}

impl Server {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written on its standard error.
    pub fn stderr_text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default().trim().to_owned()
    }

    /// The status of `/health/live` or `/health/ready`.
    pub async fn health(&self, which: &str) -> Option<u16> {
        let answer = reqwest::get(format!("{}/health/{which}", self.base)).await;
        answer.ok().map(|answer| answer.status().as_u16())
    }

    /// Waits until `/health/ready` answers with this status.
    pub async fn wait_for_ready_status(&self, status: u16) -> Result {
        let deadline = Instant::now() + PROCESS_TIMEOUT;
        loop {
            let found = self.health("ready").await;
            if found == Some(status) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!(
                    "ready: {found:?} instead of {status}; {}",
                    self.stderr_text()
                ));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A line of the process's status that gives an amount of memory; in bytes.
    pub fn memory(&self, name: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.map(|it| it * 1024).ok_or_else(|| format!("no {name}"))
    }

    /// Signs in as the owner.
    pub async fn owner(&self) -> Result<Client> {
        Client::sign_in(&self.base, "pemilik", PASSWORD).await
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) -> Result {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status();
        match sent {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!("kill {name}: {other:?}")),
        }
    }

    /// SIGKILL.
    pub fn kill(mut self) -> Result {
        self.child.kill().and_then(|()| self.child.wait().map(drop)).map_err(|e| e.to_string())
    }

    /// SIGTERM; gives how it ended, and how long that took.
    pub fn stop(mut self) -> Result<(ExitStatus, Duration)> {
        let begun = Instant::now();
        self.signal("-TERM")?;
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Ok((status, begun.elapsed()));
            }
            if begun.elapsed() > PROCESS_TIMEOUT {
                return Err("does not stop".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}
