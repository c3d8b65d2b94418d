//! The folder of photos: known by its mark, never made anew behind a missing disk.

use std::fs;

use shared::photo::Photo;
use shared::{ErrorCode, StorageFault};

use super::process::until_ready_is;
use crate::harness::client::expect;
use crate::harness::{TestApp, jpeg, photo};
use crate::on_both_databases;
use crate::photos::working_job;

on_both_databases!(
    an_unmounted_folder_is_detected_and_not_recreated,
    a_missing_folder_keeps_the_server_unready_until_another_is_accepted,
    a_lost_file_is_reported_as_not_found,
);

async fn an_unmounted_folder_is_detected_and_not_recreated(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    photo(&budi, job).await;
    let kept: Photo = expect(
        budi.upload(&format!("/jobs/{job}/photos"), "a.jpg", jpeg(), &[("kind", "after")]).await,
    )
    .await;
    let away = app.dir.path().join("unmounted");
    fs::rename(&app.uploads, &away).unwrap();
    // What an unmounted disk leaves: an empty folder in its place.
    fs::create_dir(&app.uploads).unwrap();
    let answer =
        budi.upload(&format!("/jobs/{job}/photos"), "b.jpg", jpeg(), &[("kind", "after")]).await;
    assert_eq!(answer.status(), 503);
    let problem: shared::Problem = answer.json().await.unwrap();
    assert_eq!(problem.code, ErrorCode::StorageUnavailable);
    let address = kept.url.strip_prefix("/api").unwrap();
    let answer = budi.request(reqwest::Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    until_ready_is(&app.base, 503).await;
    assert_eq!(fs::read_dir(&app.uploads).unwrap().count(), 0, "something was written");

    fs::remove_dir(&app.uploads).unwrap();
    fs::rename(&away, &app.uploads).unwrap();
    app.photos.check_health();
    until_ready_is(&app.base, 204).await;
    let answer = budi.request(reqwest::Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

async fn a_missing_folder_keeps_the_server_unready_until_another_is_accepted(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    photo(&budi, job).await;
    let open = || async {
        let store = services::photos::open_folder(&app.db, &app.uploads).await.unwrap();
        store.health().fault()
    };
    assert_eq!(open().await, None);
    fs::remove_dir_all(&app.uploads).unwrap();
    assert_eq!(open().await, Some(StorageFault::Missing));
    assert!(!app.uploads.exists(), "made anew without a word");
    fs::create_dir(&app.uploads).unwrap();
    fs::write(app.uploads.join(services::photos::MARKER_FILE), "another").unwrap();
    assert_eq!(open().await, Some(StorageFault::Missing));
    services::photos::accept_folder(&app.db, &app.uploads).await.unwrap();
    assert_eq!(open().await, None);
}

async fn a_lost_file_is_reported_as_not_found(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let kept = photo(&budi, job).await;
    for folder in fs::read_dir(&app.uploads).unwrap().flatten().filter(|it| it.path().is_dir()) {
        fs::remove_dir_all(folder.path()).unwrap();
    }
    let problem = budi.get_refused(kept.url.strip_prefix("/api").unwrap()).await;
    assert_eq!(problem.code, ErrorCode::NotFound);
    until_ready_is(&app.base, 204).await;
}
