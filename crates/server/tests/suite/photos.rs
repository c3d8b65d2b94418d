//! Photos of a job.

use std::io::Cursor;
use std::time::Duration;

use reqwest::Method;
use sha2::{Digest, Sha256};
use shared::job::JobType;
use shared::photo::Photo;
use shared::{ErrorCode, JobId, Page, Role};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::client::{expect_problem, expect_success, field_error};
use crate::harness::{
    Client, TestApp, assign_job, create_job, create_technician, sample_jpeg, start_work,
    upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    a_photo_becomes_a_clean_jpeg_with_time_and_location_as_data,
    png_and_webp_are_detected_by_content,
    a_text_file_named_jpg_is_rejected,
    a_fifty_megabyte_upload_is_rejected_and_leaves_no_file,
    a_photo_needs_a_kind_and_a_file,
    photos_require_access_to_their_job,
    a_repeated_upload_is_stored_once,
    a_closed_job_accepts_no_photo,
    an_upload_to_a_closed_job_is_rejected_before_its_body_is_sent,
    an_upload_for_an_unknown_identity_card_holder_is_rejected_before_its_body_is_sent,
    a_rejected_transaction_leaves_no_file,
);

/// Creates a technician with a job in progress.
pub async fn working_job(app: &TestApp) -> (Client, JobId) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    start_work(&budi.client, id).await;
    (budi.client, id)
}

fn path(id: JobId) -> String {
    format!("/jobs/{id}/photos")
}

/// Builds a JPEG with the metadata of a phone: rotated by 90°, taken at 10:15 in Yogyakarta.
pub fn jpeg_of_a_phone() -> Vec<u8> {
    let exif = exif_block();
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&sample_jpeg()[2..]);
    bytes
}

/// Builds an EXIF block: "Exif" and a little-endian TIFF with orientation 6, a date and a GPS directory.
pub fn exif_block() -> Vec<u8> {
    let mut tiff: Vec<u8> = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = Vec::new();
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    let (first, exif_ifd, gps_ifd, data) = (8u32, 50u32, 68u32, 122u32);
    assert_eq!(tiff.len() as u32, first);
    tiff.extend(3u16.to_le_bytes());
    tiff.extend(entry(0x0112, 3, 1, 6));
    tiff.extend(entry(0x8769, 4, 1, exif_ifd));
    tiff.extend(entry(0x8825, 4, 1, gps_ifd));
    tiff.extend(0u32.to_le_bytes());
    assert_eq!(tiff.len() as u32, exif_ifd);
    tiff.extend(1u16.to_le_bytes());
    tiff.extend(entry(0x9003, 2, 20, data));
    tiff.extend(0u32.to_le_bytes());
    assert_eq!(tiff.len() as u32, gps_ifd);
    tiff.extend(4u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, u32::from(b'S')));
    tiff.extend(entry(2, 5, 3, data + 20));
    tiff.extend(entry(3, 2, 2, u32::from(b'E')));
    tiff.extend(entry(4, 5, 3, data + 44));
    tiff.extend(0u32.to_le_bytes());
    assert_eq!(tiff.len() as u32, data);
    tiff.extend(b"2026:11:23 10:15:00\0");
    for (number, of) in [(7u32, 1u32), (42, 1), (3600, 100), (110, 1), (24, 1), (2700, 100)] {
        tiff.extend(number.to_le_bytes());
        tiff.extend(of.to_le_bytes());
    }
    [b"Exif\0\0".to_vec(), tiff].concat()
}

