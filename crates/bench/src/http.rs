//! Minimal HTTP/1.1 client. A lean client leaves more of the processor to the measured servers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Result;

/// The head of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseHead {
    pub status: u16,
    /// Length of the head in bytes.
    pub length: usize,
    /// Length of the body in bytes.
    pub body: usize,
}

/// Parses the head; `None` while it is incomplete.
///
/// # Errors
/// The bytes are not a response with a length.
pub fn parse_head(bytes: &[u8]) -> Result<Option<ResponseHead>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end]).map_err(|_| "a head that is no text")?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status: u16 = status.ok_or_else(|| format!("no answer: {text}"))?;
    let mut body = (status == 204 || status == 304).then_some(0);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = value.trim().parse().ok();
        }
    }
    let body = body.ok_or_else(|| format!("an answer without a length: {text}"))?;
    Ok(Some(ResponseHead { status, length: end + 4, body }))
}

/// A response with its body.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Response {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a GET for one path on this connection.
///
/// # Errors
/// The connection breaks or the response can not be parsed.
pub fn get(stream: TcpStream, path: &str) -> Result<Response> {
    exchange(stream, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
}

/// Sends one request on a new connection.
///
/// # Errors
/// The connection breaks or the response can not be parsed.
pub fn send(address: SocketAddr, request: &str) -> Result<Response> {
    let stream = TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
    exchange(stream, request)
}

fn exchange(stream: TcpStream, request: &str) -> Result<Response> {
    exchange_within(stream, request.as_bytes(), Duration::from_secs(30))
}

/// Sends one request on this connection and waits so long for each part of the response.
///
/// # Errors
/// The connection breaks or the response can not be parsed.
pub fn exchange_within(
    mut stream: TcpStream,
    request: &[u8],
    timeout: Duration,
) -> Result<Response> {
    let broken = |error: std::io::Error| format!("connection: {error}");
    stream.set_read_timeout(Some(timeout)).map_err(broken)?;
    stream.write_all(request).map_err(broken)?;
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    loop {
        if let Some(head) = parse_head(&bytes)?
            && bytes.len() >= head.length + head.body
        {
            let body = bytes.split_off(head.length);
            return Ok(Response { status: head.status, body });
        }
        match stream.read(&mut chunk).map_err(broken)? {
            0 => return Err("the connection ended early".into()),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_gives_status_and_lengths() {
        let bytes = b"HTTP/1.1 201 Created\r\ncontent-length: 5\r\nx: y\r\n\r\nhello";
        assert_eq!(
            parse_head(bytes).unwrap(),
            Some(ResponseHead { status: 201, length: 49, body: 5 })
        );
        assert_eq!(parse_head(&bytes[..30]).unwrap(), None);
    }

    #[test]
    fn a_response_without_a_length_is_rejected() {
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
