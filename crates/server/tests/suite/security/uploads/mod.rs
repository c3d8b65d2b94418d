//! Hostile uploads.

mod archives;
mod forms;
mod image_bytes;
mod images;
mod memory;
mod spreadsheet_bombs;
mod workbook_formats;

use reqwest::{Method, Response};
use shared::JobId;

use crate::harness::{Client, TestApp};
use crate::photos::files;

const BOUNDARY: &str = "batas-antar-bagian";

/// Sends these raw bytes as a form.
async fn send(by: &Client, job: JobId, body: Vec<u8>) -> Response {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    send_as(by, job, &kind, body).await
}

async fn send_as(by: &Client, job: JobId, content_type: &str, body: Vec<u8>) -> Response {
    let request = by.request(Method::POST, &format!("/jobs/{job}/photos"));
    request.header("Content-Type", content_type).body(body).send().await.unwrap()
}

/// Builds a part of a form with these parameters of `form-data`.
fn part(disposition: &[u8], content: &[u8]) -> Vec<u8> {
    [
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; ").as_bytes(),
        disposition,
        b"\r\nContent-Type: image/jpeg\r\n\r\n",
        content,
        b"\r\n",
    ]
    .concat()
}

fn kind_part() -> Vec<u8> {
    part(b"name=\"kind\"", b"after")
}

fn end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

/// Checks that the upload folder has this many files with generated names, and that nothing was
/// written anywhere else.
fn nothing_but(app: &TestApp, expected: usize) {
    let files = files(app);
    assert_eq!(files.len(), expected, "{files:?}");
    for file in &files {
        let name = file.strip_suffix(".thumb.jpg").or(file.strip_suffix(".jpg"));
        let hex = |name: &str| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
        assert!(name.is_some_and(hex), "{file}");
    }
    for entry in std::fs::read_dir(app.dir.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = name == "uploads" || name.starts_with("isp.db");
        assert!(known, "{name} beside the upload folder");
    }
}
