//! Request smuggling: requests with ambiguous lengths.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::harness::{Backend, TestApp};

/// Returns the status of the first response to these raw bytes, and the number of responses.
fn answers(app: &TestApp, request: &str) -> (u16, usize) {
    let mut stream = TcpStream::connect(app.base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.matches("HTTP/1.1 ").count())
}

#[tokio::test]
async fn a_request_with_two_lengths_is_rejected() {
    let app = TestApp::start(Backend::Sqlite).await;
    let smuggled = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let heads = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: +5",
    ];
    for head in heads {
        let request = format!(
            "POST /api/auth/login HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n0\r\n\r\n{smuggled}"
        );
        assert_eq!(answers(&app, &request), (400, 1), "{head}");
    }
}
