//! One browser: a ticket, a WebSocket, and the messages on it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hdrhistogram::Histogram;
use shared::live::{LiveEvent, LiveMessage};
use shared::session::TicketResponse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;

use crate::live_load::plan::LivePlan;
use crate::load::{Sample, read_response};
use crate::{Result, requests};

/// The key is an example of RFC 6455; nothing depends on it.
const UPGRADE: &str = "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const TEXT: u8 = 0x81;
const PING: u8 = 0x89;
/// A masked pong; the mask is zero, so the bytes stay as they are.
const PONG: [u8; 2] = [0x8a, 0x80];

/// When the changes arrived.
#[derive(Debug)]
pub struct Delays {
    counting: Cell<bool>,
    /// In microseconds.
    times: RefCell<Histogram<u64>>,
    /// The last message and its time: all browsers get the same text, and parsing it for each of them
    /// would delay the others.
    last: RefCell<(Vec<u8>, Option<DateTime<Utc>>)>,
}

impl Delays {
    /// None has arrived yet.
    pub fn new(times: Histogram<u64>) -> Self {
        Self { counting: Cell::new(false), times: RefCell::new(times), last: RefCell::default() }
    }

    /// From now on arrivals count.
    pub fn start(&self) {
        self.counting.set(true);
    }

    /// The delays of so many arrivals, of changes that were made in this time.
    ///
    /// # Errors
    /// Some are missing.
    pub fn sample(&self, expected: usize, length: Duration) -> Result<Sample> {
        self.counting.set(false);
        let times = self.times.borrow();
        if (times.len() as usize) < expected {
            return Err(format!("only {} of {expected} messages have arrived", times.len()));
        }
        Ok(Sample::of(&times, times.len() as f64 / length.as_secs_f64()))
    }

    fn record(&self, text: &[u8]) {
        if !self.counting.get() {
            return;
        }
        let mut last = self.last.borrow_mut();
        if last.0 != text {
            *last = (text.to_vec(), time_of_change(text));
        }
        if let Some(at) = last.1 {
            let delay = (Utc::now() - at).num_microseconds().unwrap_or_default();
            self.times.borrow_mut().saturating_record(delay.max(1).unsigned_abs());
        }
    }
}

/// The time of a message about a new job.
fn time_of_change(text: &[u8]) -> Option<DateTime<Utc>> {
    let message: LiveMessage = serde_json::from_slice(text).ok()?;
    matches!(message.event, LiveEvent::JobCreated(_)).then_some(message.at)
}

/// An open connection, closed when this value is dropped.
#[derive(Debug)]
pub enum LiveSocket {
    /// A task reads it.
    Read(AbortHandle),
    /// Nobody reads it.
    Ignored { _stream: TcpStream },
}

impl Drop for LiveSocket {
    fn drop(&mut self) {
        if let LiveSocket::Read(task) = self {
            task.abort();
        }
    }
}

impl LiveSocket {
    /// Fetches a ticket and opens a connection, up to the message `ready`.
    pub async fn open(plan: &LivePlan, ignored: bool, delays: &Rc<Delays>) -> Result<Self> {
        let broken = |error: std::io::Error| format!("live connection: {error}");
        let mut stream = TcpStream::connect(plan.address).await.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        let ticket = requests::post("/api/ws/ticket", Some(&plan.token), "");
        stream.write_all(ticket.as_bytes()).await.map_err(broken)?;
        let mut bytes = Vec::new();
        let head = read_response(&mut stream, &mut bytes).await?;
        let ticket: TicketResponse = serde_json::from_slice(&bytes[head.length..])
            .map_err(|_| format!("a ticket was answered with {}", head.status))?;
        let upgrade = format!("GET /api/ws?ticket={} HTTP/1.1\r\n{UPGRADE}", ticket.ticket);
        stream.write_all(upgrade.as_bytes()).await.map_err(broken)?;
        bytes.clear();
        while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            read_more(&mut stream, &mut bytes).await?;
        }
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Err("no answer to an upgrade".into());
        };
        if !bytes.starts_with(b"HTTP/1.1 101") {
            return Err(format!(
                "an upgrade was answered with {}",
                String::from_utf8_lossy(&bytes)
            ));
        }
        bytes.drain(..end + 4);
        if ignored {
            return Ok(LiveSocket::Ignored { _stream: stream });
        }
        let delays = Rc::clone(delays);
        let reading = tokio::task::spawn_local(async move {
            // Ends with the connection; missing messages are noticed by their number.
            let _ = read_messages(stream, bytes, &delays).await;
        });
        Ok(LiveSocket::Read(reading.abort_handle()))
    }
}

async fn read_messages(mut stream: TcpStream, mut bytes: Vec<u8>, delays: &Delays) -> Result {
    loop {
        while let Some((kind, start, end)) = frame(&bytes) {
            match kind {
                TEXT => delays.record(&bytes[start..end]),
                PING => {
                    stream.write_all(&pong(&bytes[start..end])).await.map_err(|e| e.to_string())?
                }
                _ => {}
            }
            bytes.drain(..end);
        }
        read_more(&mut stream, &mut bytes).await?;
    }
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result {
    match stream.read_buf(bytes).await {
        Ok(0) => Err("the connection ended".into()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn pong(question: &[u8]) -> Vec<u8> {
    let length = PONG[1] | (question.len() as u8 & 0x7f);
    [&[PONG[0], length, 0, 0, 0, 0], question].concat()
}

/// The first frame of a server: its first byte, and where its content begins and ends. `None` while it is
/// incomplete.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, length) = (*bytes.first()?, *bytes.get(1)? & 0x7f);
    let (start, length) = match length {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        short => (2, usize::from(short)),
    };
    let end = start + length;
    (bytes.len() >= end).then_some((first, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_short_and_long_lengths() {
        assert_eq!(frame(&[TEXT, 2, b'h', b'i', PING]), Some((TEXT, 2, 4)));
        assert_eq!(frame(&[TEXT, 2, b'h']), None);
        let long = [&[TEXT, 126, 1, 0][..], &[b'x'; 256]].concat();
        assert_eq!(frame(&long), Some((TEXT, 4, 260)));
        assert_eq!(frame(&long[..100]), None);
    }

    #[test]
    fn a_pong_repeats_the_content_of_the_ping() {
        assert_eq!(pong(b"ab"), [0x8a, 0x82, 0, 0, 0, 0, b'a', b'b']);
    }
}
