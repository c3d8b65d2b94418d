//! A town with technicians, jobs and a warehouse, and what its people do.

use std::collections::HashMap;

use db::{Db, Tx};
use diesel::prelude::*;
use server::bootstrap;
use server::config::{Config, Environment};
use services::inventory::{items, ledger, locations, movements};
use services::{
    Actor, Error, audit, auth::passwords, customers, jobs, settings, technicians, telegram, users,
};
use shared::inventory::{ItemInput, ItemUnit, Line, LocationQuery, ReceiptRequest};
use shared::job::{AssignRequest, JobCreate, JobType, TimelineKind};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::settings::{MaterialLine, Settings};
use shared::technician::TechnicianCreate;
use shared::{ChatId, JobId, Lang, Rupiah};
use telegram_fake::{Chat, FakeTelegram, TestUser};
use tempfile::TempDir;

use crate::harness::{customer_input, jpeg};

/// Technicians, each with one job: every other one has it assigned, the rest take one.
const TECHNICIANS: usize = 240;
/// Metres of cable that a job is planned with, and that it uses.
const METRES: i64 = 10;
/// People who register.
const APPLICANTS: usize = 80;
const REPORT: &str = "Konektor diganti, sinyal normal.";

/// The town.
pub struct Town {
    pub dir: TempDir,
    pub database_url: String,
    pub uploads_url: String,
    people: Vec<TestUser>,
    /// Those who want to become technicians.
    applicants: Vec<TestUser>,
}

impl Town {
    /// Makes everything that people need before the first server runs.
    pub async fn build(telegram: &FakeTelegram) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut town = Self {
            database_url: format!("sqlite://{}", dir.path().join("isp.db").display()),
            uploads_url: format!("file://{}", dir.path().join("uploads").display()),
            dir,
            people: Vec::new(),
            applicants: Vec::new(),
        };
        for number in 0..APPLICANTS {
            let name = format!("Pelamar {}", letters(number));
            town.applicants.push(telegram.user(8_000_000 + number as i64, &name));
        }
        for number in 0..TECHNICIANS {
            let person = telegram.user(9_000_000 + number as i64, &format!("Teknisi {number}"));
            person.open_chat();
            town.people.push(person);
        }
        let chats: Vec<ChatId> = town.people.iter().map(|person| ChatId(person.id())).collect();
        let (db, config) = town.open();
        let hash = passwords::hash("Sawah-Hijau-123", 4).unwrap();
        let cipher = config.encryption.clone();
        let fill = move |tx: &mut Tx<'_>| -> Result<(), Error> {
            let actor = users::system_actor(tx)?;
            stock(tx, &actor)?;
            let input = customer_input("Siti Rahayu");
            let customer = customers::create(tx, &cipher, &actor, &input)?;
            let mut open = Vec::new();
            // Before anybody is linked: nobody is sent two hundred offers.
            for _ in &chats {
                let wish = repair(customer.id);
                open.push(jobs::create(tx, &actor, &wish)?.id);
            }
            for (number, (chat, job)) in chats.iter().zip(open).enumerate() {
                let code = technician(tx, &actor, number, &hash)?;
                telegram::redeem_code(tx, *chat, Lang::Id, &code.1)?;
                if number.is_multiple_of(2) {
                    let request =
                        AssignRequest { technician_ids: vec![code.0], reason: None, auto: false };
                    jobs::assign(tx, &actor, job, &request)?;
                }
            }
            Ok(())
        };
        db.write(fill).await.unwrap();
        town
    }

    fn open(&self) -> (Db, Config) {
        let pairs = [
            ("DATABASE_URL", self.database_url.clone()),
            ("UPLOADS_URL", self.uploads_url.clone()),
            ("TELEGRAM_BOT_TOKEN", telegram_fake::TOKEN.to_owned()),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
        let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
        (bootstrap::open_database(&config, db::Purpose::Command).unwrap(), config)
    }

    /// What the person of this turn does, to its end; false if there is nobody left.
    pub async fn play(&self, turn: usize) -> bool {
        if turn % 4 == 3 {
            let Some(person) = self.applicants.get(turn / 4) else { return false };
            register(person, turn).await;
            return true;
        }
        let Some(person) = self.people.get(turn) else { return false };
        if turn.is_multiple_of(2) {
            person.expect_button("Terima").await;
            person.tap("Terima");
        } else {
            claim(person).await;
        }
        for label in ["Berangkat", "Sampai & mulai", "Selesai"] {
            person.expect_button(label).await;
            person.tap(label);
        }
        person.expect("Ketik laporan singkat").await;
        person.send(REPORT);
        person.expect("Kirim foto").await;
        person.send_photo(jpeg(), None);
        person.expect_button("Material sesuai").await;
        person.tap("Material sesuai");
        person.expect_button("Kirim & selesai").await;
        person.tap("Kirim & selesai");
        person.expect("selesai. Terima kasih").await;
        true
    }

    /// Whether the state is one that people could have reached by themselves.
    pub async fn holds(&self) {
        let (db, config) = self.open();
        let report = db.read(ledger::check).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.discrepancies);
        let cipher = config.encryption.clone();
        let chain = db.read(move |conn| audit::verify(conn, &cipher)).await.unwrap();
        assert!(chain.fault.is_none(), "{:?}", chain.fault.map(|fault| fault.to_string()));
        let (rows, traces, used, photos) = db.read(read).await.unwrap();
        let mut holders: HashMap<i64, usize> = HashMap::new();
        for (job, status) in rows {
            let count = |action: JobAction| {
                let of_job = |trace: &&(JobId, Option<JobAction>)| trace.0 == job;
                traces.iter().filter(of_job).filter(|trace| trace.1 == Some(action)).count()
            };
            let completed = status == JobStatus::Completed;
            assert_eq!(count(JobAction::Complete), usize::from(completed), "{job} once");
            assert!(count(JobAction::Claim) + count(JobAction::Accept) <= 1, "{job} taken once");
            assert_eq!(used.get(&job).copied().unwrap_or(0), if completed { METRES } else { 0 });
            if completed {
                assert!(photos.get(&job).copied().unwrap_or(0) >= 1, "{job} has its photo");
                *holders.entry(job.0).or_default() += 1;
            }
        }
        let ends = self.people.iter().filter(|person| is_done(&person.chat())).count();
        assert_eq!(
            ends,
            holders.len(),
            "whoever read that it is done has done it, and the reverse"
        );
        let sent = |person: &&TestUser| person.chat().find("Pendaftaran terkirim").is_some();
        let mut registered: Vec<i64> =
            self.applicants.iter().filter(sent).map(TestUser::id).collect();
        registered.sort_unstable();
        assert_eq!(db.read(waiting).await.unwrap(), registered, "each who sent it waits, once");
    }
}

