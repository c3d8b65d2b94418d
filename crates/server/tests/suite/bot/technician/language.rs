//! The language of a chat.

use telegram_fake::TestUser;

use super::fixtures::{Fixture, MODEM, press_button};
use crate::bot::registration;
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_english_technician_works_in_english_from_the_notice_to_the_receipt,
    a_button_of_the_profile_changes_the_language_of_later_notices,
    an_unknown_language_is_answered_in_indonesian,
    an_english_applicant_is_answered_in_english,
    the_command_menu_exists_in_every_language,
);

async fn an_english_technician_works_in_english_from_the_notice_to_the_receipt(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let phone = fixture.bot_app.technician_with_language(&fixture.admin, "Budi", "en-GB").await;
    phone.expect("now linked to the account Budi").await;
    let job = fixture.installation().await;
    phone.expect("· Installation · 🔴 Urgent").await;
    phone.expect("🧰 50 m Kabel dropcore").await;
    for (label, toast) in [
        ("✅ Take", "This job is yours."),
        ("🛵 Set off", "Safe travels."),
        ("🔧 Arrived, start", "Started. Good luck."),
    ] {
        press_button(&phone, &job.number, label).await;
        phone.expect_toast(toast).await;
    }
    press_button(&phone, &job.number, "🏁 Complete").await;
    phone.expect("What was done?").await;
    phone.send("Pulled the cable, installed the modem");
    phone.expect("Send photos").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("✅ Photos: 1/1 (After 1)").await;
    phone.tap(MODEM);
    phone.expect("Type it, for example -21.5").await;
    phone.send("21.5");
    phone.expect("Recorded as -21.5 dBm.").await;
    phone.tap("Material correct");
    phone.expect("Everything is complete. Send it?").await;
    phone.tap("Send & complete");
    phone.expect("is completed. Thank you!").await;
    phone.expect_toast("Sent.").await;
}

async fn a_button_of_the_profile_changes_the_language_of_later_notices(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    phone.send("/profile");
    phone.expect("Keahlian").await;
    phone.tap("🌐 English");
    phone.expect_toast("Language changed.").await;
    phone.expect("Skills").await;
    let first = fixture.repair().await;
    phone.expect(&format!("{} · Repair", first.number)).await;
    phone.send("/bag");
    phone.expect("Your bag is empty.").await;
    press_button(&phone, "Skills", "🌐 Bahasa Indonesia").await;
    phone.expect("Keahlian").await;
    let second = fixture.repair().await;
    phone.expect(&format!("{} · Gangguan", second.number)).await;
}

async fn an_unknown_language_is_answered_in_indonesian(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let stranger = fixture.bot_app.unknown_user("Jan");
    stranger.set_language("nl");
    stranger.send("/help");
    stranger.expect("Chat ini belum terhubung ke akun mana pun.").await;
}

async fn an_english_applicant_is_answered_in_english(backend: Backend) {
    let fixture = registration::Fixture::new(backend).await;
    let person = fixture.bot_app.unknown_user("Budi");
    person.set_language("en");
    apply(&person).await;
    fixture.office.expect("Pendaftaran teknisi baru").await;
    fixture.office.tap("Tolak");
    fixture.office.expect_button("Belum ada lowongan").await;
    fixture.office.tap("Belum ada lowongan");
    person.expect("Sorry, we cannot accept your application").await;
    apply(&person).await;
    fixture.office.expect_button("Setujui").await;
    fixture.office.tap("Setujui");
    person.expect("Congratulations, you were accepted as a technician!").await;
    person.send("/myjobs");
    person.expect("You have no jobs.").await;
}

async fn apply(person: &TestUser) {
    person.send("/start");
    registration::wait_for_newest(person, "1/5 Name").await;
    person.send("Budi Santoso");
    registration::wait_for_newest(person, "2/5 Phone number").await;
    person.share_contact(registration::PHONE);
    registration::wait_for_newest(person, "3/5 Area").await;
    person.tap("Depok");
    registration::wait_for_newest(person, "4/5 Skills").await;
    person.tap("Installation");
    person.expect_button("☑️ Installation").await;
    person.tap("Next");
    registration::wait_for_newest(person, "5/5 ID card photo").await;
    person.tap("Skip");
    registration::wait_for_newest(person, "Please check").await;
    person.tap("✅ Send");
    person.expect("Application sent.").await;
}

async fn the_command_menu_exists_in_every_language(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let telegram = &fixture.bot_app.telegram;
    while telegram.commands_in("en") == telegram.commands() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let description = |menu: Vec<(String, String)>| menu[0].1.clone();
    assert_eq!(description(telegram.commands()), "pekerjaan yang bisa diambil");
    assert_eq!(description(telegram.commands_in("en")), "jobs you can take");
}
