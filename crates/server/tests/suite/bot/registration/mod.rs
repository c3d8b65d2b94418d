//! Somebody becomes a technician in the chat.

mod application;
mod invalid_input;
mod review;

use shared::settings::Settings;
use shared::technician_registration::{RegistrationStatus, TechnicianRegistration};
use shared::{Page, Role};
use telegram_fake::{Chat, TestUser};

use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client, jpeg};

pub const PHONE: &str = "6281234500011";

/// An organisation with two areas, and an administrator with a phone.
pub struct World {
    pub t: TelegramApp,
    pub admin: Client,
    pub office: TestUser,
}

impl World {
    pub async fn new(backend: Backend) -> Self {
        let t = TelegramApp::start(backend).await;
        let boss = t.app.login(Role::Superadmin).await;
        let mut settings: Settings = boss.get("/settings").await;
        settings.service_areas = vec!["Depok".into(), "Mlati".into()];
        let _: Settings = boss.put("/settings", settings.version, &settings).await;
        let (admin, office) = t.office(Role::Admin, "Ani").await;
        Self { t, admin, office }
    }

    /// The registrations with this status.
    pub async fn registrations(&self, status: RegistrationStatus) -> Vec<TechnicianRegistration> {
        let path = format!("/technician-registrations?status={status}");
        self.admin.get::<Page<TechnicianRegistration>>(&path).await.items
    }

    /// Somebody who has answered everything and waits.
    pub async fn applicant(&self, name: &str, phone: &str) -> TestUser {
        let person = self.t.person(name);
        to_summary(&person, phone, true).await;
        person.tap("Kirim");
        person.expect("Pendaftaran terkirim").await;
        person
    }
}

/// Waits until the newest message of the bot says this.
pub async fn newest(person: &TestUser, text: &str) {
    let says = |chat: &Chat| chat.last().is_some_and(|last| last.text.contains(text)).then_some(());
    person.wait_for(text, says).await;
}

/// Answers every question, up to the summary.
pub async fn to_summary(person: &TestUser, phone: &str, with_photo: bool) {
    person.send("/start");
    newest(person, "1/5 Nama").await;
    person.send("Budi Santoso");
    newest(person, "2/5 Nomor HP").await;
    person.share_contact(phone);
    newest(person, "3/5 Area").await;
    person.tap("Depok");
    newest(person, "4/5 Keahlian").await;
    person.tap("Pemasangan");
    person.expect_button("☑️ Pemasangan").await;
    person.tap("Lanjut");
    newest(person, "5/5 Foto KTP").await;
    if with_photo {
        person.send_photo(jpeg(), None);
    } else {
        person.tap("Lewati");
    }
    newest(person, "Periksa dulu").await;
}
