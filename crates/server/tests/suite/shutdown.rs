//! The real server as a process: told to stop, and out of file descriptors.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use shared::session::{LoginRequest, TicketResponse};
use tempfile::TempDir;

use crate::harness::{Client, PASSWORD};
use crate::live_events::Socket;

/// Longest that a start, or anything else that has no limit of its own, is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
const SOCKETS: usize = 200;
/// How a server that stops says so.
const GOING_AWAY: u16 = 1001;

/// A running process on a database of its own. It is killed when it is dropped.
struct Process {
    child: Child,
    base: String,
    address: String,
    _dir: TempDir,
}

impl Process {
    /// Starts it with at most so many open files.
    fn start(files: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let limited = format!("ulimit -n {files} && exec \"$0\" serve");
        let child = Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_isp-server")])
            .current_dir(dir.path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("DATABASE_URL", format!("sqlite://{}", dir.path().join("isp.db").display()))
            .env("UPLOADS_URL", dir.path().join("uploads"))
            .env("PORT", port.to_string())
            .env("ADMIN_USERNAME", "pemilik")
            .env("ADMIN_PASSWORD", PASSWORD)
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000")
            .env("LOG_LEVEL", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = format!("127.0.0.1:{port}");
        let process =
            Self { child, base: format!("http://{address}"), address: address.clone(), _dir: dir };
        let deadline = Instant::now() + PATIENCE;
        // It listens before it is ready.
        let ready = || Self::ask(&mut TcpStream::connect(&address)?);
        while !ready().is_ok_and(|status| status == "204") {
            assert!(Instant::now() < deadline, "the server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    async fn sign_in(&self) -> Client {
        let login =
            LoginRequest { username: "pemilik".into(), password: PASSWORD.into(), otp: None };
        Client::new(&self.base).signed_in(&login).await
    }

    /// SIGTERM.
    fn terminate(&self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// Processor time that it has used.
    fn busy(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // proc(5): user and system time are the 14th and 15th field, counted after the name.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// The status of a request over this connection.
    fn ask(stream: &mut TcpStream) -> std::io::Result<String> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            answer.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&answer[9..12]).into_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_many_connections_stops_within_seconds() {
    let mut process = Process::start(2_048);
    let owner = process.sign_in().await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let mut socket = Socket::open(&owner, None).await;
        socket.until_ready().await;
        sockets.push(socket);
    }
    // One that never reads, one that never ends its request, one that idles.
    let ticket: TicketResponse = owner.post("/ws/ticket", &()).await;
    let mut deaf = TcpStream::connect(&process.address).unwrap();
    let request = format!(
        "GET /api/ws?ticket={} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ticket.ticket
    );
    deaf.write_all(request.as_bytes()).unwrap();
    let mut endless = TcpStream::connect(&process.address).unwrap();
    endless
        .write_all(b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        .unwrap();
    let idle = TcpStream::connect(&process.address).unwrap();
    let begun = Instant::now();
    process.terminate();
    let ends = futures_util::future::join_all(sockets.iter_mut().map(Socket::end)).await;
    assert!(ends.iter().all(|end| *end == Some(GOING_AWAY)), "{ends:?}");
    let told = begun.elapsed();
    let status = loop {
        if let Some(status) = process.child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not stop");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let gone = begun.elapsed();
    eprintln!(
        "{SOCKETS} connections were told after {told:?}, the process was gone after {gone:?}"
    );
    assert!(status.success(), "{status}");
    // Within five seconds where nothing else is done, which is three for requests under way and a look
    // once a second; twenty was what it took before.
    assert!(gone < Duration::from_secs(12), "{gone:?}");
    drop((deaf, endless, idle));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_recovers_from_file_descriptor_exhaustion() {
    let process = Process::start(128);
    let mut early = TcpStream::connect(&process.address).unwrap();
    assert_eq!(Process::ask(&mut early).unwrap(), "204");
    let mut crowd = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(&process.address).unwrap();
        // A request that has begun: idle ones are closed sooner.
        stream
            .write_all(
                b"POST /api/auth/logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
            )
            .unwrap();
        crowd.push(stream);
    }
    let deadline = Instant::now() + PATIENCE;
    // Whoever is connected already is told.
    while Process::ask(&mut early).unwrap() != "503" {
        assert!(Instant::now() < deadline, "there are files left");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (before, begun) = (process.busy(), Instant::now());
    std::thread::sleep(Duration::from_secs(1));
    let (busy, passed) = (process.busy() - before, begun.elapsed());
    assert!(busy < passed / 2, "{busy:?} of {passed:?} for nothing");
    drop(crowd);
    loop {
        let mut late = TcpStream::connect(&process.address).unwrap();
        if Process::ask(&mut late).is_ok_and(|status| status == "204") {
            break;
        }
        assert!(Instant::now() < deadline, "it does not recover");
    }
}
