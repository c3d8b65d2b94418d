//! Image uploads: metadata, hostile content, animations.

use reqwest::Method;
use shared::photo::Photo;
use shared::{ErrorCode, Problem};

use super::{image_bytes, nothing_but};
use crate::harness::client::expect_success;
use crate::harness::{Client, TestApp, sample_jpeg};
use crate::on_both_databases;
use crate::photos::{jpeg_of_a_phone, working_job};

on_both_databases!(
    image_metadata_is_removed,
    served_images_contain_no_location,
    non_images_are_rejected_whatever_type_they_claim,
    a_decompression_bomb_is_rejected,
    a_truncated_image_is_completed_or_rejected,
    an_animation_is_rejected_or_becomes_a_still_image,
    a_served_photo_cannot_run_scripts,
);

/// Returns photo and thumbnail as they are served.
async fn served(by: &Client, photo: &Photo) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for url in [&photo.url, &photo.thumbnail_url] {
        let path = url.strip_prefix("/api").unwrap();
        let response = by.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        files.push(response.bytes().await.unwrap().to_vec());
    }
    files
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

async fn image_metadata_is_removed(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let html: &[u8] = b"<html><script>alert(document.domain)</script></html>";
    let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0payload.js";
    let script: &[u8] = b"*/=1;alert(document.domain);/*";
    let hidden = [
        ("page.html", image_bytes::jpeg_with_comment(html)),
        ("photo.jpg.html", [sample_jpeg(), html.to_vec()].concat()),
        ("photo.zip", [image_bytes::png(20, 10), zip.to_vec()].concat()),
        ("photo.js", image_bytes::png_with_chunk(b"tEXt", &[b"a\0", script].concat())),
        ("photo.php", image_bytes::jpeg_with_comment(b"<?php system($_GET['c']); ?>")),
    ];
    let count = hidden.len();
    for (name, file) in hidden {
        let answer = budi.upload(&path, name, file, &[("kind", "after")]).await;
        for bytes in served(&budi, &expect_success(answer).await).await {
            assert!(image::load_from_memory(&bytes).is_ok(), "{name}");
            for secret in [html, zip, script, b"<script", b"<?php", b"PK\x03\x04"] {
                assert!(!contains(&bytes, secret), "{name}");
            }
        }
    }
    nothing_but(&app, 2 * count);
}

async fn served_images_contain_no_location(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let place = image_bytes::XMP_PLACE;
    let pictures = [
        ("EXIF in JPEG", jpeg_of_a_phone()),
        ("EXIF in PNG", image_bytes::png_with_exif()),
        ("EXIF in WebP", image_bytes::webp_with_exif()),
        ("XMP in JPEG", image_bytes::jpeg_with_xmp()),
        ("XMP in PNG", image_bytes::png_with_chunk(b"iTXt", &image_bytes::xmp_as_text())),
    ];
    for (name, file) in pictures {
        let tells = contains(&file, &image_bytes::gps_directory()) || contains(&file, place);
        assert!(tells, "{name}: the picture of the test says where it was taken");
        let answer = budi.upload(&path, "foto", file, &[("kind", "after")]).await;
        let photo: Photo = expect_success(answer).await;
        // EXIF data is stored as fields, for readers of the job.
        assert_eq!(photo.latitude.is_some(), name.starts_with("EXIF"), "{name}");
        for bytes in served(&budi, &photo).await {
            let traces: [&[u8]; 5] = [b"Exif", b"II*\0", b"xap", b"GPS", place];
            for trace in traces {
                assert!(!contains(&bytes, trace), "{name}: {trace:?}");
            }
            assert!(!contains(&bytes, &image_bytes::gps_directory()), "{name}");
        }
    }
}

async fn refusal(by: &Client, path: &str, name: &str, file: Vec<u8>) -> (u16, ErrorCode) {
    let response = by.upload(path, name, file, &[("kind", "after")]).await;
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.unwrap();
    (status, problem.errors.first().map_or(problem.code, |fault| fault.code))
}