async fn a_photo_becomes_a_clean_jpeg_with_time_and_location_as_data(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let sent = jpeg_of_a_phone();
    let photo: Photo =
        expect_success(budi.upload(&path(id), "IMG 1.jpg", sent, &[("kind", "before")]).await)
            .await;
    // 64 × 48 lying on its side.
    assert_eq!((photo.width, photo.height), (48, 64));
    assert_eq!(photo.taken_at.unwrap().to_rfc3339(), "2026-11-23T03:15:00+00:00");
    assert!((photo.latitude.unwrap() + 7.71).abs() < 1e-9, "{:?}", photo.latitude);
    assert!((photo.longitude.unwrap() - 110.4075).abs() < 1e-9, "{:?}", photo.longitude);
    for url in [&photo.url, &photo.thumbnail_url] {
        let response =
            budi.request(Method::GET, url.strip_prefix("/api").unwrap()).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/jpeg");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let bytes = response.bytes().await.unwrap();
        assert!(image::load_from_memory(&bytes).is_ok());
        assert!(!bytes.windows(4).any(|window| window == b"Exif"), "metadata in {url}");
        if url == &photo.url {
            let hash: String =
                Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, photo.sha256);
        }
    }
    let listed: Page<Photo> = budi.get(&path(id)).await;
    assert_eq!(listed.items, [photo]);
}

async fn png_and_webp_are_detected_by_content(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    for format in [image::ImageFormat::Png, image::ImageFormat::WebP] {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::new_rgba8(20, 10).write_to(&mut bytes, format).unwrap();
        let answer = budi
            .upload(&path(id), "../../etc/x.txt", bytes.into_inner(), &[("kind", "device")])
            .await;
        let photo: Photo = expect_success(answer).await;
        assert_eq!((photo.width, photo.height), (20, 10), "{format:?}");
    }
    for file in files(&app) {
        assert!(file.ends_with(".jpg"), "{file}");
    }
}

/// Lists the names of all files below the upload folder.
pub fn files(app: &TestApp) -> Vec<String> {
    let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    app.photo_files().iter().map(name).collect()
}

async fn a_text_file_named_jpg_is_rejected(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let text = b"ini bukan foto".to_vec();
    let problem =
        expect_problem(budi.upload(&path(id), "foto.jpg", text, &[("kind", "after")]).await).await;
    assert_eq!((problem.status, problem.code), (415, ErrorCode::UnsupportedMediaType));
    let half = sample_jpeg()[..200].to_vec();
    let problem =
        expect_problem(budi.upload(&path(id), "foto.jpg", half, &[("kind", "after")]).await).await;
    assert_eq!(field_error(&problem, "file"), ErrorCode::ImageIncomplete);
    assert!(files(&app).is_empty());
}

async fn a_fifty_megabyte_upload_is_rejected_and_leaves_no_file(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let mut huge = sample_jpeg();
    huge.resize(50 * 1024 * 1024, 0);
    let problem =
        expect_problem(budi.upload(&path(id), "foto.jpg", huge, &[("kind", "after")]).await).await;
    assert_eq!((problem.status, problem.code), (413, ErrorCode::PayloadTooLarge));
    assert!(problem.detail.contains("40 MB"), "{}", problem.detail);
    assert!(files(&app).is_empty());
    let listed: Page<Photo> = budi.get(&path(id)).await;
    assert!(listed.items.is_empty());
}

async fn a_photo_needs_a_kind_and_a_file(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let problem =
        expect_problem(budi.upload(&path(id), "foto.jpg", sample_jpeg(), &[]).await).await;
    assert_eq!(field_error(&problem, "kind"), ErrorCode::Required);
    let problem = expect_problem(
        budi.upload(&path(id), "foto.jpg", sample_jpeg(), &[("kind", "selfie")]).await,
    )
    .await;
    assert_eq!(field_error(&problem, "kind"), ErrorCode::WrongType);
    let form = reqwest::multipart::Form::new().text("kind", "after");
    let request = budi.request(Method::POST, &path(id)).multipart(form);
    let problem = expect_problem(request.send().await.unwrap()).await;
    assert_eq!(field_error(&problem, "file"), ErrorCode::Required);
}

