//! Gestures of applicants: forwarded and late answers, locations of all kinds, albums, two devices, a new
//! Telegram account.

use shared::technician_registration::RegistrationStatus;
use telegram_fake::{Chat, OtherKind};

use super::{Fixture, PHONE, answer_all_questions, wait_for_newest};
use crate::bot::technician::fixtures::message_count;
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: forwarded_and_late_answers_answer_no_question,
    a_live_location_or_a_named_place_answers_where_somebody_works,
    one_photo_of_an_album_is_the_identity_card,
    a_second_press_says_that_it_is_done,
    an_application_from_a_new_telegram_account_replaces_the_earlier_one,
);

async fn forwarded_and_late_answers_answer_no_question(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    person.send("/start");
    wait_for_newest(&person, "1/5 Nama").await;
    person.forwarding().send("Siti Rahayu");
    wait_for_newest(&person, "misalnya Budi Santoso").await;
    person.late(1_800).send("Andi Wijaya");
    wait_for_newest(&person, "dikirim sebelum pertanyaan ini").await;
    for kind in OtherKind::ALL {
        person.send_other(kind);
    }
    person.send("Budi Santoso");
    wait_for_newest(&person, "2/5 Nomor HP").await;
    person.forwarding().share_contact(PHONE);
    wait_for_newest(&person, "Nomor tidak perlu diketik").await;
    person.share_contact(PHONE);
    wait_for_newest(&person, "3/5 Area").await;
    assert_eq!(message_count(&person, "Pesan terusan tidak dipakai"), 2);
}

async fn a_live_location_or_a_named_place_answers_where_somebody_works(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    for live in [true, false] {
        let person = fixture.bot_app.unknown_user("Budi");
        person.send("/start");
        wait_for_newest(&person, "1/5 Nama").await;
        person.send("Budi Santoso");
        wait_for_newest(&person, "2/5 Nomor HP").await;
        person.share_contact(PHONE);
        wait_for_newest(&person, "3/5 Area").await;
        if live {
            person.share_live_location(-7.75, 110.40);
            wait_for_newest(&person, "4/5 Keahlian").await;
            // Its moves answer nothing.
            person.move_live_location(-7.76, 110.41);
        } else {
            person.share_venue(-7.75, 110.40, "Pasar Demangan");
        }
        wait_for_newest(&person, "4/5 Keahlian").await;
        person.expect("lokasi dibagikan").await;
    }
}

async fn one_photo_of_an_album_is_the_identity_card(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    answer_all_questions(&person, PHONE, false).await;
    person.tap("Perbaiki");
    person.expect_button("Foto KTP").await;
    person.tap("Foto KTP");
    wait_for_newest(&person, "Foto KTP").await;
    person.send_album(vec![sample_jpeg(); 3]);
    person.expect("Foto KTP: ada").await;
    person.send("ya");
    person.expect("Tekan Kirim kalau sudah benar").await;
    let lines = message_count(&person, "Tekan Kirim kalau sudah benar");
    assert_eq!(lines, 1, "{}", person.transcript());
    assert_eq!(fixture.bot_app.app.photo_files().len(), 1);
}

async fn a_second_press_says_that_it_is_done(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    answer_all_questions(&person, PHONE, false).await;
    let pressed = |chat: &Chat, label: &str| {
        let (message, button) = chat.button(label).unwrap();
        (message.id, button.data.clone().unwrap())
    };
    let (message, data) = pressed(&person.chat(), "Kirim");
    person.press(message, &data);
    person.press(message, &data);
    person.expect_toast("Pendaftaran Anda sudah dikirim").await;
    assert_eq!(fixture.registrations(RegistrationStatus::Pending).await.len(), 1);
    // A tick that is set on two devices at once stays set.
    let other = fixture.bot_app.unknown_user("Andi");
    other.send("/start");
    wait_for_newest(&other, "1/5 Nama").await;
    other.send("Andi Wijaya");
    wait_for_newest(&other, "2/5 Nomor HP").await;
    other.share_contact("6281234500012");
    wait_for_newest(&other, "3/5 Area").await;
    other.tap("Depok");
    wait_for_newest(&other, "4/5 Keahlian").await;
    let (message, data) = pressed(&other.chat(), "Pemasangan");
    other.press(message, &data);
    other.press(message, &data);
    other.tap("Lanjut");
    other.expect("Keahlian: Pemasangan").await;
}

async fn an_application_from_a_new_telegram_account_replaces_the_earlier_one(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let before = fixture.applicant("Budi lama", PHONE).await;
    let after = fixture.bot_app.unknown_user("Budi baru");
    answer_all_questions(&after, PHONE, true).await;
    after.tap("Kirim");
    after.expect("Pendaftaran terkirim").await;
    let pending = fixture.registrations(RegistrationStatus::Pending).await;
    let names: Vec<&str> = pending.iter().map(|one| one.telegram_name.as_str()).collect();
    assert_eq!(names, ["Budi baru"]);
    before.expect("Diganti pendaftaran baru dengan nomor yang sama").await;
    // The notice of the replaced application has the same button until it is edited.
    let both_came = |chat: &Chat| {
        let of_budi = chat.texts().iter().filter(|text| text.contains("Budi Santoso")).count();
        (of_budi == 2).then_some(())
    };
    fixture.office.wait_for("the second notice", both_came).await;
    fixture.office.tap("Setujui");
    after.expect("Selamat, Anda diterima").await;
}
