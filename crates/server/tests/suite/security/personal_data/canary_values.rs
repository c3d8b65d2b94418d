//! Canary values and their permitted readers, written by hand as a second opinion beside the role
//! table.

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
use crate::harness::client::expect_success;
use crate::harness::{Client, PASSWORD};
use crate::security::fixtures::{Belongings, Fixture};

/// Unique value with everybody who may read it and does so in some response.
pub struct CanaryValue {
    pub what: &'static str,
    pub value: &'static str,
    pub readers: &'static [&'static str],
}

impl CanaryValue {
    /// Returns whether this reader may read the value.
    pub fn is_readable_by(&self, reader: &str) -> bool {
        self.readers.contains(&reader)
    }
}

const fn row(
    what: &'static str,
    value: &'static str,
    readers: &'static [&'static str],
) -> CanaryValue {
    CanaryValue { what, value, readers }
}

/// Phone numbers and e-mail addresses of customers.
const CONTACT: &[&str] = &["superadmin", "admin", "cs", "key:everything", "key:customers"];
const OWN_CONTACT: &[&str] =
    &["superadmin", "admin", "cs", "technician", "key:everything", "key:customers"];
/// Other values of the customer list.
const CUSTOMER: &[&str] =
    &["superadmin", "admin", "manager", "cs", "key:everything", "key:customers"];
const OWN_CUSTOMER: &[&str] =
    &["superadmin", "admin", "manager", "cs", "technician", "key:everything", "key:customers"];
/// Values of the customer list and of jobs.
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
/// Values of jobs.
const JOB: &[&str] =
    &["superadmin", "admin", "manager", "cs", "gudang", "key:everything", "key:jobs"];
const OWN_JOB: &[&str] =
    &["superadmin", "admin", "manager", "cs", "gudang", "technician", "key:everything", "key:jobs"];
/// The full identity number, which has its own operation.
const IDENTITY: &[&str] = &["superadmin", "admin", "cs", "key:everything"];
const TECHNICIAN: &[&str] = &["superadmin", "admin", "manager", "cs", "gudang", "key:everything"];
const APPLICANT: &[&str] = &["superadmin", "admin", "key:everything"];
const LOGIN: &[&str] = &["superadmin", "admin"];

const CHAT: i64 = 7_770_001_234_567;

