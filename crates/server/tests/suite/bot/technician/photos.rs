//! Photos in the chat: albums, captions, serial number labels, job assignment.

use pictures::samples::camera_jpeg;
use shared::Page;
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::photo::{Photo, PhotoKind};

use super::fixtures::{
    Fixture, MODEM, OTHER_MODEM, arrive, message_count, open_report, serial_label_image,
};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_album_gets_one_response,
    the_serial_number_is_read_from_a_label,
    the_bot_asks_which_job_a_photo_belongs_to,
    the_caption_of_the_first_photo_is_the_report,
    a_photo_for_a_cancelled_job_leaves_no_file,
    a_photo_sent_as_a_file_is_a_photo,
    a_file_that_cannot_be_used_gets_one_line_that_says_what_to_do,
);

async fn photos(fixture: &Fixture, job: &Job) -> Vec<PhotoKind> {
    let page: Page<Photo> = fixture.admin.get(&format!("/jobs/{}/photos", job.id)).await;
    page.items.iter().map(|photo| photo.kind).collect()
}

async fn an_album_gets_one_response(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Pasang baru");
    phone.expect_button("Sebelum").await;
    phone.tap("Sebelum");
    phone.expect("Untuk: Sebelum").await;
    phone.send_album(vec![sample_jpeg(); 5]);
    phone.expect("Foto: 5/1 (Sebelum 5)").await;
    assert_eq!(photos(&fixture, &job).await, [PhotoKind::Before; 5]);
    assert_eq!(message_count(&phone, "(Sebelum "), 1, "{}", phone.transcript());
}

async fn the_serial_number_is_read_from_a_label(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Pasang baru");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Nomor seri ONT?").await;
    phone.send_photo(serial_label_image(OTHER_MODEM), None);
    phone.expect("Terbaca dari foto").await;
    phone.expect_button(MODEM).await;
    phone.tap(&format!("📷 {OTHER_MODEM}"));
    phone.expect(&format!("ONT: {OTHER_MODEM}")).await;
    assert_eq!(photos(&fixture, &job).await, [PhotoKind::After, PhotoKind::Device]);
}

async fn the_bot_asks_which_job_a_photo_belongs_to(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Anda belum memegang pekerjaan").await;
    let job = fixture.repair().await;
    phone.expect_button("Ambil").await;
    phone.tap("Ambil");
    phone.expect("Diterima").await;
    phone.send_album(vec![sample_jpeg(); 3]);
    phone.expect("3 foto ini untuk pekerjaan mana?").await;
    phone.send("yang tadi");
    phone.expect("Pilih dulu pekerjaan").await;
    let asked = phone.chat().find("3 foto ini").unwrap().id;
    phone.tap_on(asked, &job.number);
    phone.expect("3 foto masuk ke").await;
    assert_eq!(photos(&fixture, &job).await.len(), 3);
    phone.press(asked, "");
    phone.expect_toast("tidak berlaku").await;
}

async fn the_caption_of_the_first_photo_is_the_report(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send_photo(sample_jpeg(), Some("Konektor diganti"));
    phone.expect("Laporan: Konektor diganti").await;
    phone.expect("Tas Anda kosong").await;
}

async fn a_photo_for_a_cancelled_job_leaves_no_file(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    let reason = Some("Pelanggan batal".to_owned());
    let request = TransitionRequest { reason, ..TransitionRequest::for_action(JobAction::Cancel) };
    let _: Job = fixture.admin.post(&format!("/jobs/{}/transitions", job.id), &request).await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("sudah dibatalkan. Laporannya ditutup").await;
    let none = |_: &telegram_fake::Chat| fixture.bot_app.app.photo_files().is_empty().then_some(());
    phone.wait_for("no file is left", none).await;
}

async fn a_photo_sent_as_a_file_is_a_photo(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Konektor diganti");
    phone.expect("Kirim foto").await;
    // Just below what Telegram hands out.
    let mut file = camera_jpeg(12_000, 9_000);
    file.resize(20 * 1024 * 1024, 0x55);
    phone.send_document(file, "IMG_0815.JPG", "application/octet-stream");
    phone.expect("Tas Anda kosong").await;
    let page: Page<Photo> = fixture.admin.get(&format!("/jobs/{}/photos", job.id)).await;
    assert_eq!((page.items[0].width, page.items[0].height), (2_560, 1_920));
}

async fn a_file_that_cannot_be_used_gets_one_line_that_says_what_to_do(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Konektor diganti");
    phone.expect("Kirim foto").await;
    phone.send_document(vec![0xFF; 20 * 1024 * 1024 + 1], "IMG.jpg", "image/jpeg");
    phone.expect("paling besar 20 MB. Kirim sebagai foto biasa, bukan berkas").await;
    phone.send_document(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".to_vec(), "IMG.HEIC", "image/heic");
    phone.expect("Ini foto HEIC").await;
    phone.send_document(sample_jpeg()[..300].to_vec(), "IMG.jpg", "image/jpeg");
    phone.expect("Bagian akhir berkas gambar ini hilang").await;
    assert!(photos(&fixture, &job).await.is_empty());
}
