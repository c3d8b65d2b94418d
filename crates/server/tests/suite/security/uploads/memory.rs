//! Memory and time that an upload costs the server, measured on a process of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use pictures::samples::camera_jpeg;
use reqwest::{Method, StatusCode};
use shared::customer::Customer;

use super::{image_bytes, spreadsheet_bombs};
use crate::harness::server_process::{ServerProcess, ServerSetup};
use crate::harness::{Client, customer_input, temp_dir};

const MEGABYTE: usize = 1024 * 1024;
/// Less than one of the sent files, and enough for a file of the size that this server accepts (10 MB)
/// while its buffer grows.
const MAX_GROWTH: usize = 40 * MEGABYTE;
/// Memory that an upload may use on top of the idle server.
const MAX_PER_UPLOAD: usize = 200 * MEGABYTE;
/// Memory that may stay allocated afterwards.
const MAX_RETAINED: usize = 40 * MEGABYTE;
/// Longest duration of an upload: ten seconds of an optimised build on an idle
/// machine.
const MAX_DURATION: Duration = Duration::from_secs(if cfg!(debug_assertions) { 90 } else { 10 });

/// Sends a form with a file of this many megabytes, as fast as the server reads it. Returns the
/// response.
fn upload(server: &ServerProcess, token: &str, megabytes: usize) -> String {
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
    let dir = temp_dir();
    let setup = ServerSetup::sqlite(dir.path()).with_variable("MAX_FILE_SIZE_MB", "10");
    let server = setup.start().await;
    let token = server.owner().await.token.unwrap();
    let before = server.peak_memory();
    for _ in 0..3 {
        let answer = upload(&server, &token, 50);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
    let growth = server.peak_memory() - before;
    assert!(growth < MAX_GROWTH, "{} MB more", growth / MEGABYTE);
}

/// Uses a new connection, because an old one may have been closed.
async fn send(admin: &Client, file: Vec<u8>) -> (StatusCode, String) {
    let mut by = Client::new(&admin.base);
    by.token.clone_from(&admin.token);
    let answer = by.upload("/customers/import?dry_run=true", "a.xlsx", file, &[]).await;
    (answer.status(), answer.text().await.unwrap())
}

/// Waits until the server has released the memory.
async fn settled(server: &ServerProcess, idle: usize) -> usize {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let left = server.memory().saturating_sub(idle);
        if left <= MAX_RETAINED || Instant::now() > deadline {
            return left;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn spreadsheets_are_bounded_in_memory_and_time() {
    let dir = temp_dir();
    let server = ServerSetup::sqlite(dir.path()).start().await;
    let admin = server.owner().await;
    let idle = server.memory();
    for hostile in spreadsheet_bombs::all() {
        let (name, size) = (hostile.name, hostile.file.len() / 1024);
        server.reset_peak_memory();
        let begin = Instant::now();
        let (status, body) = send(&admin, hostile.file).await;
        let took = begin.elapsed();
        let (peak, left) =
            (server.peak_memory().saturating_sub(idle), settled(&server, idle).await);
        println!(
            "{name}: {size} KB, {status}, {took:?}, {} MB at the peak, {} MB afterwards",
            peak / MEGABYTE,
            left / MEGABYTE
        );
        assert_eq!(status.as_u16(), hostile.status, "{name}: {body:.300}");
        assert!(body.contains(hostile.says), "{name}: {body:.300}");
        assert!(peak <= MAX_PER_UPLOAD, "{name}: {} MB at the peak", peak / MEGABYTE);
        assert!(left <= MAX_RETAINED, "{name}: {} MB afterwards", left / MEGABYTE);
        assert!(took <= MAX_DURATION, "{name}: {took:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn images_are_bounded_in_memory_and_time() {
    let mut of_a_phone = camera_jpeg(16_384, 12_288);
    // The video that phones append to a photo.
    of_a_phone.resize(31 * MEGABYTE, 0x55);
    let pictures = [
        ("200 megapixels of a phone", of_a_phone, 200),
        ("grey", image_bytes::grey_jpeg(7_000, 7_000, false), 200),
        ("grey in several passes", image_bytes::grey_jpeg(7_000, 7_000, true), 422),
        ("WebP of 5000 × 5000", image_bytes::webp_that_claims(5_000, 5_000), 422),
    ];
    let dir = temp_dir();
    let server = ServerSetup::sqlite(dir.path()).start().await;
    let admin = server.owner().await;
    let customer: Customer = admin.post("/customers", &customer_input("Siti")).await;
    let idle = server.memory();
    for (name, file, expected) in pictures {
        server.reset_peak_memory();
        let begin = Instant::now();
        let path = format!("/customers/{}/identity-photo", customer.id);
        let answer = admin.send_file(Method::PUT, &path, "foto", file, &[]).await;
        let took = begin.elapsed();
        let (peak, left) =
            (server.peak_memory().saturating_sub(idle), settled(&server, idle).await);
        println!("{name}: {took:?}, {peak} bytes at the peak, {left} bytes afterwards");
        assert_eq!(answer.status(), expected, "{name}: {}", answer.text().await.unwrap());
        assert!(peak <= MAX_PER_UPLOAD, "{name}: {} MB at the peak", peak / MEGABYTE);
        assert!(left <= MAX_RETAINED, "{name}: {} MB afterwards", left / MEGABYTE);
        assert!(took <= MAX_DURATION, "{name}: {took:?}");
    }
}
