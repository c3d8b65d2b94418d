//! The real server as a process of its own, in a folder of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use shared::session::LoginRequest;

use crate::harness::{Backend, Client, PASSWORD};

/// Longest that a start or an end is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server is started, and with what.
pub struct Setup {
    pub folder: PathBuf,
    pub database_url: String,
    /// What starts the program, where it is not started directly.
    pub wrapper: Vec<String>,
}

impl Setup {
    /// A server with a SQLite file in this folder.
    pub fn sqlite(folder: &Path) -> Self {
        let database_url = format!("sqlite://{}", folder.join("isp.db").display());
        Self { folder: folder.to_owned(), database_url, wrapper: Vec::new() }
    }

    /// A server on a new database, with everything else in this folder.
    pub fn on(backend: Backend, folder: &Path) -> Self {
        match backend {
            Backend::Sqlite => Self::sqlite(folder),
            Backend::Postgres => Self {
                database_url: crate::harness::new_postgres_database(),
                ..Self::sqlite(folder)
            },
        }
    }

    /// The program with a command; not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_isp-server");
        let mut words = self.wrapper.iter().map(String::as_str).chain([program]);
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOST", "127.0.0.1")
            .env("DATABASE_URL", &self.database_url)
            .env("UPLOADS_URL", format!("file://{}", self.folder.join("uploads").display()))
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000")
            .env("LOG_LEVEL", "warn")
            .env("ADMIN_USERNAME", "pemilik")
            .env("ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Runs a command to its end; gives whether it succeeded, and all that it said.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output =
            self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Starts the server, which has to be refused; gives what it says.
    pub fn refused(&self) -> String {
        let (done, text) = self.run(&["serve"]);
        assert!(!done, "the server started: {text}");
        let lines: Vec<&str> =
            text.lines().filter(|line| line.starts_with("isp-server:")).collect();
        assert_eq!(lines.len(), 1, "not one line: {text}");
        lines[0].to_owned()
    }

    /// Starts the server; it answers when this returns.
    pub async fn start(&self) -> ServerProcess {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::env::temp_dir().join(format!("isp-log-{port}"));
        let child = self
            .command(&["serve"])
            .env("PORT", port.to_string())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let server = ServerProcess { child, base: format!("http://127.0.0.1:{port}"), log };
        let alive = || async { server.health("live").await == Some(StatusCode::NO_CONTENT) };
        let deadline = Instant::now() + PATIENCE;
        while !alive().await {
            assert!(Instant::now() < deadline, "the server does not start: {}", server.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }
}

/// A running process. It is killed when it is dropped.
pub struct ServerProcess {
    child: Child,
    pub base: String,
    log: PathBuf,
}

impl ServerProcess {
    /// The owner, signed in.
    pub async fn owner(&self) -> Client {
        let request =
            LoginRequest { username: "pemilik".into(), password: PASSWORD.into(), otp: None };
        Client::new(&self.base).signed_in(&request).await
    }

    /// The status of `/health/live` or `/health/ready`.
    pub async fn health(&self, which: &str) -> Option<StatusCode> {
        let answer = reqwest::get(format!("{}/health/{which}", self.base)).await;
        answer.ok().map(|answer| answer.status())
    }

    /// Waits until `/health/ready` answers with this status.
    pub async fn until_ready_is(&self, status: u16) {
        until_ready_is(&self.base, status).await;
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written on its standard error.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGTERM; gives how it ended.
    pub fn stop(mut self) -> ExitStatus {
        let id = i32::try_from(self.child.id()).unwrap();
        let stopped = Command::new("kill").arg(id.to_string()).status().unwrap();
        assert!(stopped.success());
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not stop: {}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Waits until the server at this address answers `/health/ready` with this status.
pub async fn until_ready_is(base: &str, status: u16) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = reqwest::get(format!("{base}/health/ready")).await;
        let found = answer.map(|answer| answer.status().as_u16());
        if matches!(found, Ok(found) if found == status) {
            return;
        }
        assert!(Instant::now() < deadline, "ready: {found:?} instead of {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
