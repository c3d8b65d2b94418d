//! The real server as a process of its own, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use shared::session::LoginRequest;

use crate::harness::{Backend, Client, PASSWORD};

/// Longest that a state is waited for.
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
        let program = Path::new(env!("CARGO_BIN_EXE_isp-server"));
        let mut command = server_process::wrapped_command(&self.wrapper, program, &self.folder);
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("UPLOADS_URL", format!("file://{}", self.folder.join("uploads").display()))
            .env("LOG_LEVEL", "warn")
            .env("ADMIN_USERNAME", "pemilik")
            .env("ADMIN_PASSWORD", PASSWORD);
        command
    }

    /// Runs a command to its end; gives whether it succeeded, and all that it said.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        server_process::run(&mut self.command(arguments)).unwrap()
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

    /// Starts the server and waits until it answers.
    pub async fn start(&self) -> ServerProcess {
        let process = server_process::ServerProcess::start(self.command(&["serve"])).unwrap();
        ServerProcess { base: process.base_url(), process }
    }
}

/// A running process. It is killed when it is dropped.
pub struct ServerProcess {
    process: server_process::ServerProcess,
    pub base: String,
}

impl ServerProcess {
    /// The owner, signed in.
    pub async fn owner(&self) -> Client {
        let request =
            LoginRequest { username: "pemilik".into(), password: PASSWORD.into(), otp: None };
        Client::new(&self.base).signed_in(&request).await
    }

    /// Waits until `/health/ready` answers with this status.
    pub async fn until_ready_is(&self, status: u16) {
        until_ready_is(&self.base, status).await;
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it has written on its standard error.
    pub fn said(&self) -> String {
        self.process.stderr_text()
    }

    /// SIGTERM; gives how it ended.
    pub fn stop(self) -> ExitStatus {
        self.process.stop().unwrap().0
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.process.kill();
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
