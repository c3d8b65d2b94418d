//! Registration as a technician in the chat.

mod application;
mod gestures;
mod invalid_input;
mod review;

use shared::settings::Settings;
use shared::technician_registration::{RegistrationStatus, TechnicianRegistration};
use shared::{Page, Role};
use telegram_fake::{Chat, TestUser};

use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client, sample_jpeg};

pub const PHONE: &str = "6281234500011";

/// Server with two service areas and an admin with a linked chat.
pub struct Fixture {
    pub bot_app: TelegramApp,
    pub admin: Client,
    pub office: TestUser,
}

impl Fixture {
    pub async fn new(backend: Backend) -> Self {
        let bot_app = TelegramApp::start(backend).await;
        let superadmin = bot_app.app.sign_in_as(Role::Superadmin).await;
        let mut settings: Settings = superadmin.get("/settings").await;
        settings.service_areas = vec!["Depok".into(), "Mlati".into()];
        let _: Settings = superadmin.put("/settings", settings.version, &settings).await;
        let (admin, office) = bot_app.office_user(Role::Admin, "Ani").await;
        Self { bot_app, admin, office }
    }

    /// Lists the registrations with this status.
    pub async fn registrations(&self, status: RegistrationStatus) -> Vec<TechnicianRegistration> {
        let path = format!("/technician-registrations?status={status}");
        self.admin.get::<Page<TechnicianRegistration>>(&path).await.items
    }

    /// Creates an applicant who has submitted a registration.
    pub async fn applicant(&self, name: &str, phone: &str) -> TestUser {
        let person = self.bot_app.unknown_user(name);
        answer_all_questions(&person, phone, true).await;
        person.tap("Kirim");
        person.expect("Pendaftaran terkirim").await;
        person
    }
}

/// Waits until the newest message of the bot contains this text.
pub async fn wait_for_newest(person: &TestUser, text: &str) {
    let says = |chat: &Chat| chat.last().is_some_and(|last| last.text.contains(text)).then_some(());
    person.wait_for(text, says).await;
}

/// Answers every question up to the summary.
pub async fn answer_all_questions(person: &TestUser, phone: &str, with_photo: bool) {
    person.send("/start");
    wait_for_newest(person, "1/5 Nama").await;
    person.send("Budi Santoso");
    wait_for_newest(person, "2/5 Nomor HP").await;
    person.share_contact(phone);
    wait_for_newest(person, "3/5 Area").await;
    person.tap("Depok");
    wait_for_newest(person, "4/5 Keahlian").await;
    person.tap("Pemasangan");
    person.expect_button("☑️ Pemasangan").await;
    person.tap("Lanjut");
    wait_for_newest(person, "5/5 Foto KTP").await;
    if with_photo {
        person.send_photo(sample_jpeg(), None);
    } else {
        person.tap("Lewati");
    }
    wait_for_newest(person, "Periksa dulu").await;
}
