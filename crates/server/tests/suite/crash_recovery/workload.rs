//! Users of the crash test: technicians who do their jobs and applicants who register.

use chrono::Utc;
use db::tables::{outbox, telegram_updates};
use db::{Conn, Db};
use diesel::{Connection, PgConnection, RunQueryDsl};
use server::bootstrap;
use server::config::{Config, Environment};
use shared::ChatId;
use shared::notification::{Channel, MessageStatus};
use telegram_fake::{Chat, FakeTelegram, TestUser};
use tempfile::TempDir;

use super::data::{insert_repairs, insert_technicians};
use crate::harness::server_process::ServerSetup;
use crate::harness::{Backend, new_postgres_database, new_sqlite_database, sample_jpeg, temp_dir};

/// Technicians, each with one job: every other job is assigned, the others are claimed.
const TECHNICIANS: usize = 240;
const APPLICANTS: usize = 80;
const REPORT: &str = "Konektor diganti, sinyal normal.";

/// Database, configuration and Telegram users of a crash test.
pub struct Workload {
    backend: Backend,
    dir: TempDir,
    database_url: String,
    pub(super) technicians: Vec<TestUser>,
    pub(super) applicants: Vec<TestUser>,
}

impl Workload {
    /// Creates the database with everything that exists before the first server runs.
    pub async fn build(backend: Backend, telegram: &FakeTelegram) -> Self {
        let dir = temp_dir();
        let database_url = match backend {
            Backend::Sqlite => new_sqlite_database(&dir.path().join("isp.db")),
            Backend::Postgres => new_postgres_database(),
        };
        let applicant = |number: usize| {
            let name = format!("Pelamar {}", as_letters(number));
            telegram.user(8_000_000 + number as i64, &name)
        };
        let technician = |number: usize| {
            let user = telegram.user(9_000_000 + number as i64, &format!("Teknisi {number}"));
            user.open_chat();
            user
        };
        let workload = Self {
            backend,
            dir,
            database_url,
            technicians: (0..TECHNICIANS).map(technician).collect(),
            applicants: (0..APPLICANTS).map(applicant).collect(),
        };
        let chats: Vec<ChatId> = workload.technicians.iter().map(|it| ChatId(it.id())).collect();
        let (db, config) = workload.open();
        let cipher = config.encryption.clone();
        let count = chats.len();
        let repairs = db.write(move |tx| insert_repairs(tx, &cipher, count)).await.unwrap();
        db.write(move |tx| insert_technicians(tx, &chats, &repairs)).await.unwrap();
        workload
    }

    /// Configures a server process on this database.
    pub fn setup(&self) -> ServerSetup {
        let setup = ServerSetup::sqlite(self.dir.path());
        ServerSetup { database_url: self.database_url.clone(), ..setup }
    }

    /// Opens the database. It must be closed before a server runs: a second process with an open
    /// SQLite file would spare the server the recovery after a kill.
    pub(super) fn open(&self) -> (Db, Config) {
        let pairs = [
            ("DATABASE_URL", self.database_url.clone()),
            ("UPLOADS_URL", format!("file://{}", self.dir.path().join("uploads").display())),
            ("TELEGRAM_BOT_TOKEN", telegram_fake::TOKEN.to_owned()),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
        let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
        (bootstrap::open_database(&config, db::Purpose::Command).unwrap(), config)
    }

    /// Ends the leases and claims of a killed server, as if their time had run out. On SQLite the
    /// next server does so itself when it starts, because there is no other one.
    pub fn expire_leases(&self) {
        if self.backend == Backend::Sqlite {
            return;
        }
        let mut conn = Conn::Postgres(PgConnection::establish(&self.database_url).unwrap());
        diesel::delete(db::schema::leases::table).execute(&mut conn).unwrap();
        telegram_updates::release_all(&mut conn).unwrap();
        let (now, channel) = (Utc::now().naive_utc(), Channel::Telegram);
        outbox::release_all_claims(&mut conn, channel, now, MessageStatus::Pending).unwrap();
    }

    /// Plays the user of this turn to the end. Returns false if there is none left.
    pub async fn run_user(&self, turn: usize) -> bool {
        if turn % 4 == 3 {
            let Some(user) = self.applicants.get(turn / 4) else { return false };
            register(user, turn).await;
            return true;
        }
        let Some(user) = self.technicians.get(turn) else { return false };
        if turn.is_multiple_of(2) {
            user.expect_button("Terima").await;
            user.tap("Terima");
        } else {
            claim(user).await;
        }
        for label in ["Berangkat", "Sampai & mulai", "Selesai"] {
            user.expect_button(label).await;
            user.tap(label);
        }
        user.expect("Ketik laporan singkat").await;
        user.send(REPORT);
        user.expect("Kirim foto").await;
        user.send_photo(sample_jpeg(), None);
        user.expect_button("Material sesuai").await;
        user.tap("Material sesuai");
        user.expect_button("Kirim & selesai").await;
        user.tap("Kirim & selesai");
        user.expect("selesai. Terima kasih").await;
        true
    }
}

/// Writes a number in letters, because a name has no digits.
fn as_letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect()
}

/// Registers as a technician, from `/start` to the submitted form.
async fn register(user: &TestUser, turn: usize) {
    user.send("/start");
    user.expect("Ketik nama lengkap").await;
    user.send(&format!("Pelamar {}", as_letters(1_000 + turn)));
    user.expect("membagikan nomor HP").await;
    user.share_contact(&format!("+62813{turn:08}"));
    user.expect("Di mana Anda biasa bekerja").await;
    user.share_location(-7.71, 110.40);
    user.expect_button("Perbaikan").await;
    user.tap("Perbaikan");
    user.expect_button("☑️ Perbaikan").await;
    user.tap("Lanjut »");
    user.expect("Kirim satu foto KTP").await;
    user.tap("Lewati »");
    user.expect_button("✅ Kirim").await;
    user.tap("✅ Kirim");
    user.expect("Pendaftaran terkirim").await;
}

/// Claims open jobs from the list until one claim succeeds.
async fn claim(user: &TestUser) {
    loop {
        let before = newest_id(&user.chat());
        user.send("/jobs");
        let list = user
            .wait_for("the list", |chat| {
                let list = chat.button("GGN-").map(|(message, _)| message.id);
                list.filter(|id| *id > before)
            })
            .await;
        user.tap_on(list, "GGN-");
        let card = user
            .wait_for("the job", |chat| chat.last().filter(|last| last.id > list).cloned())
            .await;
        if !card.buttons.iter().flatten().any(|button| button.label.contains("Ambil")) {
            continue;
        }
        user.tap_on(card.id, "Ambil");
        let outcome = |chat: &Chat| {
            let card = chat.message(card.id)?;
            if chat.button("Berangkat").is_some() {
                return Some(true);
            }
            let lost = card.text.contains("diambil oleh") || card.text.contains("sudah selesai");
            lost.then_some(false)
        };
        if user.wait_for("the outcome of Ambil", outcome).await {
            return;
        }
    }
}

fn newest_id(chat: &Chat) -> i64 {
    chat.messages.last().map_or(0, |message| message.id)
}
