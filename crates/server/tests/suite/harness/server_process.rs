//! The server's binary as a process of its own, whose memory can be measured and which can be killed.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use shared::session::LoginRequest;

use super::Client;

/// Password of the first superadmin of a server with an empty database.
const FIRST_PASSWORD: &str = "Rahasia-Sekali-1";
/// Longest that the start is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process. It is killed when it is dropped.
pub struct Process {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Process {
    /// Starts it in this folder; it answers when this returns.
    pub fn start(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_isp-server"))
            .current_dir(folder)
            .env_clear()
            .envs([("HOST", "127.0.0.1"), ("PORT", &port.to_string()), ("LOG_LEVEL", "error")])
            .envs([("ADMIN_USERNAME", "admin"), ("ADMIN_PASSWORD", FIRST_PASSWORD)])
            .envs([("RATE_LIMIT_MAX_REQUESTS", "1000000")])
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self { child, address: format!("127.0.0.1:{port}") };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(&process.address).is_err() {
            assert!(Instant::now() < deadline, "the server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        process
    }

    /// The first superadmin, signed in.
    pub async fn admin(&self) -> Client {
        self.sign_in("admin", FIRST_PASSWORD).await
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Client {
        let login =
            LoginRequest { username: username.into(), password: password.into(), otp: None };
        Client::new(&format!("http://{}", self.address)).signed_in(&login).await
    }

    /// The memory that the process has, in bytes.
    pub fn memory(&self) -> usize {
        self.status("VmRSS:")
    }

    /// The most memory that the process had since [`Process::forget_peak`], in bytes.
    pub fn peak(&self) -> usize {
        self.status("VmHWM:")
    }

    /// The peak counts from now on.
    pub fn forget_peak(&self) {
        let file = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(file, "5").unwrap();
    }

    fn status(&self, name: &str) -> usize {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// SIGKILL: nothing that it is doing comes to its end.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
