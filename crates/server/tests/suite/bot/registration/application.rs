//! Conversation of an applicant, from `/start` to the decision.

use services::photos;
use shared::technician::Technician;
use shared::technician_registration::RegistrationStatus;
use shared::{Page, Role};

use super::{Fixture, PHONE, answer_all_questions, wait_for_newest};
use crate::bot::technician::fixtures::ordered_transcript;
use crate::harness::{Backend, sample_jpeg, temp_dir};
use crate::on_both_databases;

on_both_databases!(
    starting: an_applicant_becomes_a_technician,
    answers_can_be_corrected_before_submission,
    a_server_restart_keeps_the_conversation,
    cancelling_deletes_all_answers,
    a_location_is_accepted_as_the_area,
    an_abandoned_registration_is_deleted_after_a_week,
);

async fn an_applicant_becomes_a_technician(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.applicant("Budi di HP", PHONE).await;
    fixture.office.expect("Pendaftaran teknisi baru").await;
    let waiting = fixture.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.phone.as_str(), waiting.identity_photo), ("+6281234500011", true));
    person.send("/start");
    person.expect("masih diperiksa kantor").await;
    fixture.office.tap("Setujui");
    fixture.office.expect_toast("Diterima").await;
    fixture.office.expect("diterima sebagai teknisi (budi.santoso)").await;
    person.expect("Selamat, Anda diterima").await;

    let text = person.chat().find("Kata sandi awal").unwrap().text.clone();
    let password = text.lines().find_map(|line| line.strip_prefix("Kata sandi awal: ")).unwrap();
    let client = fixture.bot_app.app.sign_in("budi.santoso", password).await;
    let user = client.user.clone().unwrap();
    assert!(user.must_change_password && user.role == Role::User);
    let record: Technician =
        fixture.admin.get(&format!("/technicians/{}", user.technician_id.unwrap())).await;
    assert!(record.telegram_linked && record.identity_photo && record.on_duty);
    assert_eq!(record.skills.len(), 1);
    // The initial password is deleted from the chat.
    let payloads = super::review::payloads(&fixture.bot_app.app, "registration_approved").await;
    assert!(payloads[0].contains(r#""encrypted_password":"""#), "{payloads:?}");
    person.send("/profile");
    person.expect("Sedang dinas").await;
    insta::assert_snapshot!(
        "applicant",
        ordered_transcript(&person).replace(password, "RaHaSiA12345")
    );
    insta::assert_snapshot!("office", ordered_transcript(&fixture.office));
}

async fn answers_can_be_corrected_before_submission(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    answer_all_questions(&person, PHONE, false).await;
    person.tap("Perbaiki");
    person.expect("Mana yang diperbaiki?").await;
    person.tap("Nama");
    person.expect("Ketik nama lengkap Anda seperti di KTP").await;
    person.send("Budi Hartono");
    person.expect("Nama: Budi Hartono").await;
    person.expect_button("✅ Kirim").await;
    person.tap("Perbaiki");
    person.expect_button("Foto KTP").await;
    person.tap("Foto KTP");
    person.expect("Foto KTP (boleh dilewati)").await;
    person.send_photo(sample_jpeg(), None);
    wait_for_newest(&person, "Foto KTP: ada").await;
    person.tap("« Kembali");
    wait_for_newest(&person, "Satu foto sudah ada").await;
    person.tap("« Kembali");
    wait_for_newest(&person, "4/5 Keahlian").await;
    person.tap("« Kembali");
    wait_for_newest(&person, "3/5 Area").await;
    person.tap("Lainnya");
    wait_for_newest(&person, "Ketik nama kecamatan").await;
    person.send("Ngaglik, Sleman");
    wait_for_newest(&person, "4/5 Keahlian").await;
    person.tap("Lanjut");
    wait_for_newest(&person, "5/5 Foto KTP").await;
    person.tap("Lanjut");
    wait_for_newest(&person, "Nama: Budi Hartono\nNomor HP: +6281234500011\nArea: Ngaglik, Sleman")
        .await;
    person.tap("✅ Kirim");
    person.expect("Pendaftaran terkirim").await;
    let waiting = fixture.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.name.as_str(), waiting.identity_photo), ("Budi Hartono", true));
}

async fn a_server_restart_keeps_the_conversation(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    person.send("/start");
    person.expect("1/5 Nama").await;
    person.send("Budi Santoso");
    person.expect("2/5 Nomor HP").await;
    // Another server takes over from the database.
    let mut bot_app = fixture.bot_app;
    let another = bot_app.start_instance().await;
    let _data = std::mem::replace(&mut bot_app.app.dir, temp_dir());
    let clock = bot_app.app.clock.clone();
    drop(bot_app.app);
    // The leases of a killed server expire later.
    clock.advance(chrono::TimeDelta::minutes(2));
    person.send("/start");
    person.expect("Kita lanjutkan pendaftaran Anda").await;
    wait_for_newest(&person, "2/5 Nomor HP").await;
    person.share_contact(PHONE);
    wait_for_newest(&person, "3/5 Area").await;
    drop(another);
}

async fn cancelling_deletes_all_answers(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    answer_all_questions(&person, PHONE, true).await;
    assert_eq!(files(&fixture), 1);
    person.send("/cancel");
    person.expect("Pendaftaran dibatalkan").await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while files(&fixture) > 0 {
        assert!(std::time::Instant::now() < deadline, "the photo is still there");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    person.tap("✅ Kirim");
    person.expect_toast("tidak berlaku").await;
    assert!(fixture.registrations(RegistrationStatus::Pending).await.is_empty());
}

/// Counts the encrypted files of the upload folder.
fn files(fixture: &Fixture) -> usize {
    fixture.bot_app.app.photo_files().len()
}

async fn a_location_is_accepted_as_the_area(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    person.send("/start");
    person.expect("1/5 Nama").await;
    person.tap("Budi");
    person.expect("2/5 Nomor HP").await;
    person.share_contact(PHONE);
    person.expect("3/5 Area").await;
    person.share_location(-7.71, 110.40);
    wait_for_newest(&person, "4/5 Keahlian").await;
    person.tap("Splicing");
    person.expect_button("☑️ Splicing").await;
    person.tap("Lanjut");
    person.expect("5/5 Foto KTP").await;
    person.tap("Lewati");
    person.expect("Periksa dulu").await;
    person.tap("Kirim");
    person.expect("Pendaftaran terkirim").await;
    let waiting = fixture.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.latitude, waiting.longitude), (Some(-7.71), Some(110.40)));
    fixture.office.expect("lihat di peta").await;
    fixture.office.tap("Setujui");
    person.expect("Selamat, Anda diterima").await;

    let all: Page<Technician> = fixture.admin.get("/technicians?q=Budi").await;
    assert_eq!(all.items[0].base_latitude, Some(-7.71));
}

async fn an_abandoned_registration_is_deleted_after_a_week(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    answer_all_questions(&person, PHONE, true).await;
    let photos =
        photos::open_folder(&fixture.bot_app.app.db, &fixture.bot_app.app.uploads).await.unwrap();
    fixture.bot_app.app.clock.advance(chrono::TimeDelta::days(6));
    bot::delete_abandoned_registrations(&fixture.bot_app.app.db, &photos).await.unwrap();
    assert_eq!(files(&fixture), 1);
    fixture.bot_app.app.clock.advance(chrono::TimeDelta::days(2));
    bot::delete_abandoned_registrations(&fixture.bot_app.app.db, &photos).await.unwrap();
    assert_eq!(files(&fixture), 0);
    person.send("/start");
    wait_for_newest(&person, "1/5 Nama").await;
}