async fn non_images_are_rejected_whatever_type_they_claim(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let unsupported = (415, ErrorCode::UnsupportedImageFormat);
    let unknown = (415, ErrorCode::UnsupportedMediaType);
    let files: [(&str, &[u8], _); 12] = [
        ("SVG", svg.as_bytes(), unsupported),
        ("SVG with a heading", b"<?xml version=\"1.0\"?><svg/>", unsupported),
        ("GIF", b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;", unsupported),
        ("GIF that is a script", b"GIF89a=1;alert(1)//", unsupported),
        ("PDF", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", unsupported),
        ("page", b"<!doctype html><script>alert(1)</script>", unknown),
        ("program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", unknown),
        ("BMP", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0", unsupported),
        ("TIFF", b"II*\0\x08\0\0\0\0\0", unsupported),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", (415, ErrorCode::HeicImage)),
        ("nothing", b"", (422, ErrorCode::EmptyFile)),
        ("zeros", &[0; 4096], unknown),
    ];
    for (name, file, code) in files {
        for as_name in ["foto.jpg", "foto.png", "foto"] {
            let refused = refusal(&budi, &path, as_name, file.to_vec()).await;
            assert_eq!(refused, code, "{name} as {as_name}");
        }
    }
    nothing_but(&app, 0);
}

async fn a_decompression_bomb_is_rejected(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let too_large = ErrorCode::ImageTooLarge;
    for (name, file, code) in [
        ("PNG of 60000 × 60000", image_bytes::png_that_claims(60_000, 60_000, 8, 6), too_large),
        ("PNG of 2³¹ − 1", image_bytes::png_that_claims(0x7fff_ffff, 0x7fff_ffff, 8, 6), too_large),
        ("PNG of one long line", image_bytes::png_that_claims(0x7fff_ffff, 1, 8, 6), too_large),
        ("black PNG, small as a file", image_bytes::black_png(9_000, 9_000), too_large),
        ("PNG of deep pixels", image_bytes::png_that_claims(8_000, 8_000, 16, 6), too_large),
        ("JPEG of 65500 × 65500", image_bytes::jpeg_that_claims(65_500, 65_500), too_large),
        ("WebP of 16384 × 16384", image_bytes::webp_that_claims(16_384, 16_384), too_large),
    ] {
        assert!(file.len() < 100_000, "{name}: {} bytes", file.len());
        assert_eq!(refusal(&budi, &path, "foto", file).await, (422, code), "{name}");
    }
    nothing_but(&app, 0);
}

async fn a_truncated_image_is_completed_or_rejected(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let mut stored = 0;
    for (name, whole) in [
        ("JPEG", sample_jpeg()),
        ("PNG", image_bytes::png(64, 48)),
        ("WebP", image_bytes::webp(64, 48)),
    ] {
        for tenth in 1..10 {
            let cut = whole[..whole.len() * tenth / 10].to_vec();
            let answer = budi.upload(&path, "foto.jpg", cut, &[("kind", "after")]).await;
            match answer.status().as_u16() {
                201 => {
                    for bytes in served(&budi, &expect_success(answer).await).await {
                        assert!(image::load_from_memory(&bytes).is_ok(), "{name} {tenth}/10");
                    }
                    stored += 1;
                }
                status => assert!(matches!(status, 415 | 422), "{name} {tenth}/10: {status}"),
            }
        }
    }
    assert!(stored < 9, "most halves cannot be read");
    nothing_but(&app, 2 * stored);
}

async fn an_animation_is_rejected_or_becomes_a_still_image(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let answer = budi.upload(&path, "foto", image_bytes::moving_webp(), &[("kind", "after")]).await;
    if answer.status() == 422 || answer.status() == 415 {
        return nothing_but(&app, 0);
    }
    for bytes in served(&budi, &expect_success(answer).await).await {
        assert_eq!(image::guess_format(&bytes).unwrap(), image::ImageFormat::Jpeg);
    }
    nothing_but(&app, 2);
}

async fn a_served_photo_cannot_run_scripts(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let path = format!("/jobs/{job}/photos");
    let name = "halaman.html\"; filename*=UTF-8''x.html";
    let answer = budi.upload(&path, name, sample_jpeg(), &[("kind", "after")]).await;
    let photo: Photo = expect_success(answer).await;
    for url in [&photo.url, &photo.thumbnail_url] {
        let path = url.strip_prefix("/api").unwrap();
        let response = budi.request(Method::GET, path).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap());
        assert_eq!(header("content-type"), Some("image/jpeg"));
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        assert!(header("cache-control").unwrap().contains("no-store"));
        let disposition = header("content-disposition").unwrap();
        assert!(!disposition.contains("halaman"), "{disposition}");
    }
}
