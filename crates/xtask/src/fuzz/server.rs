//! The fuzzed server: a process with demo data in a temporary folder.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::process::{Failure, Result, command, fail};

/// Password of all demo users.
const PASSWORD: &str = "Coba-Demo-123";
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running server in a temporary folder. Both are removed when it is dropped.
pub struct FuzzServer {
    process: Child,
    port: u16,
    folder: PathBuf,
    token: String,
}

impl FuzzServer {
    /// Starts the binary with a new demo database and signs in.
    pub fn start(binary: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("isp-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(folder.join("server.log"))?;
        let process = command(binary)
            .args(["serve", "--demo"])
            .current_dir(&folder)
            .envs([("HOST", "127.0.0.1"), ("PORT", &port.to_string())])
            .env("APP_ENV", "test")
            .env("DATABASE_URL", format!("sqlite://{}", folder.join("isp.db").display()))
            .env("UPLOADS_URL", folder.join("uploads"))
            .env("LOG_DIR", "")
            .env("LOG_LEVEL", "warn")
            .env("JWT_EXPIRES_IN", "12h")
            .env("RATE_LIMIT_MAX_REQUESTS", "100000000")
            .envs([("TELEGRAM_BOT_TOKEN", ""), ("WHATSAPP_TOKEN", "")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| Failure::new(format!("{}: {error}", binary.display())))?;
        let mut server = Self { process, port, folder, token: String::new() };
        server.wait_until_ready()?;
        server.token = server.sign_in()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result {
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                return fail(format!("the server ended at once ({status})"));
            }
            if self.send("GET", "/health/ready", None, "").is_ok_and(|answer| answer.status == 204)
            {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        fail("the server was not ready in time")
    }

    fn sign_in(&self) -> Result<String> {
        let login = format!(r#"{{"username":"superadmin","password":"{PASSWORD}"}}"#);
        let answer = self.send("POST", "/api/auth/login", None, &login)?;
        let token = answer.body.split(r#""access_token":""#).nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        token.map(str::to_owned).ok_or_else(|| {
            Failure::new(format!("the demo login was answered with {}", answer.status))
        })
    }

    /// The access token of a superadmin.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The server's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the URL of a path of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Checks after the requests that the server responds, that nothing panicked, and that the access token
    /// is still valid, so that the requests were not merely rejected as unauthenticated.
    pub fn check_health(&self) -> Result {
        // This needs a role and a user without pending tasks such as a password change.
        let answer = self.send("GET", "/api/users?limit=1", Some(&self.token), "")?;
        if answer.status != 200 {
            return fail(format!("the sign-in of the requests was lost ({})", answer.status));
        }
        let log = fs::read_to_string(self.folder.join("server.log"))?;
        match log.lines().find(|line| line.contains("panicked at")) {
            Some(line) => fail(line),
            None => Ok(()),
        }
    }

    /// Moves the log out of the temporary folder and returns its path.
    pub fn preserve_log(&self) -> PathBuf {
        let kept = self.folder.with_extension("log");
        // The failure is reported even without the log.
        let _ = fs::rename(self.folder.join("server.log"), &kept);
        kept
    }

    fn send(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Result<Response> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let login = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            login.unwrap_or_default(),
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| Failure::new(format!("no answer to {path}")))?;
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        Ok(Response { status, body: body.unwrap_or_default() })
    }
}

struct Response {
    status: u16,
    body: String,
}

impl Drop for FuzzServer {
    fn drop(&mut self) {
        // It may have ended by itself, and a leftover folder does no harm.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
