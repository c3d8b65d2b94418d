//! How much memory a large upload takes from the server, which for this is a process of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use shared::auth::LoginResponse;

const PASSWORD: &str = "Rahasia-Sekali-1";
const MEGABYTE: usize = 1024 * 1024;
/// Less than one of the files that are sent, and enough for one of the largest size that is taken (10 MB)
/// while its buffer grows.
const MOST_GROWTH: usize = 40 * MEGABYTE;

/// The server's binary.
struct Server {
    process: Child,
    address: String,
    _dir: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(env!("CARGO_BIN_EXE_isp-server"))
            .current_dir(dir.path())
            .env_clear()
            .envs([("HOST", "127.0.0.1"), ("PORT", &port.to_string()), ("LOG_LEVEL", "error")])
            .envs([("ADMIN_USERNAME", "admin"), ("ADMIN_PASSWORD", PASSWORD)])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, address: format!("127.0.0.1:{port}"), _dir: dir };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(&server.address).is_err() {
            assert!(Instant::now() < deadline, "the server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The most memory that the process ever had, in bytes.
    fn peak(&self) -> usize {
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    async fn token(&self) -> String {
        let login = serde_json::json!({ "username": "admin", "password": PASSWORD });
        let address = format!("http://{}/api/auth/login", self.address);
        let answer = reqwest::Client::new().post(address).json(&login).send().await.unwrap();
        answer.json::<LoginResponse>().await.unwrap().access_token
    }

    /// Sends a form with a file of so many megabytes, as fast as the server takes it, and gives
    /// the head of the answer.
    fn upload(&self, token: &str, megabytes: usize) -> String {
        let head = "--batas-bagian\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n";
        let end = "\r\n--batas-bagian--\r\n";
        let length = head.len() + megabytes * MEGABYTE + end.len();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(
            stream,
            "POST /api/customers/import?dry_run=true HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=batas-bagian\r\nContent-Length: {length}\r\n\r\n{head}"
        )
        .unwrap();
        let chunk = vec![b'a'; MEGABYTE];
        for _ in 0..megabytes {
            stream.write_all(&chunk).unwrap();
        }
        stream.write_all(end.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn fifty_megabytes_are_refused_without_being_held_in_memory() {
    let server = Server::start();
    let token = server.token().await;
    let before = server.peak();
    for _ in 0..3 {
        let answer = server.upload(&token, 50);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
    let growth = server.peak() - before;
    assert!(growth < MOST_GROWTH, "{} MB more", growth / MEGABYTE);
}
