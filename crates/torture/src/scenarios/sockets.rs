//! Trials with WebSockets: clients that never read, and a stop with many open connections.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::{Server, ServerSetup};
use crate::{Result, Trial};

/// Number of clients that never read.
const SILENT_CLIENTS: usize = 20;
/// Changes whose events are sent to them.
const CHANGES: u64 = 4_000;
/// Open sockets when the server is stopped.
const OPEN_SOCKETS: usize = 3_000;
/// Longest duration of the stop.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Opens a WebSocket on a raw connection and reads only the head of the response.
async fn open_websocket(server: &Server, path: &str) -> Result<TcpStream> {
    let failed = |error: std::io::Error| error.to_string();
    let address = server.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.map_err(failed)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut head = [0_u8; 64];
    let read = stream.read(&mut head).await.map_err(failed)?;
    if !head[..read].starts_with(b"HTTP/1.1 101") {
        return Err(format!("no live connection: {}", String::from_utf8_lossy(&head[..read])));
    }
    Ok(stream)
}

/// Counts the server's open file descriptors.
fn open_descriptors(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.id())).map_or(0, Iterator::count)
}

pub async fn slow_readers(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = drop_silent_clients(trial).await;
    trial.report.add("live connections that never read", begun, seen);
}

async fn drop_silent_clients(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = ServerSetup::sqlite(&trial.server_bin, folder.path()).start().await?;
    let client = server.owner().await?;
    let before = open_descriptors(&server);
    let mut streams = Vec::new();
    for _ in 0..SILENT_CLIENTS {
        streams.push(open_websocket(&server, &client.live_path().await?).await?);
    }
    for number in 0..CHANGES {
        client.add_customer("Siti", number).await.map_err(|failure| format!("{failure:?}"))?;
    }
    let begun = Instant::now();
    while open_descriptors(&server) > before + SILENT_CLIENTS / 4 {
        if begun.elapsed() > Duration::from_secs(120) {
            let left = open_descriptors(&server) - before;
            return Err(format!("{left} of {SILENT_CLIENTS} are still connected"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(format!(
        "{SILENT_CLIENTS} dropped {:.0} s after {CHANGES} changes",
        begun.elapsed().as_secs_f64()
    ))
}

pub async fn stop_with_many(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = stop_in_time(trial).await;
    trial.report.add("SIGTERM with many live connections", begun, seen);
}

async fn stop_in_time(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = ServerSetup::sqlite(&trial.server_bin, folder.path()).start().await?;
    let client = server.owner().await?;
    let mut streams = Vec::new();
    for _ in 0..OPEN_SOCKETS {
        streams.push(open_websocket(&server, &client.live_path().await?).await?);
    }
    let (status, took) = server.stop()?;
    if !status.success() || took > STOP_LIMIT {
        return Err(format!("{status} after {:.1} s", took.as_secs_f64()));
    }
    Ok(format!("{OPEN_SOCKETS} connections, ended after {:.1} s", took.as_secs_f64()))
}
