//! Photo folder: marker file, missing mounts and lost files.

use std::fs;

use shared::photo::Photo;
use shared::{ErrorCode, StorageFault};

use crate::harness::client::expect_success;
use crate::harness::server_process::wait_for_readiness;
use crate::harness::{TestApp, sample_jpeg, upload_photo};
use crate::on_both_databases;
use crate::photos::working_job;

on_both_databases!(
    an_unmounted_folder_is_detected_and_not_recreated,
    a_missing_folder_keeps_the_server_unready_until_another_is_accepted,
    a_lost_file_is_reported_as_not_found,
);

async fn an_unmounted_folder_is_detected_and_not_recreated(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    upload_photo(&budi, job).await;
    let kept: Photo = expect_success(
        budi.upload(&format!("/jobs/{job}/photos"), "a.jpg", sample_jpeg(), &[("kind", "after")])
            .await,
    )
    .await;
    let away = app.dir.path().join("unmounted");
    fs::rename(&app.uploads, &away).unwrap();
    // What an unmounted disk leaves: an empty folder in its place.
    fs::create_dir(&app.uploads).unwrap();
    let answer = budi
        .upload(&format!("/jobs/{job}/photos"), "b.jpg", sample_jpeg(), &[("kind", "after")])
        .await;
    assert_eq!(answer.status(), 503);
    let problem: shared::Problem = answer.json().await.unwrap();
    assert_eq!(problem.code, ErrorCode::StorageUnavailable);
    let address = kept.url.strip_prefix("/api").unwrap();
    let answer = budi.request(reqwest::Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    wait_for_readiness(&app.base, 503).await;
    assert_eq!(fs::read_dir(&app.uploads).unwrap().count(), 0, "something was written");

    fs::remove_dir(&app.uploads).unwrap();
    fs::rename(&away, &app.uploads).unwrap();
    app.photos.check_health();
    wait_for_readiness(&app.base, 204).await;
    let answer = budi.request(reqwest::Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

async fn a_missing_folder_keeps_the_server_unready_until_another_is_accepted(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    upload_photo(&budi, job).await;
    let open = || async {
        let store = services::photos::open_folder(&app.db, &app.uploads).await.unwrap();
        store.health().fault()
    };
    assert_eq!(open().await, None);
    fs::remove_dir_all(&app.uploads).unwrap();
    assert_eq!(open().await, Some(StorageFault::Missing));
    assert!(!app.uploads.exists(), "recreated silently");
    fs::create_dir(&app.uploads).unwrap();
    fs::write(app.uploads.join(services::photos::MARKER_FILE), "another").unwrap();
    assert_eq!(open().await, Some(StorageFault::Missing));
    services::photos::accept_folder(&app.db, &app.uploads).await.unwrap();
    assert_eq!(open().await, None);
}

async fn a_lost_file_is_reported_as_not_found(app: TestApp) {
    let (budi, job) = working_job(&app).await;
    let kept = upload_photo(&budi, job).await;
    for folder in fs::read_dir(&app.uploads).unwrap().flatten().filter(|it| it.path().is_dir()) {
        fs::remove_dir_all(folder.path()).unwrap();
    }
    let problem = budi.get_refused(kept.url.strip_prefix("/api").unwrap()).await;
    assert_eq!(problem.code, ErrorCode::NotFound);
    wait_for_readiness(&app.base, 204).await;
}
