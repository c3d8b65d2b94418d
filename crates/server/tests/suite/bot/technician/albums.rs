//! Albums: each photo is a message of its own, in any order and with other messages between them.

use shared::Page;
use shared::job::Job;
use shared::photo::Photo;
use telegram_fake::TestUser;

use super::fixtures::{Fixture, arrive, message_count, open_report};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_album_that_an_answer_splits_is_counted_in_the_newest_view,
    albums_that_arrive_mixed_are_counted_once_each,
    unusable_photos_of_an_album_get_one_line,
    the_caption_of_any_photo_of_an_album_is_the_report,
);

async fn with_open_report(backend: Backend) -> (Fixture, TestUser, Job) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    (fixture, phone, job)
}

async fn photo_count(fixture: &Fixture, job: &Job) -> usize {
    let page: Page<Photo> = fixture.admin.get(&format!("/jobs/{}/photos", job.id)).await;
    page.items.len()
}

async fn an_album_that_an_answer_splits_is_counted_in_the_newest_view(backend: Backend) {
    let (fixture, phone, job) = with_open_report(backend).await;
    let album = phone.begin_album();
    phone.send_album_photo(&album, sample_jpeg(), None);
    phone.send_album_photo(&album, sample_jpeg(), None);
    phone.expect("Foto: 2/1").await;
    phone.send("Konektor diganti");
    phone.expect("Laporan: Konektor diganti").await;
    let shown = phone.chat().texts().len();
    phone.send_album_photo(&album, sample_jpeg(), None);
    phone.expect("Foto: 3/1").await;
    assert_eq!(photo_count(&fixture, &job).await, 3);
    let chat = phone.chat();
    assert_eq!(chat.texts().len(), shown, "{}", phone.transcript());
    let newest = chat.last().unwrap();
    assert!(newest.text.contains("Foto: 3/1") && newest.text.contains("Konektor diganti"));
    assert_eq!(message_count(&phone, "Foto: 2/1"), 1);
}

async fn albums_that_arrive_mixed_are_counted_once_each(backend: Backend) {
    let (fixture, phone, job) = with_open_report(backend).await;
    let shown = phone.chat().texts().len();
    let (one, other) = (phone.begin_album(), phone.begin_album());
    for album in [&one, &other, &one, &other] {
        phone.send_album_photo(album, sample_jpeg(), None);
    }
    phone.expect("Foto: 4/1").await;
    assert_eq!(photo_count(&fixture, &job).await, 4);
    assert_eq!(phone.chat().texts().len(), shown + 2, "{}", phone.transcript());
    assert!(phone.chat().last().unwrap().text.contains("Foto: 4/1"));
}

async fn unusable_photos_of_an_album_get_one_line(backend: Backend) {
    let (fixture, phone, job) = with_open_report(backend).await;
    let album = phone.begin_album();
    let damaged = || sample_jpeg()[..300].to_vec();
    for bytes in [damaged(), sample_jpeg(), damaged(), sample_jpeg()] {
        phone.send_album_photo(&album, bytes, None);
    }
    phone.expect("2 foto dari kiriman ini tidak bisa dipakai").await;
    phone.expect("Foto: 2/1").await;
    assert_eq!(message_count(&phone, "Kirim foto lain"), 1, "{}", phone.transcript());
    assert_eq!(photo_count(&fixture, &job).await, 2);
}

async fn the_caption_of_any_photo_of_an_album_is_the_report(backend: Backend) {
    let (fixture, phone, job) = with_open_report(backend).await;
    let album = phone.begin_album();
    phone.send_album_photo(&album, sample_jpeg(), None);
    phone.send_album_photo(&album, sample_jpeg(), Some("Konektor diganti"));
    phone.send_album_photo(&album, sample_jpeg(), None);
    phone.expect("Foto: 3/1").await;
    phone.expect("Laporan: Konektor diganti").await;
    assert_eq!(message_count(&phone, "Foto: "), 2, "{}", phone.transcript());
    assert_eq!(photo_count(&fixture, &job).await, 3);
}
