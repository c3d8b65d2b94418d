//! Gestures of chats: edited messages, ended live locations, cleared chats.

use shared::job::Job;

use super::fixtures::{Fixture, MODEM, arrive, open_report, press_button};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_edited_answer_corrects_the_open_report,
    an_edit_without_an_open_report_is_answered_with_how_to_correct,
    the_end_of_a_live_location_is_recorded_without_a_word,
    after_the_chat_was_cleared_the_report_is_sent_anew,
);

async fn an_edited_answer_corrects_the_open_report(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Pasang baru");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Nomor seri ONT?").await;
    phone.tap(MODEM);
    phone.expect("Redaman berapa dBm?").await;
    phone.send("-12,5");
    phone.expect("Material yang dipakai").await;

    phone.edit_text("-12,5", "-21,5");
    phone.expect("Sudah diperbaiki").await;
    phone.edit_text("Pasang baru", "Pasang baru, kabel lewat plafon");
    phone.expect("kabel lewat plafon").await;

    phone.tap("Material sesuai");
    phone.expect("Semua lengkap").await;
    phone.tap("Kirim & selesai");
    phone.expect("Terima kasih").await;
    let done: Job = fixture.admin.get(&format!("/jobs/{}", job.id)).await;
    assert_eq!(done.attenuation_dbm, Some(-21.5));
    assert_eq!(done.report.as_deref(), Some("Pasang baru, kabel lewat plafon"));
}

async fn an_edit_without_an_open_report_is_answered_with_how_to_correct(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    phone.send("halo");
    phone.expect("/help").await;
    phone.edit_text("halo", "/jobs");
    phone.expect("kirim sebagai pesan baru").await;
}

async fn the_end_of_a_live_location_is_recorded_without_a_word(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    phone.share_live_location(-7.80, 110.36);
    phone.move_live_location(-7.81, 110.37);
    let said = phone.chat().messages.len();
    phone.stop_live_location();
    // Updates of a chat are processed in their order: after this answer the location was handled.
    phone.send("/profile");
    phone.expect("Budi").await;
    let texts: Vec<String> =
        phone.chat().messages[said..].iter().map(|message| message.text.clone()).collect();
    assert!(!texts.iter().any(|text| text.contains("Lokasi Anda dicatat")), "{texts:?}");
    let seen: shared::technician::Technician =
        fixture.admin.get(&format!("/technicians/{}", technician.id)).await;
    assert_eq!((seen.last_latitude, seen.last_longitude), (Some(-7.81), Some(110.37)));
}

async fn after_the_chat_was_cleared_the_report_is_sent_anew(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Konektor diganti");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect_button("Tanpa material").await;
    let chat = phone.chat();
    let (sheet, button) = chat.button("Tanpa material").unwrap();
    let (sheet, data) = (sheet.id, button.data.clone().unwrap());
    phone.clear_chat();
    // The press was on its way when the chat was cleared.
    phone.press(sheet, &data);
    press_button(&phone, "Semua lengkap", "Kirim & selesai").await;
    phone.expect("Terima kasih").await;
}
