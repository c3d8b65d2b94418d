//! Invalid answers during registration: a one-line hint, and the question stays.

use shared::settings::Settings;
use shared::technician_registration::RegistrationStatus;
use shared::{Role, TechnicianId};

use super::{Fixture, PHONE};
use crate::bot::technician::fixtures::ordered_transcript;
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: every_invalid_answer_gets_a_one_line_hint,
    a_known_phone_number_links_no_account,
    an_answer_with_hidden_characters_is_rejected,
    registration_can_be_closed,
);

async fn every_invalid_answer_gets_a_one_line_hint(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    person.send("/start");
    person.expect("1/5 Nama").await;
    person.send_sticker();
    person.expect("misalnya Budi Santoso").await;
    person.send("0812 3456");
    person.expect("dengan huruf saja").await;
    person.send(&"a".repeat(101));
    person.expect("terlalu panjang").await;
    person.send("Budi Santoso");
    person.expect("2/5 Nomor HP").await;
    person.send(PHONE);
    person.expect("Nomor tidak perlu diketik").await;
    person.share_contact_of(None, PHONE);
    person.expect("Itu nomor orang lain").await;
    person.share_contact_of(Some(fixture.office.id()), "6281999999999");
    person
        .wait_for("the line again", |chat| {
            let lines =
                chat.texts().iter().filter(|text| text.contains("Itu nomor orang lain")).count();
            (lines == 2).then_some(())
        })
        .await;
    person.share_contact(PHONE);
    person.expect("3/5 Area").await;
    person.send("Bulan");
    person.expect("tidak ada di daftar").await;
    person.send_sticker();
    person.expect("Kirim lokasi dengan tombol").await;
    person.send("Lainnya");
    person.expect("Ketik nama kecamatan dan kotanya.").await;
    person.send("123");
    person.expect("misalnya Depok, Sleman").await;
    person.send("« Kembali");
    person
        .wait_for("the list again", |chat| {
            (chat.texts().iter().filter(|text| text.contains("3/5 Area")).count() == 2)
                .then_some(())
        })
        .await;
    person.send("mlati");
    super::wait_for_newest(&person, "4/5 Keahlian").await;
    person.send("semua bisa");
    super::wait_for_newest(&person, "Tekan tombol keahlian di atas").await;
    person.tap("Lanjut");
    person.expect_toast("paling sedikit satu").await;
    person.tap("Jaringan");
    person.expect_button("☑️ Jaringan").await;
    person.tap("Jaringan");
    person.expect_button("⬜ Jaringan").await;
    person.tap("Perbaikan");
    person.expect_button("☑️ Perbaikan").await;
    person.tap("Lanjut");
    person.expect("5/5 Foto KTP").await;
    person.send("nanti saja");
    person.expect("Kirim foto KTP sebagai gambar").await;
    person.send_document(b"bukan gambar".to_vec(), "ktp.jpg", "image/jpeg");
    person.expect("Kirim foto lain, atau tekan Lewati").await;
    person.send_photo(sample_jpeg(), None);
    person.expect("Periksa dulu").await;
    person.send("ya");
    person.expect("Tekan Kirim kalau sudah benar").await;
    insta::assert_snapshot!("transcript", ordered_transcript(&person));
}

async fn an_answer_with_hidden_characters_is_rejected(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Bu\u{202e}di");
    let asks_again = |times: usize, line: &'static str| {
        person.wait_for(line, move |chat| {
            let lines = chat.texts().iter().filter(|text| text.contains(line)).count();
            (lines == times).then_some(())
        })
    };
    person.send("/start");
    person.expect("1/5 Nama").await;
    for (times, name) in
        ["Budi\u{202e} Santoso", "Budi\u{200b}Santoso", "\u{2066}Budi"].into_iter().enumerate()
    {
        person.send(name);
        asks_again(times + 1, "dengan huruf saja").await;
    }
    person.send("Budi\u{a0}\u{a0}Santoso");
    person.expect("2/5 Nomor HP").await;
    person.share_contact(PHONE);
    super::wait_for_newest(&person, "3/5 Area").await;
    person.send("Lainnya");
    super::wait_for_newest(&person, "Ketik nama kecamatan").await;
    person.send("De\u{200f}pok, Sleman");
    person.expect("misalnya Depok, Sleman").await;
    person.send("Depok, Sleman");
    super::wait_for_newest(&person, "4/5 Keahlian").await;
    person.tap("Pemasangan");
    person.expect_button("☑️ Pemasangan").await;
    person.tap("Lanjut");
    super::wait_for_newest(&person, "5/5 Foto KTP").await;
    person.tap("Lewati");
    super::wait_for_newest(&person, "Periksa dulu").await;
    person.tap("Kirim");
    person.expect("Pendaftaran terkirim").await;
    let one = fixture.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((one.name.as_str(), one.telegram_name.as_str()), ("Budi Santoso", "Budi"));
}

async fn a_known_phone_number_links_no_account(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.applicant("Budi", PHONE).await;
    fixture.office.expect_button("Setujui").await;
    fixture.office.tap("Setujui");
    person.expect("Selamat, Anda diterima").await;
    let thief = fixture.bot_app.unknown_user("Maling");
    thief.send("/start");
    thief.expect("1/5 Nama").await;
    thief.send("Budi Santoso");
    thief.expect("2/5 Nomor HP").await;
    thief.share_contact(PHONE);
    thief.expect("sudah terdaftar sebagai teknisi").await;
    thief.send("/jobs");
    thief.expect("Silakan masuk dulu").await;
    assert!(fixture.registrations(RegistrationStatus::Pending).await.is_empty());
}

async fn registration_can_be_closed(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    super::answer_all_questions(&person, PHONE, false).await;
    let superadmin = fixture.bot_app.app.sign_in_as(Role::Superadmin).await;
    let settings: Settings = superadmin.get("/settings").await;
    let closed = Settings { telegram_registration_open: false, ..settings };
    let _: Settings = superadmin.put("/settings", closed.version, &closed).await;
    person.tap("Kirim");
    person.expect_toast("Pendaftaran ditutup").await;
    let late = fixture.bot_app.unknown_user("Telat");
    late.send("/start");
    late.expect("Pendaftaran ditutup").await;
    assert!(fixture.registrations(RegistrationStatus::Pending).await.is_empty());
    let none = fixture.admin.get_refused(&format!("/technicians/{}", TechnicianId(1))).await;
    assert_eq!(none.status, 404);
}
