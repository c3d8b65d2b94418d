//! Photos as phones and other programs write them: large ones, and formats that are refused by name.

use std::path::Path;

use pictures::samples::camera_jpeg;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response};
use shared::customer::Customer;
use shared::identity::IdentityPhoto;
use shared::photo::Photo;
use shared::{ErrorCode, JobId, Problem, Role};

use crate::harness::client::{expect_problem, expect_success};
use crate::harness::{Client, TestApp, create_customer};
use crate::on_both_databases;
use crate::photos::{files, working_job};

on_both_databases!(
    a_photo_of_200_megapixels_in_a_file_of_30_megabytes_is_stored_at_the_usual_size,
    an_identity_photo_of_108_megapixels_is_stored_at_the_usual_size,
    a_photo_of_any_variant_is_stored_upright,
    another_format_is_refused_by_its_name_and_says_what_to_do,
    the_name_and_the_type_that_a_client_gives_do_not_matter,
);

const MEGABYTE: usize = 1024 * 1024;

/// A picture that another program has written, see the README of its folder.
fn foreign(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../pictures/tests/files");
    std::fs::read(Path::new(folder).join(name)).unwrap()
}

async fn upload(by: &Client, job: JobId, name: &str, file: Vec<u8>) -> Response {
    by.upload(&format!("/jobs/{job}/photos"), name, file, &[("kind", "after")]).await
}

async fn a_photo_of_200_megapixels_in_a_file_of_30_megabytes_is_stored_at_the_usual_size(
    app: TestApp,
) {
    let (budi, job) = working_job(&app).await;
    let mut file = camera_jpeg(16_320, 12_240);
    // Phones append a short video or a map of the depth.
    file.resize(31 * MEGABYTE, 0x55);
    let photo: Photo = expect_success(upload(&budi, job, "IMG_0815.jpg", file).await).await;
    assert_eq!((photo.width, photo.height), (2_560, 1_920));
}

async fn an_identity_photo_of_108_megapixels_is_stored_at_the_usual_size(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti: Customer = create_customer(&cs, "Siti").await;
    let path = format!("/customers/{}/identity-photo", siti.id);
    let answer = cs.send_file(Method::PUT, &path, "ktp.jpg", camera_jpeg(9_000, 12_000), &[]).await;
    let photo: IdentityPhoto = expect_success(answer).await;
    assert_eq!((photo.width, photo.height), (1_920, 2_560));
}

async fn a_photo_of_any_variant_is_stored_upright(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    for name in ["orientation-6.jpg", "cmyk.jpg", "progressive.jpg", "two-pictures.mpo", "icc.png"]
    {
        let answer = upload(&budi, job, name, foreign(name)).await;
        let photo: Photo = expect_success(answer).await;
        assert_eq!((photo.width, photo.height), (64, 48), "{name}");
        let has_exif = matches!(name, "orientation-6.jpg" | "progressive.jpg");
        assert_eq!(photo.taken_at.is_some(), has_exif, "{name}");
        assert_eq!(photo.latitude.is_some(), has_exif, "{name}");
    }
}

async fn another_format_is_refused_by_its_name_and_says_what_to_do(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    for (name, code, word) in [
        ("iphone.heic", ErrorCode::HeicImage, "Most Compatible"),
        ("picture.avif", ErrorCode::UnsupportedImageFormat, "AVIF"),
        ("picture.gif", ErrorCode::UnsupportedImageFormat, "GIF"),
        ("picture.tiff", ErrorCode::UnsupportedImageFormat, "TIFF"),
        ("animated.webp", ErrorCode::AnimatedImage, "animation"),
    ] {
        let answer = upload(&budi, job, "foto.jpg", foreign(name)).await;
        let problem: Problem = expect_problem(answer).await;
        let (found, text) = match problem.errors.first() {
            Some(fault) => (fault.code, &fault.message),
            None => (problem.code, &problem.detail),
        };
        assert_eq!(found, code, "{name}");
        assert!(text.contains(word), "{name}: {text}");
    }
    assert!(files(&app).is_empty());
}

async fn the_name_and_the_type_that_a_client_gives_do_not_matter(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    for (name, kind) in [("foto.heic", "image/heic"), ("foto.txt", "text/plain"), ("foto", "")] {
        let part = Part::bytes(foreign("orientation-1.jpg")).file_name(name);
        let part = if kind.is_empty() { part } else { part.mime_str(kind).unwrap() };
        let form = Form::new().text("kind", "after").part("file", part);
        let request = budi.request(Method::POST, &format!("/jobs/{job}/photos")).multipart(form);
        let photo: Photo = expect_success(request.send().await.unwrap()).await;
        assert_eq!((photo.width, photo.height), (64, 48), "{name}");
    }
}
