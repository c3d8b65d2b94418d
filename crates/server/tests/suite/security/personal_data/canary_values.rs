//! Values that stand nowhere else, and who may read them: written out by hand, as a second opinion
//! beside the table of the product.

use chrono::{DateTime, Utc};
use reqwest::Method;
use services::Actor;
use services::technician_registrations::Applicant;
use shared::customer::{Customer, CustomerInput};
use shared::import::ImportReport;
use shared::job::{Job, JobUpdate};
use shared::session::LoginRequest;
use shared::technician::{SkillKind, Technician, TechnicianUpdate};
use shared::technician_registration::TechnicianApplication;
use shared::user::{User, UserCreate, UserUpdate};
use shared::{ChatId, Lang, Role};

use crate::audit::run_sql;
use crate::harness::client::expect;
use crate::harness::{Client, PASSWORD};
use crate::security::fixtures::{Belongings, World};

/// A value and everybody who may read it, and does so somewhere.
pub struct Planted {
    pub what: &'static str,
    pub value: &'static str,
    pub readers: &'static [&'static str],
}

impl Planted {
    /// Whether this reader may read it.
    pub fn is_for(&self, reader: &str) -> bool {
        self.readers.contains(&reader)
    }
}

const fn row(what: &'static str, value: &'static str, readers: &'static [&'static str]) -> Planted {
    Planted { what, value, readers }
}

/// Phone numbers and e-mail addresses of customers.
const CONTACT: &[&str] = &["superadmin", "admin", "cs", "key:everything", "key:customers"];
const OWN_CONTACT: &[&str] =
    &["superadmin", "admin", "cs", "technician", "key:everything", "key:customers"];
/// What stands in the list of customers besides.
const CUSTOMER: &[&str] =
    &["superadmin", "admin", "manager", "cs", "key:everything", "key:customers"];
const OWN_CUSTOMER: &[&str] =
    &["superadmin", "admin", "manager", "cs", "technician", "key:everything", "key:customers"];
/// What stands in the list of customers and in jobs.
const NAME: &[&str] = &[
    "superadmin",
    "admin",
    "manager",
    "cs",
    "gudang",
    "key:everything",
    "key:customers",
    "key:jobs",
];
const OWN_NAME: &[&str] = &[
    "superadmin",
    "admin",
    "manager",
    "cs",
    "gudang",
    "technician",
    "key:everything",
    "key:customers",
    "key:jobs",
];
/// What stands in jobs.
const JOB: &[&str] =
    &["superadmin", "admin", "manager", "cs", "gudang", "key:everything", "key:jobs"];
const OWN_JOB: &[&str] =
    &["superadmin", "admin", "manager", "cs", "gudang", "technician", "key:everything", "key:jobs"];
/// The whole identity number, by an operation of its own.
const IDENTITY: &[&str] = &["superadmin", "admin", "cs", "key:everything"];
const TECHNICIAN: &[&str] = &["superadmin", "admin", "manager", "cs", "gudang", "key:everything"];
const APPLICANT: &[&str] = &["superadmin", "admin", "key:everything"];
const LOGIN: &[&str] = &["superadmin", "admin"];

const CHAT: i64 = 7_770_001_234_567;

/// The expectation.
pub const TABLE: &[Planted] = &[
    row("phone, own", "81177700011", OWN_CONTACT),
    row("phone, foreign", "81177700022", CONTACT),
    row("former phone, own", "81177700033", &["superadmin", "admin", "key:everything"]),
    row("e-mail, own", "zulfikarsatu@", OWN_CONTACT),
    row("e-mail, foreign", "zulfikardua@", CONTACT),
    row("NIK", "340412700190", IDENTITY),
    row("name, own", "Zubaidahsatu", OWN_NAME),
    row("name, foreign", "Zubaidahdua", NAME),
    row("notes, own", "Zakariasatu", OWN_CUSTOMER),
    row("notes, foreign", "Zakariadua", CUSTOMER),
    row("address, own", "Zamrudsatu", OWN_CUSTOMER),
    row("address, foreign", "Zamruddua", CUSTOMER),
    row("coordinates, own", "-7.654311", OWN_CUSTOMER),
    row("coordinates, foreign", "-7.654322", CUSTOMER),
    row("job address, own", "Zaitunsatu", OWN_JOB),
    row("job address, foreign", "Zaitundua", JOB),
    row("job text, own", "Zirkonsatu", OWN_JOB),
    row("job text, foreign", "Zirkondua", JOB),
    row("job coordinates, own", "-7.655511", OWN_JOB),
    row("job coordinates, foreign", "-7.655522", JOB),
    row("photo's place, own", "-7.656611", OWN_JOB),
    row("technician's phone, own", "85577700011", TECHNICIAN),
    row("technician's phone, foreign", "85577700022", TECHNICIAN),
    row("technician's home, own", "-7.657711", TECHNICIAN),
    row("technician's home, foreign", "-7.657722", TECHNICIAN),
    row("applicant's phone", "81977700041", APPLICANT),
    row("applicant's name", "Zulfapelamar", APPLICANT),
    row("applicant's name in Telegram", "Zulfatelegram", APPLICANT),
    row("applicant's place", "-7.658844", APPLICANT),
    row("user name", "zainalmasuk", LOGIN),
    row("name of a login", "Zainalnama", LOGIN),
    row("Telegram chat", "7770001234567", LOGIN),
    row("network address", "198.51.100.77", &["superadmin", "admin", "cs"]),
    row("device", "Zeppelin-Browser", &["cs"]),
];

