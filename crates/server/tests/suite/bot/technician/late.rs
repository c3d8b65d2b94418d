//! Messages that arrive long after they were sent.

use chrono::TimeDelta;
use shared::Page;
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::photo::Photo;
use shared::technician::Technician;

use super::fixtures::{Fixture, arrive, message_count, message_with_button, open_report};
use crate::harness::{Backend, TestTechnician, monday_nine, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_answer_that_is_older_than_the_question_answers_nothing,
    a_late_location_has_the_time_of_its_message_and_replaces_no_newer_one,
    a_late_move_of_a_live_location_is_ignored_quietly,
    a_late_photo_belongs_to_no_report_that_was_opened_afterwards,
    a_late_reason_is_not_given_for_another_job,
    a_press_of_long_ago_is_done_and_explained_in_a_message,
);

/// Half an hour, in seconds.
const LATE: i64 = 1_800;

async fn seen(fixture: &Fixture, technician: &TestTechnician) -> Technician {
    fixture.admin.get(&format!("/technicians/{}", technician.id)).await
}

async fn an_answer_that_is_older_than_the_question_answers_nothing(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.late(LATE).send("-21,5");
    phone.expect("dari hari ini 08.30 dikirim sebelum pertanyaan ini").await;
    phone.expect("kirim sekali lagi.\nKetik laporannya dulu").await;
    phone.send("Konektor diganti");
    phone.expect("Laporan: Konektor diganti").await;
    // Who knows the questions does not wait for them.
    phone.late(30).send_photo(sample_jpeg(), None);
    phone.expect("✅ Foto: 1/1").await;
}

async fn a_late_location_has_the_time_of_its_message_and_replaces_no_newer_one(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    phone.late(LATE).share_location(-7.80, 110.36);
    phone.expect("Lokasi Anda dari hari ini 08.30 dicatat").await;
    let half_past_eight = monday_nine() - TimeDelta::seconds(LATE);
    assert_eq!(seen(&fixture, &technician).await.last_seen_at, Some(half_past_eight));
    phone.share_location(-7.81, 110.37);
    phone.expect("Lokasi Anda dicatat").await;
    phone.late(600).share_location(-6.20, 106.80);
    phone.expect("Lokasi dari hari ini 08.50 tidak dipakai").await;
    let last = seen(&fixture, &technician).await;
    assert_eq!((last.last_latitude, last.last_longitude), (Some(-7.81), Some(110.37)));
    assert_eq!(last.last_seen_at, Some(monday_nine()));
}

async fn a_late_move_of_a_live_location_is_ignored_quietly(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    phone.share_live_location(-7.80, 110.36);
    phone.move_live_location(-7.82, 110.38);
    phone.late(LATE).move_live_location(-6.20, 106.80);
    phone.send("/profile");
    phone.expect("Sedang dinas").await;
    let last = seen(&fixture, &technician).await;
    assert_eq!((last.last_latitude, last.last_longitude), (Some(-7.82), Some(110.38)));
    assert_eq!(phone.chat().texts().len(), 1, "{}", phone.transcript());
}

async fn a_late_photo_belongs_to_no_report_that_was_opened_afterwards(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.late(LATE).send_photo(sample_jpeg(), Some("Konektor diganti"));
    phone.expect("dikirim sebelum pertanyaan ini").await;
    let photos: Page<Photo> = fixture.admin.get(&format!("/jobs/{}/photos", job.id)).await;
    assert!(photos.items.is_empty());
    assert_eq!(message_count(&phone, "Laporan: Konektor"), 0);
    let none = |_: &telegram_fake::Chat| fixture.bot_app.app.photo_files().is_empty().then_some(());
    phone.wait_for("no file is left", none).await;
}

async fn a_late_reason_is_not_given_for_another_job(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    phone.tap("Tunda");
    let asks = message_with_button(&phone, &job.number, "Lainnya").await;
    phone.tap_on(asks, "Lainnya");
    message_with_button(&phone, "Ketik", "Kembali").await;
    phone.late(LATE).send("Kabel habis");
    phone.expect("dikirim sebelum pertanyaan ini").await;
    assert_eq!(fixture.job(&job).await.status, shared::job_state_machine::JobStatus::InProgress);
}

async fn a_press_of_long_ago_is_done_and_explained_in_a_message(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    let offer = message_with_button(&phone, &job.number, "Ambil").await;
    let chat = phone.chat();
    let data = chat.button("Ambil").unwrap().1.data.clone().unwrap();
    let reason = Some("Pelanggan batal".to_owned());
    let request = TransitionRequest { reason, ..TransitionRequest::for_action(JobAction::Cancel) };
    let _: Job = fixture.admin.post(&format!("/jobs/{}/transitions", job.id), &request).await;
    phone.press_long_ago(offer, &data);
    phone.expect("Pekerjaan ini sudah dibatalkan.").await;
    assert!(phone.chat().toasts.is_empty());
}