fn waiting(conn: &mut db::Conn) -> Result<Vec<i64>, Error> {
    use db::schema::technician_registrations::dsl;
    Ok(dsl::technician_registrations.order(dsl::chat_id).select(dsl::chat_id).load(conn)?)
}

/// A name has no digits.
fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect()
}

/// From `/start` to the form that is sent off.
async fn register(person: &TestUser, turn: usize) {
    person.send("/start");
    person.expect("Ketik nama lengkap").await;
    person.send(&format!("Pelamar {}", letters(1_000 + turn)));
    person.expect("membagikan nomor HP").await;
    person.share_contact(&format!("+62813{turn:08}"));
    person.expect("Di mana Anda biasa bekerja").await;
    person.share_location(-7.71, 110.40);
    person.expect_button("Perbaikan").await;
    person.tap("Perbaikan");
    person.expect_button("☑️ Perbaikan").await;
    person.tap("Lanjut »");
    person.expect("Kirim satu foto KTP").await;
    person.tap("Lewati »");
    person.expect_button("✅ Kirim").await;
    person.tap("✅ Kirim");
    person.expect("Pendaftaran terkirim").await;
}

fn is_done(chat: &Chat) -> bool {
    chat.find("selesai. Terima kasih").is_some()
}

/// Looks for an open job until one is the own.
async fn claim(person: &TestUser) {
    loop {
        let before = newest(&person.chat());
        person.send("/jobs");
        let list = person
            .wait_for("the list", |chat| {
                let list = chat.button("GGN-").map(|(message, _)| message.id);
                list.filter(|id| *id > before)
            })
            .await;
        person.tap_on(list, "GGN-");
        let card = person
            .wait_for("the job", |chat| chat.last().filter(|last| last.id > list).cloned())
            .await;
        if !card.buttons.iter().flatten().any(|button| button.label.contains("Ambil")) {
            continue;
        }
        person.tap_on(card.id, "Ambil");
        let outcome = |chat: &Chat| {
            let card = chat.message(card.id)?;
            if chat.button("Berangkat").is_some() {
                return Some(true);
            }
            let lost = card.text.contains("diambil oleh") || card.text.contains("sudah selesai");
            lost.then_some(false)
        };
        if person.wait_for("the outcome of Ambil", outcome).await {
            return;
        }
    }
}

