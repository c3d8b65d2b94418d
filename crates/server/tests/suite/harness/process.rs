//! The server's binary as a process of its own, whose memory can be measured and which can be killed.

use std::path::Path;

use server_process::ServerProcess;
use shared::session::LoginRequest;

use super::Client;

/// Password of the first superadmin of a server with an empty database.
const FIRST_PASSWORD: &str = "Rahasia-Sekali-1";

/// A running process. It is killed when it is dropped.
pub struct Process {
    process: ServerProcess,
    /// Host and port.
    pub address: String,
}

impl Process {
    /// Starts it in this folder and waits until it answers.
    pub fn start(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_isp-server"));
        let mut command = server_process::command(program, folder);
        command
            .env("LOG_LEVEL", "error")
            .envs([("ADMIN_USERNAME", "admin"), ("ADMIN_PASSWORD", FIRST_PASSWORD)])
            .envs(variables.iter().copied());
        let process = ServerProcess::start(command).unwrap();
        Self { address: process.address(), process }
    }

    /// The first superadmin, signed in.
    pub async fn admin(&self) -> Client {
        self.sign_in("admin", FIRST_PASSWORD).await
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Client {
        let login =
            LoginRequest { username: username.into(), password: password.into(), otp: None };
        Client::new(&self.process.base_url()).signed_in(&login).await
    }

    /// The memory that the process has, in bytes.
    pub fn memory(&self) -> usize {
        self.bytes("VmRSS:")
    }

    /// The most memory that the process had since [`Process::forget_peak`], in bytes.
    pub fn peak(&self) -> usize {
        self.bytes("VmHWM:")
    }

    /// The peak counts from now on.
    pub fn forget_peak(&self) {
        let file = format!("/proc/{}/clear_refs", self.process.id());
        std::fs::write(file, "5").unwrap();
    }

    fn bytes(&self, name: &str) -> usize {
        usize::try_from(self.process.memory(name).unwrap()).unwrap()
    }

    /// SIGKILL: nothing that it is doing comes to its end.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}
