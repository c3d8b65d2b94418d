//! The server binary as a process of its own, which can be stopped, killed and measured.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use shared::session::LoginRequest;

use super::{Backend, Client, JWT_SECRET, PASSWORD, TestApp, new_empty_postgres_database};

/// Longest wait for a change of `/health/ready`.
const PATIENCE: Duration = Duration::from_secs(60);
/// Username of the superadmin that a server with an empty database creates.
const OWNER: &str = "pemilik";

/// Configuration of a server process: folder, database and environment.
pub struct ServerSetup {
    /// Working directory, with the uploads and the SQLite file.
    pub folder: PathBuf,
    pub database_url: String,
    /// Command that starts the program, where it is not started directly.
    pub wrapper: Vec<String>,
    /// Environment variables beside the usual ones.
    pub variables: Vec<(String, String)>,
}

impl ServerSetup {
    /// Configures a server with a SQLite file in this folder.
    pub fn sqlite(folder: &Path) -> Self {
        let database_url = format!("sqlite://{}", folder.join("isp.db").display());
        let (wrapper, variables) = (Vec::new(), Vec::new());
        Self { folder: folder.to_owned(), database_url, wrapper, variables }
    }

    /// Configures a server with a new database of this kind and its uploads in this folder.
    pub fn new(backend: Backend, folder: &Path) -> Self {
        let setup = Self::sqlite(folder);
        match backend {
            Backend::Sqlite => setup,
            Backend::Postgres => Self { database_url: new_empty_postgres_database(), ..setup },
        }
    }

    /// Configures a process on the database, photos and token secret of a server in this test.
    pub fn beside(app: &TestApp) -> Self {
        let setup = Self::sqlite(app.dir.path()).with_variable("JWT_SECRET", JWT_SECRET);
        Self { database_url: app.database_url.clone(), ..setup }
    }

    /// Adds an environment variable; the last value of a name counts.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Limits the number of open files.
    pub fn with_open_files(mut self, limit: usize) -> Self {
        let script = format!("ulimit -n {limit} && exec \"$0\" \"$@\"");
        self.wrapper = ["sh", "-c", &script].map(str::to_owned).to_vec();
        self
    }

    /// Prepares a command of the program without starting it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_isp-server"));
        let mut command = server_process::wrapped_command(&self.wrapper, program, &self.folder);
        command
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("UPLOADS_URL", format!("file://{}", self.folder.join("uploads").display()))
            .env("LOG_LEVEL", "warn")
            .env("ADMIN_USERNAME", OWNER)
            .env("ADMIN_PASSWORD", PASSWORD)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end. Returns whether it succeeded, and its output.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        server_process::run(&mut self.command(arguments)).unwrap()
    }

    /// Starts a server that must fail to start. Returns its single line of explanation.
    pub fn expect_start_failure(&self) -> String {
        let (done, text) = self.run(&["serve"]);
        assert!(!done, "the server started: {text}");
        let lines: Vec<&str> =
            text.lines().filter(|line| line.starts_with("isp-server:")).collect();
        assert_eq!(lines.len(), 1, "not one line: {text}");
        lines[0].to_owned()
    }

    /// Starts the server and waits until it answers `/health/live`.
    pub async fn start(&self) -> ServerProcess {
        let command = self.command(&["serve"]);
        let start = move || server_process::ServerProcess::start(command).unwrap();
        let process = tokio::task::spawn_blocking(start).await.unwrap();
        ServerProcess { base: process.base_url(), address: process.address(), process }
    }
}

/// Running process. It is killed when it is dropped.
pub struct ServerProcess {
    process: server_process::ServerProcess,
    /// Base URL.
    pub base: String,
    /// Host and port.
    pub address: String,
}

impl ServerProcess {
    /// Signs in as the first superadmin.
    pub async fn owner(&self) -> Client {
        self.sign_in(OWNER, PASSWORD).await
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Client {
        let request =
            LoginRequest { username: username.into(), password: password.into(), otp: None };
        Client::new(&self.base).signed_in(&request).await
    }

    /// Waits until `/health/ready` answers with this status.
    pub async fn wait_for_readiness(&self, status: u16) {
        wait_for_readiness(&self.base, status).await;
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Returns what the process has written to its standard error.
    pub fn log(&self) -> String {
        self.process.stderr_text()
    }

    /// Sends a signal, named as for `kill`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name).unwrap();
    }

    /// Returns how the process ended, if it has.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.process.exit_status().unwrap()
    }

    /// Sends SIGTERM and waits for the end. Returns the exit status.
    pub fn stop(self) -> ExitStatus {
        self.process.stop().unwrap().0
    }

    /// Sends SIGKILL, which interrupts whatever the process is doing.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Resource usage, as Linux reports it below `/proc`.
impl ServerProcess {
    /// Returns the resident memory, in bytes.
    pub fn memory(&self) -> usize {
        self.memory_line("VmRSS:")
    }

    /// Returns the most resident memory since [`ServerProcess::reset_peak_memory`], in bytes.
    pub fn peak_memory(&self) -> usize {
        self.memory_line("VmHWM:")
    }

    /// Restarts the measurement of the peak.
    pub fn reset_peak_memory(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()), "5").unwrap();
    }

    /// Returns the processor time used so far.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap();
        // proc(5): user and system time are the 14th and 15th field, counted after the name.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    fn memory_line(&self, name: &str) -> usize {
        usize::try_from(self.process.memory(name).unwrap()).unwrap()
    }
}

/// Waits until the server at this base URL answers `/health/ready` with this status.
pub async fn wait_for_readiness(base: &str, status: u16) {
    let http = super::client::http_client();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = http.get(format!("{base}/health/ready")).send().await;
        let found = answer.map(|answer| answer.status().as_u16());
        if matches!(found, Ok(found) if found == status) {
            return;
        }
        assert!(Instant::now() < deadline, "ready: {found:?} instead of {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