/// Puts all of them where they belong, with traces in the audit.
pub async fn plant(world: &World) {
    let boss = &world.callers[0].client;
    for (things, word, digit) in [(&world.own, "satu", 1), (&world.foreign, "dua", 2)] {
        customer(boss, things, word, digit).await;
        job(boss, things, word, digit).await;
        technician(boss, things, digit).await;
        let place =
            format!("UPDATE photos SET latitude = -7.6566{digit}{digit}, longitude = 110.4");
        run_sql(&world.app, &format!("{place} WHERE id = {}", things.photo)).await.unwrap();
    }
    applicant(world).await;
    login(world, boss).await;
    let cs = world.callers.iter().find(|caller| caller.role == Role::Cs).unwrap();
    device(world, &cs.client).await;
}

fn degrees(start: &str, digit: u8) -> Option<f64> {
    format!("{start}{digit}{digit}").parse().ok()
}

async fn customer(boss: &Client, things: &Belongings, word: &str, digit: u8) {
    let path = format!("/customers/{}", things.customer);
    let was: Customer = boss.get(&path).await;
    let input = CustomerInput {
        name: format!("Zubaidah{word}"),
        phone: format!("0811777000{digit}{digit}"),
        email: Some(format!("zulfikar{word}@contoh.id")),
        address: format!("Gang Zamrud{word}"),
        latitude: degrees("-7.6543", digit),
        longitude: Some(110.4),
        nik: Some(format!("340412700{digit}{}0001", if digit == 1 { "90" } else { "80" })),
        notes: Some(format!("Zakaria{word}")),
        ..CustomerInput::default()
    };
    let first = match digit {
        // One who had another number before: the audit alone knows it.
        1 => CustomerInput { phone: "081177700033".into(), ..input.clone() },
        _ => input.clone(),
    };
    let was: Customer = boss.put(&path, was.version, &first).await;
    let is: Customer = boss.put(&path, was.version, &input).await;
    // And by a spreadsheet, which leaves traces of its own.
    let row = format!(
        "No Pelanggan;Nama;No HP;Alamat;ODP\n{};{};{};{};ODP-{digit}\n",
        is.number, input.name, input.phone, input.address
    );
    let path = "/customers/import?dry_run=false";
    let report: ImportReport =
        expect(boss.upload(path, "data.csv", row.into_bytes(), &[]).await).await;
    assert_eq!(report.updated, 1, "{report:?}");
}

async fn job(boss: &Client, things: &Belongings, word: &str, digit: u8) {
    let path = format!("/jobs/{}", things.job);
    let was: Job = boss.get(&path).await;
    let update = JobUpdate {
        priority: was.priority,
        title: format!("Zirkon{word}"),
        description: Some(format!("Zirkon{word}")),
        address: format!("Gang Zaitun{word}"),
        latitude: degrees("-7.6555", digit),
        longitude: Some(110.4),
        scheduled_start: None::<DateTime<Utc>>,
        scheduled_end: None,
    };
    let _: Job = boss.put(&path, was.version, &update).await;
}

async fn technician(boss: &Client, things: &Belongings, digit: u8) {
    let path = format!("/technicians/{}", things.technician.id);
    let was: Technician = boss.get(&path).await;
    let update = TechnicianUpdate {
        name: was.name,
        phone: format!("0855777000{digit}{digit}"),
        skills: Vec::new(),
        base_latitude: degrees("-7.6577", digit),
        base_longitude: Some(110.4),
        on_duty: true,
        active: true,
    };
    let _: Technician = boss.put(&path, was.version, &update).await;
}

async fn applicant(world: &World) {
    let application = TechnicianApplication {
        name: "Zulfapelamar".into(),
        phone: "081977700041".into(),
        area: None,
        place: shared::Coordinates::new(-7.658_844, 110.4),
        skills: vec![SkillKind::Repair],
    };
    let submit = move |tx: &mut db::Tx<'_>| {
        let applicant =
            Applicant { chat: ChatId(9_000_001), telegram_name: "Zulfatelegram", lang: Lang::Id };
        services::technician_registrations::submit(tx, &applicant, &application, None)
    };
    world.app.db.write(submit).await.unwrap();
}

/// A login that somebody renamed and that acts in a chat.
async fn login(world: &World, boss: &Client) {
    let create = UserCreate {
        username: "zainalmasuk".into(),
        name: "Zainal".into(),
        role: Role::Cs,
        password: PASSWORD.into(),
    };
    let made: User = boss.post("/users", &create).await;
    let actor = Actor::for_user(made.id, made.name, Role::Cs, None);
    let link = move |tx: &mut db::Tx<'_>| {
        let code = services::telegram::issue_code(tx, &actor)?;
        services::telegram::redeem_code(tx, ChatId(CHAT), Lang::Id, &code)
    };
    world.app.db.write(link).await.unwrap();
    // A name that has never done anything: whoever has is named in the audit.
    let update = UserUpdate { name: "Zainalnama".into(), role: Role::Cs, active: true };
    let _: User = boss.put(&format!("/users/{}", made.id), made.version, &update).await;
}

/// Signs the same person in from elsewhere, and changes something from there.
async fn device(world: &World, client: &Client) {
    let username = client.user.as_ref().unwrap().username.clone();
    let login = LoginRequest { username, password: PASSWORD.into(), otp: None };
    let from = |request: reqwest::RequestBuilder| {
        request.header("X-Forwarded-For", "198.51.100.77").header("User-Agent", "Zeppelin-Browser")
    };
    let anonymous = world.app.anonymous();
    let response = from(anonymous.request(Method::POST, "/auth/login")).json(&login).send().await;
    assert!(response.unwrap().status().is_success());
    let name = serde_json::json!({ "name": "Orang lain" });
    let response = from(client.request(Method::PUT, "/auth/profile")).json(&name).send().await;
    assert!(response.unwrap().status().is_success());
}
