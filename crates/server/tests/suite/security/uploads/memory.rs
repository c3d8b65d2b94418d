//! How much memory and time an upload takes from the server, which for this is a process of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use shared::customer::Customer;

use super::{bodies, spreadsheets};
use crate::harness::server_process::Process;
use crate::harness::{Client, customer_input};

const MEGABYTE: usize = 1024 * 1024;
/// Less than one of the files that are sent, and enough for one of the largest size that is taken (10 MB)
/// while its buffer grows.
const MOST_GROWTH: usize = 40 * MEGABYTE;
/// What any upload may take on top of what the server has when it does nothing.
const MOST_FOR_ONE: usize = 200 * MEGABYTE;
/// What it may leave behind.
const MOST_AFTERWARDS: usize = 40 * MEGABYTE;
/// Longest that any upload may take: ten seconds of an optimised build on a machine with nothing else
/// to do.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 90 } else { 10 });

/// Sends a form with a file of so many megabytes, as fast as the server takes it, and gives the
/// head of the answer.
fn upload(server: &Process, token: &str, megabytes: usize) -> String {
    let head = "--batas-bagian\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n";
    let end = "\r\n--batas-bagian--\r\n";
    let length = head.len() + megabytes * MEGABYTE + end.len();
    let mut stream = TcpStream::connect(&server.address).unwrap();
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

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_fifty_megabyte_upload_is_rejected_without_buffering() {
    let dir = tempfile::tempdir().unwrap();
    let server = Process::start(dir.path(), &[]);
    let token = server.admin().await.token.unwrap();
    let before = server.peak();
    for _ in 0..3 {
        let answer = upload(&server, &token, 50);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
    let growth = server.peak() - before;
    assert!(growth < MOST_GROWTH, "{} MB more", growth / MEGABYTE);
}

/// On a connection of its own: an old one may have been closed meanwhile.
async fn send(admin: &Client, file: Vec<u8>) -> (StatusCode, String) {
    let mut by = Client::new(&admin.base);
    by.token.clone_from(&admin.token);
    let answer = by.upload("/customers/import?dry_run=true", "a.xlsx", file, &[]).await;
    (answer.status(), answer.text().await.unwrap())
}

/// Waits until the server has given back what it took.
async fn settled(server: &Process, idle: usize) -> usize {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let left = server.memory().saturating_sub(idle);
        if left <= MOST_AFTERWARDS || Instant::now() > deadline {
            return left;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn spreadsheets_are_bounded_in_memory_and_time() {
    let dir = tempfile::tempdir().unwrap();
    let server = Process::start(dir.path(), &[]);
    let admin = server.admin().await;
    let idle = server.memory();
    for hostile in spreadsheets::all() {
        let (name, size) = (hostile.name, hostile.file.len() / 1024);
        server.forget_peak();
        let begin = Instant::now();
        let (status, body) = send(&admin, hostile.file).await;
        let took = begin.elapsed();
        let (peak, left) = (server.peak().saturating_sub(idle), settled(&server, idle).await);
        println!(
            "{name}: {size} KB, {status}, {took:?}, {} MB at the peak, {} MB afterwards",
            peak / MEGABYTE,
            left / MEGABYTE
        );
        assert_eq!(status.as_u16(), hostile.status, "{name}: {body:.300}");
        assert!(body.contains(hostile.says), "{name}: {body:.300}");
        assert!(peak <= MOST_FOR_ONE, "{name}: {} MB at the peak", peak / MEGABYTE);
        assert!(left <= MOST_AFTERWARDS, "{name}: {} MB afterwards", left / MEGABYTE);
        assert!(took <= LONGEST, "{name}: {took:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn images_are_bounded_in_memory_and_time() {
    // One of the largest size takes minutes to decode without optimisation.
    let edge = if cfg!(debug_assertions) { 1_200 } else { 7_000 };
    let pictures = [
        ("grey", bodies::grey_jpeg(edge, edge, false), 200),
        ("grey in several passes", bodies::grey_jpeg(7_000, 7_000, true), 422),
        ("WebP of 5000 × 5000", bodies::webp_that_claims(5_000, 5_000), 422),
    ];
    let dir = tempfile::tempdir().unwrap();
    let server = Process::start(dir.path(), &[]);
    let admin = server.admin().await;
    let customer: Customer = admin.post("/customers", &customer_input("Siti")).await;
    let idle = server.memory();
    for (name, file, expected) in pictures {
        server.forget_peak();
        let begin = Instant::now();
        let path = format!("/customers/{}/identity-photo", customer.id);
        let answer = admin.send_file(Method::PUT, &path, "foto", file, &[]).await;
        let took = begin.elapsed();
        let (peak, left) = (server.peak().saturating_sub(idle), settled(&server, idle).await);
        println!("{name}: {took:?}, {peak} bytes at the peak, {left} bytes afterwards");
        assert_eq!(answer.status(), expected, "{name}: {}", answer.text().await.unwrap());
        assert!(peak <= MOST_FOR_ONE, "{name}: {} MB at the peak", peak / MEGABYTE);
        assert!(left <= MOST_AFTERWARDS, "{name}: {} MB afterwards", left / MEGABYTE);
        assert!(took <= LONGEST, "{name}: {took:?}");
    }
}
