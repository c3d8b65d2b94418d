//! Graceful shutdown and file descriptor exhaustion of the server process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use shared::session::TicketResponse;

use crate::harness::server_process::ServerSetup;
use crate::harness::temp_dir;
use crate::live_events::Socket;

/// Longest wait for anything without a limit of its own.
const PATIENCE: Duration = Duration::from_secs(60);
const SOCKETS: usize = 200;
/// WebSocket close code of a server that stops.
const GOING_AWAY: u16 = 1001;

/// Sends `GET /health/ready` over this connection and returns the status.
fn ready_status(stream: &mut TcpStream) -> std::io::Result<String> {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_many_connections_stops_within_seconds() {
    let dir = temp_dir();
    let mut process = ServerSetup::sqlite(dir.path()).with_open_files(2_048).start().await;
    let owner = process.owner().await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let mut socket = Socket::open(&owner, None).await;
        socket.wait_until_ready().await;
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
    process.signal("-TERM");
    let ends = futures_util::future::join_all(sockets.iter_mut().map(Socket::end)).await;
    assert!(ends.iter().all(|end| *end == Some(GOING_AWAY)), "{ends:?}");
    let closed_after = begun.elapsed();
    let status = loop {
        if let Some(status) = process.exit_status() {
            break status;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not stop");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let stopped_after = begun.elapsed();
    eprintln!(
        "{SOCKETS} connections were closed after {closed_after:?}, the process had stopped after {stopped_after:?}"
    );
    assert!(status.success(), "{status}");
    // About five seconds on an idle machine: three for running requests and a check once a second.
    // The limit leaves room for a busy machine.
    assert!(stopped_after < Duration::from_secs(12), "{stopped_after:?}");
    drop((deaf, endless, idle));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_recovers_from_file_descriptor_exhaustion() {
    let dir = temp_dir();
    let process = ServerSetup::sqlite(dir.path()).with_open_files(128).start().await;
    process.wait_for_readiness(204).await;
    let mut early = TcpStream::connect(&process.address).unwrap();
    assert_eq!(ready_status(&mut early).unwrap(), "204");
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
    // Existing connections still get a response.
    while ready_status(&mut early).unwrap() != "503" {
        assert!(Instant::now() < deadline, "there are free file descriptors");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (before, begun) = (process.processor_time(), Instant::now());
    std::thread::sleep(Duration::from_secs(1));
    let (busy, passed) = (process.processor_time() - before, begun.elapsed());
    assert!(busy < passed / 2, "{busy:?} of {passed:?} without work");
    drop(crowd);
    loop {
        let mut late = TcpStream::connect(&process.address).unwrap();
        if ready_status(&mut late).is_ok_and(|status| status == "204") {
            break;
        }
        assert!(Instant::now() < deadline, "it does not recover");
    }
}
