//! People who chat with the bot.

use std::time::Duration;

use db::Tx;
use notify::ChannelLimits;
use notify::telegram::LIMITS;
use reqwest::Method;
use services::{Actor, telegram};
use shared::session::SignedInUser;
use shared::technician::Technician;
use shared::{ChatId, Role, UserId};
use telegram_fake::{FakeTelegram, TestUser};

use super::{Backend, Client, TestApp, TestTechnician, technician, unique};

/// What Telegram proves itself with.
pub const WEBHOOK_SECRET: &str = "rahasia-webhook-untuk-uji";

/// Limits that no test waits for.
pub fn fast() -> ChannelLimits {
    ChannelLimits { per_second: 10_000, address_interval: Duration::ZERO, ..LIMITS }
}

/// A server with a Telegram of its own.
pub struct TelegramApp {
    pub app: TestApp,
    pub telegram: FakeTelegram,
}

impl TelegramApp {
    /// Starts both. The server's clock stands still.
    pub async fn start(backend: Backend) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let app = TestApp::start_with(backend, &variables(&telegram, &url)).await;
        Self { app, telegram }
    }

    /// Starts both. The server's clock runs, and it sends no faster than this.
    pub async fn start_running(backend: Backend, limits: ChannelLimits) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let app = TestApp::start_running(backend, &variables(&telegram, &url), limits).await;
        Self { app, telegram }
    }

    /// Starts both; Telegram brings its updates to the server.
    pub async fn start_with_webhook(backend: Backend) -> Self {
        let telegram = FakeTelegram::start();
        let url = telegram.api_url();
        let mut variables = variables(&telegram, &url).to_vec();
        variables.push(("TELEGRAM_WEBHOOK_URL", "{base}/api/telegram/webhook"));
        variables.push(("TELEGRAM_WEBHOOK_SECRET", WEBHOOK_SECRET));
        let app = TestApp::start_with(backend, &variables).await;
        Self { app, telegram }
    }

    /// Another server on the same database, with the same Telegram.
    pub async fn another(&self) -> TestApp {
        let url = self.telegram.api_url();
        self.app.another(&variables(&self.telegram, &url)).await
    }

    /// Somebody with a phone, whom nobody knows yet.
    pub fn person(&self, name: &str) -> TestUser {
        self.telegram.user(i64::from(unique()) + 5_000_000, name)
    }

    /// A technician whose phone is linked.
    pub async fn technician(&self, admin: &Client, name: &str) -> (TestTechnician, TestUser) {
        let technician = technician(&self.app, admin, name).await;
        let record: Technician = admin.get(&format!("/technicians/{}", technician.id)).await;
        let person = self.person(name);
        self.link(record.user_id, &person).await;
        (technician, person)
    }

    /// Somebody of the office whose phone is linked.
    pub async fn office(&self, role: Role, name: &str) -> (Client, TestUser) {
        let client = self.app.login(role).await;
        let person = self.person(name);
        self.link(user_id(&client).await, &person).await;
        (client, person)
    }

    /// Links a login with a phone, by a one-time code as the profile page gives it.
    pub async fn link(&self, user: UserId, person: &TestUser) {
        person.open_chat();
        let chat = ChatId(person.id());
        let redeem = move |tx: &mut Tx<'_>| {
            let actor = Actor::for_user(user, String::new(), Role::User, None);
            let code = telegram::issue_code(tx, &actor)?;
            telegram::redeem_code(tx, chat, &code)
        };
        self.app.db.write(redeem).await.unwrap();
    }
}

/// The login of a client.
pub async fn user_id(client: &Client) -> UserId {
    let response = client.request(Method::GET, "/auth/profile").send().await.unwrap();
    response.json::<SignedInUser>().await.unwrap().id
}

fn variables<'a>(telegram: &FakeTelegram, url: &'a str) -> [(&'a str, &'a str); 2] {
    [("TELEGRAM_BOT_TOKEN", telegram.token()), ("TELEGRAM_API_URL", url)]
}