async fn photos_require_access_to_their_job(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let taken = upload_photo(&budi, id).await;
    let admin = app.sign_in_as(Role::Admin).await;
    let agus = create_technician(&app, &admin, "Agus").await;
    for url in [&taken.url, &taken.thumbnail_url] {
        let url = url.strip_prefix("/api").unwrap();
        assert_eq!(app.anonymous().get_refused(url).await.code, ErrorCode::NotAuthenticated);
        assert_eq!(agus.client.get_refused(url).await.code, ErrorCode::NotFound);
    }
    let answer =
        agus.client.upload(&path(id), "foto.jpg", sample_jpeg(), &[("kind", "after")]).await;
    assert_eq!(expect_problem(answer).await.code, ErrorCode::NotFound);
    let cs = app.sign_in_as(Role::Cs).await;
    let answer = cs.upload(&path(id), "foto.jpg", sample_jpeg(), &[("kind", "after")]).await;
    assert_eq!(expect_problem(answer).await.code, ErrorCode::Forbidden);
}

async fn a_repeated_upload_is_stored_once(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let send = || async {
        let part = reqwest::multipart::Part::bytes(sample_jpeg()).file_name("foto.jpg");
        let form = reqwest::multipart::Form::new().text("kind", "after").part("file", part);
        let request = budi.request(Method::POST, &path(id)).header("Idempotency-Key", "foto-1");
        expect_success::<Photo>(request.multipart(form).send().await.unwrap()).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!(first, second);
    // The photo and its thumbnail.
    assert_eq!(files(&app).len(), 2);
}

/// Creates a technician and a job that he has completed and the office has closed.
async fn closed_job(app: &TestApp) -> (Client, JobId) {
    let (budi, id) = working_job(app).await;
    upload_photo(&budi, id).await;
    let _: shared::job::Job = budi
        .post(&format!("/jobs/{id}/transitions"), &crate::harness::completion_request("Selesai"))
        .await;
    let admin = app.sign_in_as(Role::Admin).await;
    crate::harness::transition(&admin, id, shared::job_state_machine::JobAction::Verify).await;
    (budi, id)
}

async fn a_closed_job_accepts_no_photo(app: TestApp) {
    let (budi, id) = closed_job(&app).await;
    let answer = budi.upload(&path(id), "foto.jpg", sample_jpeg(), &[("kind", "after")]).await;
    assert_eq!(expect_problem(answer).await.code, ErrorCode::JobNotEditable);
}

/// Sends the head of a large upload and the first bytes of its body, and returns the status line of the
/// response.
async fn begin_upload(client: &Client, method: &str, path: &str) -> String {
    let address = client.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = client.token.as_deref().unwrap();
    let start = format!(
        "{method} /api{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=batas-bagian\r\nContent-Length: 9000000\r\n\r\n\
         --batas-bagian\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\n\r\n"
    );
    stream.write_all(start.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer));
    let length = read.await.expect("the server waits for the body").unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    answer.lines().next().unwrap_or_default().to_owned()
}

async fn an_upload_to_a_closed_job_is_rejected_before_its_body_is_sent(app: TestApp) {
    let (budi, id) = closed_job(&app).await;
    let answer = begin_upload(&budi, "POST", &path(id)).await;
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    let answer = begin_upload(&budi, "POST", &path(JobId(id.0 + 1_000))).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

async fn an_upload_for_an_unknown_identity_card_holder_is_rejected_before_its_body_is_sent(
    app: TestApp,
) {
    let admin = app.sign_in_as(Role::Admin).await;
    let answer = begin_upload(&admin, "PUT", "/customers/4711/identity-photo").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

async fn a_rejected_transaction_leaves_no_file(app: TestApp) {
    let (budi, id) = working_job(&app).await;
    let send = |kind: &'static str| {
        let part = reqwest::multipart::Part::bytes(sample_jpeg()).file_name("foto.jpg");
        let form = reqwest::multipart::Form::new().text("kind", kind).part("file", part);
        let request = budi.request(Method::POST, &path(id)).header("Idempotency-Key", "foto-1");
        request.multipart(form).send()
    };
    expect_success::<Photo>(send("before").await.unwrap()).await;
    // The key belongs to another request: the transaction refuses after the files were written.
    expect_problem(send("after").await.unwrap()).await;
    assert_eq!(files(&app).len(), 2);
}