/// Expected readers of each value.
pub const TABLE: &[CanaryValue] = &[
    row("phone, own", "81177700011", OWN_CONTACT),
    row("phone, foreign", "81177700022", CONTACT),
    row("second phone, own", "81188800011", OWN_CONTACT),
    row("second phone, foreign", "81188800022", CONTACT),
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

/// Stores all canary values, which also leaves audit entries.
pub async fn insert_canary_values(fixture: &Fixture) {
    let superadmin = &fixture.callers[0].client;
    for (objects, word, digit) in [(&fixture.own, "satu", 1), (&fixture.foreign, "dua", 2)] {
        customer(superadmin, objects, word, digit).await;
        job(superadmin, objects, word, digit).await;
        technician(superadmin, objects, digit).await;
        let place =
            format!("UPDATE photos SET latitude = -7.6566{digit}{digit}, longitude = 110.4");
        run_sql(&fixture.app, &format!("{place} WHERE id = {}", objects.photo)).await.unwrap();
    }
    applicant(fixture).await;
    create_linked_user(fixture, superadmin).await;
    let cs = fixture.callers.iter().find(|caller| caller.role == Role::Cs).unwrap();
    device(fixture, &cs.client).await;
}

fn degrees(start: &str, digit: u8) -> Option<f64> {
    format!("{start}{digit}{digit}").parse().ok()
}

async fn customer(superadmin: &Client, objects: &Belongings, word: &str, digit: u8) {
    let path = format!("/customers/{}", objects.customer);
    let was: Customer = superadmin.get(&path).await;
    let input = CustomerInput {
        name: format!("Zubaidah{word}"),
        phone: format!("0811777000{digit}{digit}"),
        second_phone: Some(format!("0811888000{digit}{digit}")),
        email: Some(format!("zulfikar{word}@contoh.id")),
        address: format!("Gang Zamrud{word}"),
        latitude: degrees("-7.6543", digit),
        longitude: Some(110.4),
        nik: Some(format!("340412700{digit}{}0001", if digit == 1 { "90" } else { "80" })),
        notes: Some(format!("Zakaria{word}")),
        ..CustomerInput::default()
    };
    let first = match digit {
        // A customer who had another number before: only the audit contains it.
        1 => CustomerInput { phone: "081177700033".into(), ..input.clone() },
        _ => input.clone(),
    };
    let was: Customer = superadmin.put(&path, was.version, &first).await;
    let is: Customer = superadmin.put(&path, was.version, &input).await;
    // And by an import, which leaves audit entries of its own.
    let row = format!(
        "No Pelanggan;Nama;No HP;Alamat;ODP\n{};{};{};{};ODP-{digit}\n",
        is.number, input.name, input.phone, input.address
    );
    let path = "/customers/import?dry_run=false";
    let report: ImportReport =
        expect_success(superadmin.upload(path, "data.csv", row.into_bytes(), &[]).await).await;
    assert_eq!(report.updated, 1, "{report:?}");
}

async fn job(superadmin: &Client, objects: &Belongings, word: &str, digit: u8) {
    let path = format!("/jobs/{}", objects.job);
    let was: Job = superadmin.get(&path).await;
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
    let _: Job = superadmin.put(&path, was.version, &update).await;
}

async fn technician(superadmin: &Client, objects: &Belongings, digit: u8) {
    let path = format!("/technicians/{}", objects.technician.id);
    let was: Technician = superadmin.get(&path).await;
    let update = TechnicianUpdate {
        name: was.name,
        phone: format!("0855777000{digit}{digit}"),
        skills: Vec::new(),
        base_latitude: degrees("-7.6577", digit),
        base_longitude: Some(110.4),
        on_duty: true,
        active: true,
    };
    let _: Technician = superadmin.put(&path, was.version, &update).await;
}

async fn applicant(fixture: &Fixture) {
    let application = TechnicianApplication {
        name: "Zulfapelamar".into(),
        phone: "081977700041".into(),
        area: None,
        place: shared::Coordinates::new(-7.658_844, 110.4),
        skills: vec![SkillKind::Repair],
    };
    let submit = move |tx: &mut db::Tx<'_>| {
        let applicant = Applicant {
            chat: ChatId(9_000_001),
            telegram_name: "Zulfatelegram",
            lang: Lang::Id,
            replaced_reason: |_| "diganti",
        };
        services::technician_registrations::submit(tx, &applicant, &application, None)
    };
    fixture.app.db.write(submit).await.unwrap();
}

/// Creates an account that was renamed and is linked to a chat.
async fn create_linked_user(fixture: &Fixture, superadmin: &Client) {
    let create = UserCreate {
        username: "zainalmasuk".into(),
        name: "Zainal".into(),
        role: Role::Cs,
        password: PASSWORD.into(),
    };
    let made: User = superadmin.post("/users", &create).await;
    let actor = Actor::for_user(made.id, made.name, Role::Cs, None);
    let link = move |tx: &mut db::Tx<'_>| {
        let code = services::telegram::issue_code(tx, &actor)?;
        services::telegram::redeem_code(tx, ChatId(CHAT), Lang::Id, &code)
    };
    fixture.app.db.write(link).await.unwrap();
    // A name that has never acted, because the audit names everybody who has.
    let update = UserUpdate { name: "Zainalnama".into(), role: Role::Cs, active: true };
    let _: User = superadmin.put(&format!("/users/{}", made.id), made.version, &update).await;
}

/// Signs the same user in from another address, and changes something from there.
async fn device(fixture: &Fixture, client: &Client) {
    let username = client.user.as_ref().unwrap().username.clone();
    let login = LoginRequest { username, password: PASSWORD.into(), otp: None };
    let from = |request: reqwest::RequestBuilder| {
        request.header("X-Forwarded-For", "198.51.100.77").header("User-Agent", "Zeppelin-Browser")
    };
    let anonymous = fixture.app.anonymous();
    let response = from(anonymous.request(Method::POST, "/auth/login")).json(&login).send().await;
    assert!(response.unwrap().status().is_success());
    let name = serde_json::json!({ "name": "Orang lain" });
    let response = from(client.request(Method::PUT, "/auth/profile")).json(&name).send().await;
    assert!(response.unwrap().status().is_success());
}
