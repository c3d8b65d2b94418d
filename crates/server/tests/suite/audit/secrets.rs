//! Absence of secrets in the audit and in the log.

use diesel::prelude::*;
use reqwest::Method;
use shared::customer::{Customer, CustomerInput};
use shared::identity::CustomerNik;
use shared::import::ImportReport;
use shared::session::{LoginRequest, PasswordChange};
use shared::technician::TechnicianCreate;
use shared::user::{User, UserCreate};
use shared::{Page, Role};

use crate::harness::client::expect_success;
use crate::harness::{TestApp, customer_input, log_watch, sample_jpeg, unique};
use crate::on_both_databases;

on_both_databases!(no_secret_reaches_the_audit_or_the_log);

/// Secrets that must not be found anywhere, unique per run.
struct Secrets(Vec<String>);

impl Secrets {
    fn note(&mut self, secret: impl Into<String>) -> String {
        let secret = secret.into();
        log_watch::watch(std::slice::from_ref(&secret));
        self.0.push(secret.clone());
        secret
    }

    fn password(&mut self) -> String {
        self.note(format!("Rahasia-Besar-{}", 100_000 + unique()))
    }

    fn nik(&mut self) -> String {
        self.note(format!("34040112129{:05}", unique()))
    }
}

async fn no_secret_reaches_the_audit_or_the_log(app: TestApp) {
    let mut secrets = Secrets(Vec::new());
    people_sign_in(&app, &mut secrets).await;
    identities(&app, &mut secrets).await;
    broken_requests(&app, &mut secrets).await;
    let entries = all_entries(&app).await;
    assert!(entries.contains("customer.read_nik") && entries.contains("user.create"));
    assert!(secrets.0.len() >= 15);
    for secret in &secrets.0 {
        assert!(!entries.contains(secret), "{secret} is in the audit");
        assert_eq!(log_watch::lines_with(secret), Vec::<String>::new());
    }
}

async fn people_sign_in(app: &TestApp, secrets: &mut Secrets) {
    let admin = app.sign_in_as(Role::Superadmin).await;
    secrets.note(admin.token.clone().unwrap());
    secrets.note(admin.refresh_cookie.clone().unwrap());
    let (first, second) = (secrets.password(), secrets.password());
    let username = format!("wati.{}", unique());
    let new = UserCreate {
        username: username.clone(),
        name: "Wati".into(),
        role: Role::Cs,
        password: first.clone(),
    };
    let _: User = admin.post("/users", &new).await;
    let technician = TechnicianCreate {
        name: "Budi".into(),
        phone: format!("0857{:08}", unique()),
        username: format!("budi.{}", unique()),
        password: secrets.password(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    };
    let _: shared::technician::Technician = admin.post("/technicians", &technician).await;
    for wrong in [&username, "nobody"] {
        let login =
            LoginRequest { username: (*wrong).into(), password: secrets.password(), otp: None };
        app.anonymous().post_refused("/auth/login", &login).await;
    }
    // A password typed into the wrong field.
    let swapped = LoginRequest { username: secrets.password(), password: "wati".into(), otp: None };
    app.anonymous().post_refused("/auth/login", &swapped).await;
    let wati = app.sign_in(&username, &first).await;
    let change =
        PasswordChange { current_password: secrets.password(), new_password: second.clone() };
    wati.put_unversioned_refused("/auth/password", &change).await;
    let change = PasswordChange { current_password: first, new_password: second.clone() };
    let changed = wati.request(Method::PUT, "/auth/password").json(&change).send().await.unwrap();
    assert_eq!(changed.status(), 204);
    let wati = app.sign_in(&username, &second).await;
    let refresh = secrets.note(wati.refresh_cookie.clone().unwrap());
    let refresh = format!("isp_refresh={refresh}");
    for _ in 0..2 {
        // The second use is a replay, which is logged.
        let request = app.anonymous().request(Method::POST, "/auth/refresh");
        request.header("Cookie", &refresh).send().await.unwrap();
    }
    let ticket: serde_json::Value = admin.post("/ws/ticket", &()).await;
    let ticket = secrets.note(ticket["ticket"].as_str().unwrap());
    admin.get_refused(&format!("/ws?ticket={ticket}")).await;
}

async fn identities(app: &TestApp, secrets: &mut Secrets) {
    let cs = app.sign_in_as(Role::Cs).await;
    let nik = secrets.nik();
    let input = CustomerInput { nik: Some(nik.clone()), ..customer_input("Siti") };
    let made: Customer = cs.post("/customers", &input).await;
    let path = format!("/customers/{}", made.id);
    let read: CustomerNik = cs.get(&format!("{path}/nik")).await;
    assert_eq!(read.nik, nik);
    let change = CustomerInput { nik: Some(secrets.nik()), ..customer_input("Siti") };
    let _: Customer = cs.put(&path, made.version, &change).await;
    let _: Page<Customer> = cs.get(&format!("/customers?q={}", secrets.nik())).await;
    let wrong = CustomerInput { nik: Some(format!("{}7", secrets.nik())), ..customer_input("A") };
    cs.post_refused("/customers", &wrong).await;
    let file = format!(
        "nama,no hp,alamat,nik\nAni,081200000{:03},Jl. A,{}\nBudi,x,Jl. B,{}\nWati,0812,Jl. C,{}9\n",
        unique() % 1_000,
        secrets.nik(),
        secrets.nik(),
        secrets.nik(),
    );
    let answer = cs.upload("/customers/import", "pelanggan.csv", file.into_bytes(), &[]).await;
    let report: ImportReport = expect_success(answer).await;
    assert!(report.created >= 1 && report.rejected >= 1, "{report:?}");
    let photo = format!("{path}/identity-photo");
    let put = cs.send_file(Method::PUT, &photo, "ktp.jpg", sample_jpeg(), &[]).await;
    assert!(put.status().is_success());
    assert!(cs.request(Method::GET, &photo).send().await.unwrap().status().is_success());
}

async fn broken_requests(app: &TestApp, secrets: &mut Secrets) {
    let anonymous = app.anonymous();
    let bodies = [
        format!("{{\"username\":\"wati\",\"password\":\"{}\",\"extra\":1}}", secrets.password()),
        format!("{{\"username\":\"wati\",\"password\":[\"{}\"]}}", secrets.password()),
        format!("{{\"username\":\"wati\",\"password\":\"{}\"", secrets.password()),
        format!("\"{}\"", secrets.password()),
    ];
    for body in bodies {
        let request = anonymous.request(Method::POST, "/auth/login");
        let request = request.header("Content-Type", "application/json").body(body);
        assert!(request.send().await.unwrap().status().is_client_error());
    }
    for scheme in ["Bearer", "Basic", "Token"] {
        let header = format!("{scheme} {}", secrets.password());
        let request = anonymous.request(Method::GET, "/customers").header("Authorization", header);
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    let request = anonymous.request(Method::GET, "/customers");
    let request = request.header("X-Api-Key", secrets.password());
    assert_eq!(request.send().await.unwrap().status(), 401);
}

/// Returns the whole audit table as one text.
async fn all_entries(app: &TestApp) -> String {
    let rows = app.db.read(|conn| {
        use db::schema::audit;
        type Row = (String, String, Option<String>, Option<String>, Option<String>, Option<String>);
        let columns = (
            audit::actor_name,
            audit::action,
            audit::before,
            audit::after,
            audit::ip,
            audit::request_id,
        );
        Ok::<Vec<Row>, db::DbError>(audit::table.order(audit::id).select(columns).load(conn)?)
    });
    format!("{:?}", rows.await.unwrap())
}
