//! From the first word to the answer of the office.

use services::photos;
use shared::technician::Technician;
use shared::technician_registration::RegistrationStatus;
use shared::{Page, Role};

use super::{PHONE, World, newest, to_summary};
use crate::bot::technician::fixtures::story;
use crate::harness::{Backend, jpeg};
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
    let w = World::new(backend).await;
    let person = w.applicant("Budi di HP", PHONE).await;
    w.office.expect("Pendaftaran teknisi baru").await;
    let waiting = w.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.phone.as_str(), waiting.identity_photo), ("+6281234500011", true));
    person.send("/start");
    person.expect("masih diperiksa kantor").await;
    w.office.tap("Setujui");
    w.office.expect_toast("Diterima").await;
    w.office.expect("diterima sebagai teknisi (budi.santoso)").await;
    person.expect("Selamat, Anda diterima").await;

    let text = person.chat().find("Kata sandi awal").unwrap().text.clone();
    let password = text.lines().find_map(|line| line.strip_prefix("Kata sandi awal: ")).unwrap();
    let client = w.t.app.sign_in("budi.santoso", password).await;
    let user = client.user.clone().unwrap();
    assert!(user.must_change_password && user.role == Role::User);
    let record: Technician =
        w.admin.get(&format!("/technicians/{}", user.technician_id.unwrap())).await;
    assert!(record.telegram_linked && record.identity_photo && record.on_duty);
    assert_eq!(record.skills.len(), 1);
    // What was told once does not lie around.
    let payloads = super::review::payloads(&w.t.app, "registration_approved").await;
    assert!(payloads[0].contains(r#""sealed_password":"""#), "{payloads:?}");
    person.send("/profile");
    person.expect("Sedang dinas").await;
    insta::assert_snapshot!("applicant", story(&person).replace(password, "RaHaSiA12345"));
    insta::assert_snapshot!("office", story(&w.office));
}

async fn answers_can_be_corrected_before_submission(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.t.person("Budi");
    to_summary(&person, PHONE, false).await;
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
    person.send_photo(jpeg(), None);
    newest(&person, "Foto KTP: ada").await;
    person.tap("« Kembali");
    newest(&person, "Satu foto sudah ada").await;
    person.tap("« Kembali");
    newest(&person, "4/5 Keahlian").await;
    person.tap("« Kembali");
    newest(&person, "3/5 Area").await;
    person.tap("Lainnya");
    newest(&person, "Ketik nama kecamatan").await;
    person.send("Ngaglik, Sleman");
    newest(&person, "4/5 Keahlian").await;
    person.tap("Lanjut");
    newest(&person, "5/5 Foto KTP").await;
    person.tap("Lanjut");
    newest(&person, "Nama: Budi Hartono\nNomor HP: +6281234500011\nArea: Ngaglik, Sleman").await;
    person.tap("✅ Kirim");
    person.expect("Pendaftaran terkirim").await;
    let waiting = w.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.name.as_str(), waiting.identity_photo), ("Budi Hartono", true));
}

async fn a_server_restart_keeps_the_conversation(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.t.person("Budi");
    person.send("/start");
    person.expect("1/5 Nama").await;
    person.send("Budi Santoso");
    person.expect("2/5 Nomor HP").await;
    // Another server takes over with nothing but the database.
    let mut t = w.t;
    let another = t.another().await;
    let _data = std::mem::replace(&mut t.app.dir, tempfile::tempdir().unwrap());
    let clock = t.app.clock.clone();
    drop(t.app);
    // A server that was killed holds its leases for a while.
    clock.advance(chrono::TimeDelta::minutes(2));
    person.send("/start");
    person.expect("Kita lanjutkan pendaftaran Anda").await;
    newest(&person, "2/5 Nomor HP").await;
    person.share_contact(PHONE);
    newest(&person, "3/5 Area").await;
    drop(another);
}

async fn cancelling_deletes_all_answers(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.t.person("Budi");
    to_summary(&person, PHONE, true).await;
    assert_eq!(files(&w), 1);
    person.send("/cancel");
    person.expect("Pendaftaran dibatalkan").await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while files(&w) > 0 {
        assert!(std::time::Instant::now() < deadline, "the photo is still there");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    person.tap("✅ Kirim");
    person.expect_toast("tidak berlaku").await;
    assert!(w.registrations(RegistrationStatus::Pending).await.is_empty());
}

/// Sealed files of the upload folder.
fn files(w: &World) -> usize {
    w.t.app.photo_files().len()
}

async fn a_location_is_accepted_as_the_area(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.t.person("Budi");
    person.send("/start");
    person.expect("1/5 Nama").await;
    person.tap("Budi");
    person.expect("2/5 Nomor HP").await;
    person.share_contact(PHONE);
    person.expect("3/5 Area").await;
    person.share_location(-7.71, 110.40);
    newest(&person, "4/5 Keahlian").await;
    person.tap("Splicing");
    person.expect_button("☑️ Splicing").await;
    person.tap("Lanjut");
    person.expect("5/5 Foto KTP").await;
    person.tap("Lewati");
    person.expect("Periksa dulu").await;
    person.tap("Kirim");
    person.expect("Pendaftaran terkirim").await;
    let waiting = w.registrations(RegistrationStatus::Pending).await.remove(0);
    assert_eq!((waiting.latitude, waiting.longitude), (Some(-7.71), Some(110.40)));
    w.office.expect("lihat di peta").await;
    w.office.tap("Setujui");
    person.expect("Selamat, Anda diterima").await;

    let all: Page<Technician> = w.admin.get("/technicians?q=Budi").await;
    assert_eq!(all.items[0].base_latitude, Some(-7.71));
}

async fn an_abandoned_registration_is_deleted_after_a_week(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.t.person("Budi");
    to_summary(&person, PHONE, true).await;
    let photos = photos::open_folder(&w.t.app.db, &w.t.app.uploads).await.unwrap();
    w.t.app.clock.advance(chrono::TimeDelta::days(6));
    bot::delete_abandoned_registrations(&w.t.app.db, &photos).await.unwrap();
    assert_eq!(files(&w), 1);
    w.t.app.clock.advance(chrono::TimeDelta::days(2));
    bot::delete_abandoned_registrations(&w.t.app.db, &photos).await.unwrap();
    assert_eq!(files(&w), 0);
    person.send("/start");
    newest(&person, "1/5 Nama").await;
}
