//! Server with a fake Telegram, and users who chat with the bot.

use std::time::Duration;

use db::{Clock, Tx};
use notify::ChannelLimits;
use notify::telegram::LIMITS;
use reqwest::Method;
use services::{Actor, telegram};
use shared::customer::Customer;
use shared::job::{Job, JobType};
use shared::session::SignedInUser;
use shared::technician::Technician;
use shared::{ChatId, Lang, Role, TechnicianId, UserId};
use telegram_fake::{FakeTelegram, TestUser};

use super::{
    Backend, Client, TestApp, TestTechnician, assign_job, create_technician, customer_input,
    job_request, unique,
};

/// Secret token of webhook requests.
pub const WEBHOOK_SECRET: &str = "rahasia-webhook-untuk-uji";

/// Rate limits that delay no test.
pub fn fast() -> ChannelLimits {
    ChannelLimits { per_second: 10_000, address_interval: Duration::ZERO, ..LIMITS }
}

/// Server with a fake Telegram.
pub struct TelegramApp {
    pub app: TestApp,
    pub telegram: FakeTelegram,
}

impl TelegramApp {
    /// Starts both with a fixed clock.
    pub async fn start(backend: Backend) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let app = TestApp::start_with(backend, &variables(&telegram, &url)).await;
        Self::with_clock(app, telegram)
    }

    /// Starts both with a running clock and these rate limits.
    pub async fn start_with_running_clock(backend: Backend, limits: ChannelLimits) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let app =
            TestApp::start_with_running_clock(backend, &variables(&telegram, &url), limits).await;
        Self::with_clock(app, telegram)
    }

    /// Starts both with a webhook.
    pub async fn start_with_webhook(backend: Backend) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let mut variables = variables(&telegram, &url).to_vec();
        variables.push(("TELEGRAM_WEBHOOK_URL", "{base}/api/telegram/webhook"));
        variables.push(("TELEGRAM_WEBHOOK_SECRET", WEBHOOK_SECRET));
        let app = TestApp::start_with(backend, &variables).await;
        Self::with_clock(app, telegram)
    }

    /// Telegram dates messages by the clock of the server.
    fn with_clock(app: TestApp, telegram: FakeTelegram) -> Self {
        let clock = app.clock.clone();
        telegram.set_clock(move || clock.now().timestamp());
        Self { app, telegram }
    }

    /// Starts another server on the same database, with the same Telegram.
    pub async fn start_instance(&self) -> TestApp {
        let url = self.telegram.api_url();
        self.app.start_instance(&variables(&self.telegram, &url)).await
    }

    /// Creates a Telegram user without a linked account.
    pub fn unknown_user(&self, name: &str) -> TestUser {
        self.telegram.user(i64::from(unique()) + 5_000_000, name)
    }

    /// Creates a technician with a linked chat.
    pub async fn technician(&self, admin: &Client, name: &str) -> (TestTechnician, TestUser) {
        let technician = create_technician(&self.app, admin, name).await;
        let record: Technician = admin.get(&format!("/technicians/{}", technician.id)).await;
        let person = self.unknown_user(name);
        self.link(record.user_id, &person).await;
        (technician, person)
    }

    /// A technician who has linked a phone with this language by sending a code to the bot.
    pub async fn technician_with_language(
        &self,
        admin: &Client,
        name: &str,
        language: &'static str,
    ) -> TestUser {
        let technician = create_technician(&self.app, admin, name).await;
        let record: Technician = admin.get(&format!("/technicians/{}", technician.id)).await;
        let person = self.unknown_user(name);
        person.set_language(language);
        let actor = Actor::for_user(record.user_id, String::new(), Role::User, None);
        let issue = move |tx: &mut Tx<'_>| telegram::issue_code(tx, &actor);
        let code = self.app.db.write(issue).await.unwrap();
        person.send(&format!("/start {code}"));
        person
    }

    /// Creates a repair for a new customer that is assigned to this technician.
    pub async fn repair_for(&self, admin: &Client, technician: TechnicianId) -> Job {
        let customer: Customer = admin.post("/customers", &customer_input("Wati")).await;
        let job: Job = admin.post("/jobs", &job_request(&customer, JobType::Repair)).await;
        assign_job(admin, job.id, &[technician]).await
    }

    /// Creates an office user with a linked chat.
    pub async fn office_user(&self, role: Role, name: &str) -> (Client, TestUser) {
        let client = self.app.sign_in_as(role).await;
        let person = self.unknown_user(name);
        self.link(user_id(&client).await, &person).await;
        (client, person)
    }

    /// Links an account and a chat by a one-time code, as the profile page issues it.
    pub async fn link(&self, user: UserId, person: &TestUser) {
        person.open_chat();
        let chat = ChatId(person.id());
        let redeem = move |tx: &mut Tx<'_>| {
            let actor = Actor::for_user(user, String::new(), Role::User, None);
            let code = telegram::issue_code(tx, &actor)?;
            telegram::redeem_code(tx, chat, Lang::Id, &code)
        };
        self.app.db.write(redeem).await.unwrap();
    }
}

/// Returns the user id of a client.
pub async fn user_id(client: &Client) -> UserId {
    let response = client.request(Method::GET, "/auth/profile").send().await.unwrap();
    response.json::<SignedInUser>().await.unwrap().id
}

fn variables<'a>(telegram: &FakeTelegram, url: &'a str) -> [(&'a str, &'a str); 2] {
    [("TELEGRAM_BOT_TOKEN", telegram.token()), ("TELEGRAM_API_URL", url)]
}
