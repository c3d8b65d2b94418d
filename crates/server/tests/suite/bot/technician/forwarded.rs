//! Forwarded messages: what somebody else wrote is not what this person says.

use shared::Page;
use shared::photo::Photo;
use shared::technician::Technician;

use super::fixtures::{Fixture, arrive, message_count, open_report};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: a_forwarded_text_answers_no_question_and_does_nothing,
    a_forwarded_location_is_not_the_position_of_the_technician,
    a_forwarded_photo_is_a_photo_and_the_words_below_it_are_not_the_report,
);

async fn a_forwarded_text_answers_no_question_and_does_nothing(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    phone.forwarding().send("/profile");
    phone.expect("Pesan terusan tidak dipakai").await;
    open_report(&phone, &job).await;
    phone.forwarding().send("Konektor diganti");
    phone.expect("isinya bukan dari Anda sendiri.\nKetik laporannya dulu").await;
    phone.forwarding().send("/cancel");
    phone.send("Kabel disambung");
    phone.expect("Laporan: Kabel disambung").await;
    assert_eq!(message_count(&phone, "Pesan terusan"), 3, "{}", phone.transcript());
    assert_eq!(message_count(&phone, "Konektor diganti"), 0);
    assert_eq!(message_count(&phone, "Sedang dinas"), 0);
}

async fn a_forwarded_location_is_not_the_position_of_the_technician(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    phone.share_location(-7.80, 110.36);
    phone.expect("Lokasi Anda dicatat").await;
    phone.forwarding().share_location(-6.20, 106.80);
    phone.expect("Pesan terusan").await;
    phone.share_venue(-6.21, 106.81, "Warung Bu Tini");
    phone.expect("Itu nama tempat, bukan posisi Anda").await;
    let seen: Technician = fixture.admin.get(&format!("/technicians/{}", technician.id)).await;
    assert_eq!((seen.last_latitude, seen.last_longitude), (Some(-7.80), Some(110.36)));
}

async fn a_forwarded_photo_is_a_photo_and_the_words_below_it_are_not_the_report(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.forwarding().send_photo(sample_jpeg(), Some("Sudah beres"));
    phone.expect("✅ Foto: 1/1").await;
    assert_eq!(message_count(&phone, "Laporan: Sudah beres"), 0);
    let page: Page<Photo> = fixture.admin.get(&format!("/jobs/{}/photos", job.id)).await;
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].taken_at, None);
}
