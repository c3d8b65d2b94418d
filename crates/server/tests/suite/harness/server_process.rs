//! The server binary as a process of its own, which can be stopped, killed and measured.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use shared::session::LoginRequest;

use super::{Backend, Client, JWT_SECRET, PASSWORD, TestApp, new_empty_postgres_database};

/// Longest that a start, a stop or a change of `/health/ready` is waited for.
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
            .env("ADMIN_USERNAME", OWNER)
            .env("ADMIN_PASSWORD", PASSWORD)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Runs a command to its end. Returns whether it succeeded, and its output.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output =
            self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
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
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::env::temp_dir().join(format!("isp-log-{port}"));
        let child = self
            .command(&["serve"])
            .env("PORT", port.to_string())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let address = format!("127.0.0.1:{port}");
        let server = ServerProcess { child, base: format!("http://{address}"), address, log };
        let deadline = Instant::now() + PATIENCE;
        while health_status(&server.base, "live") != Some(204) {
            assert!(Instant::now() < deadline, "the server does not start: {}", server.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server
    }
}

/// A running process. It is killed when it is dropped.
pub struct ServerProcess {
    child: Child,
    /// Base URL.
    pub base: String,
    /// Host and port.
    pub address: String,
    log: PathBuf,
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
        self.child.id()
    }

    /// Returns what the process has written to its standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, named as for `kill`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Returns how the process ended, if it has.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Sends SIGTERM and waits for the end. Returns the exit status.
    pub fn stop(mut self) -> ExitStatus {
        self.terminate();
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.exit_status() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not stop: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends SIGKILL, which interrupts whatever the process is doing.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Resource usage, as Linux reports it below `/proc`.
impl ServerProcess {
    /// Returns the resident memory, in bytes.
    pub fn memory(&self) -> usize {
        self.status_bytes("VmRSS:")
    }

    /// Returns the most resident memory since [`ServerProcess::reset_peak_memory`], in bytes.
    pub fn peak_memory(&self) -> usize {
        self.status_bytes("VmHWM:")
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

    fn status_bytes(&self, name: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Returns the status of `/health/live` or `/health/ready`. Without a client library, because a
/// server that is just starting is asked often.
fn health_status(base: &str, which: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(base.strip_prefix("http://")?).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let request = format!("GET /health/{which} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    // "HTTP/1.1 204"
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head[9..]).ok()?.parse().ok()
}

/// Waits until the server at this base URL answers `/health/ready` with this status.
pub async fn wait_for_readiness(base: &str, status: u16) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = health_status(base, "ready");
        if found == Some(status) {
            return;
        }
        assert!(Instant::now() < deadline, "ready: {found:?} instead of {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