fn newest(chat: &Chat) -> i64 {
    chat.messages.last().map_or(0, |message| message.id)
}

fn repair(customer_id: shared::CustomerId) -> JobCreate {
    JobCreate {
        job_type: JobType::Repair,
        customer_id,
        priority: None,
        title: None,
        description: None,
        address: None,
        latitude: None,
        longitude: None,
        scheduled_start: None,
        scheduled_end: None,
    }
}

/// Cable in the warehouse, and the list that every repair gets.
fn stock(tx: &mut Tx<'_>, actor: &Actor) -> Result<(), Error> {
    let input = ItemInput {
        code: "DW-1C".into(),
        name: "Kabel dropcore".into(),
        category: "kabel".into(),
        unit: ItemUnit::Metre,
        serialized: false,
        min_stock: 0,
        price: Rupiah(1_000),
    };
    let cable = items::create(tx, actor, &input)?.id;
    let places = locations::list(tx.conn(), actor, &LocationQuery::default())?;
    let lines = vec![Line { item_id: cable, quantity: 100_000, serial_numbers: None }];
    let location_id = places.items[0].id;
    let receipt = ReceiptRequest { location_id, lines, supplier: None, invoice_number: None };
    movements::receive(tx, actor, &receipt)?;
    let mut wanted: Settings = settings::load(tx.conn())?;
    wanted.repair.materials = vec![MaterialLine { item_id: cable, quantity: METRES }];
    settings::update(tx, actor, None, &wanted)?;
    Ok(())
}

/// A technician, and the code that links the login.
fn technician(
    tx: &mut Tx<'_>,
    actor: &Actor,
    number: usize,
    hash: &str,
) -> Result<(shared::TechnicianId, String), Error> {
    let wish = TechnicianCreate {
        name: format!("Teknisi {number}"),
        phone: format!("0857{number:08}"),
        username: format!("teknisi.{number}"),
        password: String::new(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    };
    let made = technicians::create(tx, actor, &wish, hash)?;
    let own = Actor::for_user(made.user_id, made.name, shared::Role::User, Some(made.id));
    Ok((made.id, telegram::issue_code(tx, &own)?))
}

type Read = (
    Vec<(JobId, JobStatus)>,
    Vec<(JobId, Option<JobAction>)>,
    HashMap<JobId, i64>,
    HashMap<JobId, i64>,
);

fn read(conn: &mut db::Conn) -> Result<Read, Error> {
    use db::schema::{job_timeline, jobs, movements, photos};
    let rows = jobs::table.select((jobs::id, jobs::status)).load(conn)?;
    let traces = job_timeline::table
        .filter(job_timeline::kind.eq(TimelineKind::Transition))
        .select((job_timeline::job_id, job_timeline::action))
        .load(conn)?;
    let used: Vec<(Option<JobId>, i64)> = movements::table
        .filter(movements::kind.eq(shared::inventory::MovementKind::Usage))
        .select((movements::job_id, movements::quantity))
        .load(conn)?;
    let with_photo: Vec<JobId> = photos::table.select(photos::job_id).load(conn)?;
    let (mut sums, mut counts) = (HashMap::new(), HashMap::new());
    for (job, quantity) in used {
        if let Some(job) = job {
            *sums.entry(job).or_default() += quantity;
        }
    }
    for job in with_photo {
        *counts.entry(job).or_default() += 1;
    }
    Ok((rows, traces, sums, counts))
}
