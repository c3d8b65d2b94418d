//! Hidden characters in text: rejected wherever it comes from.

use serde_json::Value;
use shared::customer::{Customer, CustomerInput};
use shared::import::ImportReport;
use shared::job::{Job, JobCreate, JobType};
use shared::user::User;
use shared::{ErrorCode, Page, Role};

use super::fixtures::{Fixture, Side};
use super::injection::texts;
use super::requests::{address, example};
use super::required_access::{RequiredAccess, required_access};
use crate::harness::client::expect_success;
use crate::harness::{TestApp, create_customer, create_technician, customer_input, job_request};
use crate::on_both_databases;

on_both_databases!(
    every_operation_rejects_hidden_characters,
    every_search_rejects_hidden_characters,
    an_import_reports_cells_with_hidden_characters,
    names_are_normalized,
    prose_keeps_line_breaks_and_emoji,
    device_names_are_shown_without_hidden_characters,
);

/// Characters that change the writing direction, are invisible, unassigned or drawn as nothing.
const HIDDEN: [char; 12] = [
    '\u{202e}',
    '\u{2066}',
    '\u{200f}',
    '\u{61c}',
    '\u{200b}',
    '\u{200d}',
    '\u{feff}',
    '\u{ad}',
    '\u{e0041}',
    '\u{3164}',
    '\u{e000}',
    '\u{7}',
];

/// Puts a hidden character into each text of every documented JSON body in turn.
async fn every_operation_rejects_hidden_characters(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = &fixture.callers[0].client;
    let (mut tried, mut named) = (0, 0);
    for (operation, _) in &required_access() {
        let Some(filled) = example(&fixture, operation, Side::Own) else { continue };
        let mut places = Vec::new();
        texts(&filled, "", &mut places);
        for place in places {
            let hidden = HIDDEN[tried % HIDDEN.len()];
            let path = address(&fixture, operation, Side::Own);
            let mut example = filled.clone();
            *example.pointer_mut(&place).unwrap() = format!("a{hidden}b").into();
            let request = superadmin.request(operation.method(), &path).json(&example);
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let answer = response.text().await.unwrap();
            let what = format!("{} {place} with {hidden:?}", operation.name());
            assert!((400..500).contains(&status), "{what}: {status} {answer}");
            assert!(!answer.contains(hidden), "{what} is in the response: {answer}");
            named += usize::from(answer.contains("invalid_text"));
            tried += 1;
        }
    }
    assert!(
        tried > 40 && named > 20,
        "{tried} texts, {named} of them rejected for hidden characters"
    );
}

async fn every_search_rejects_hidden_characters(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = &fixture.callers[0].client;
    let mut searches = 0;
    for (operation, _) in
        required_access().iter().filter(|(_, need)| *need != RequiredAccess::Nothing)
    {
        let parameters = operation.content["parameters"].as_array();
        if !parameters.into_iter().flatten().any(|it| it["name"] == "q") {
            continue;
        }
        searches += 1;
        let path = address(&fixture, operation, Side::Own);
        for hidden in HIDDEN {
            let q = format!("si{hidden}ti");
            let request = superadmin.request(operation.method(), &path).query(&[("q", q)]);
            let problem =
                crate::harness::client::expect_problem(request.send().await.unwrap()).await;
            assert_eq!(problem.errors[0].field, "q", "{path}");
            assert_eq!(problem.errors[0].code, ErrorCode::InvalidText, "{path}");
        }
    }
    assert!(searches >= 8, "only {searches} searches");
}

async fn an_import_reports_cells_with_hidden_characters(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut file = "No Pelanggan;Nama;No HP;Alamat;Catatan\n".to_owned();
    file.push_str("P-1;Siti\u{202e}Rahayu;081234500001;Jl. Mawar 1;\n");
    file.push_str("P\u{200b}-2;Budi;081234500002;Jl. Mawar 2;\n");
    file.push_str("P-3;Wati;081234500003;Jl.\u{feff} Mawar 3;\n");
    file.push_str("P-4;Agus;081234500004;Jl. Mawar 4;Pagar\u{2067}hijau\n");
    file.push_str(
        "P-5;Dewi\u{a0}\u{a0}Lestari;081234500005;Jl. Mawar 5;Ramah 👨\u{200d}👩\u{200d}👧\n",
    );
    let path = "/customers/import?dry_run=false";
    let upload = cs.upload(path, "data\u{202e}vsc.csv", file.into_bytes(), &[]).await;
    let report: ImportReport = expect_success(upload).await;
    assert_eq!((report.created, report.rejected), (1, 4), "{report:?}");
    let problems: Vec<_> =
        report.problems.iter().map(|it| (it.line, it.column.as_str(), it.code)).collect();
    let code = ErrorCode::InvalidText;
    let wanted =
        [(2, "Nama", code), (3, "No Pelanggan", code), (4, "Alamat", code), (5, "Catatan", code)];
    assert_eq!(problems, wanted);
    let reported = serde_json::to_string(&report).unwrap();
    assert!(
        HIDDEN.iter().all(|&hidden| hidden == '\u{200d}' || !reported.contains(hidden)),
        "{reported}"
    );
    let page: Page<Customer> = cs.get("/customers").await;
    assert_eq!(page.items[0].name, "Dewi Lestari");
    let admin = app.sign_in_as(Role::Admin).await;
    let entries: Value = admin.get("/audit?action=customer.import").await;
    assert_eq!(entries["items"][0]["after"]["file"], "datavsc.csv");
}

async fn names_are_normalized(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput {
        address: "Jl. Mawar 1\r\nRT 02".into(),
        ..customer_input(" Jose\u{301}\u{a0}\u{2009} Tan\t")
    };
    let made: Customer = cs.post("/customers", &input).await;
    assert_eq!((made.name.as_str(), made.address.as_str()), ("José Tan", "Jl. Mawar 1 RT 02"));
    // Found in both spellings.
    for q in ["jose%CC%81", "jos%C3%A9"] {
        let page: Page<Customer> = cs.get(&format!("/customers?q={q}")).await;
        assert_eq!(page.items.len(), 1, "{q}");
    }
    for name in ["\u{200b}", "\u{3164}\u{3164}", "\u{2800}", "Toko ❤\u{fe0f}", "👨\u{200d}👩"]
    {
        let problem = cs.post_refused("/customers", &customer_input(name)).await;
        assert_eq!(problem.errors[0].code, ErrorCode::InvalidText, "{name:?}");
    }
    let problem = cs.post_refused("/customers", &customer_input("\u{a0}\u{3000} \t")).await;
    assert_eq!(problem.errors[0].code, ErrorCode::Required);
    for name in ["علی\u{200c}رضا", "王小明", "I Made Ma'ruf"] {
        assert_eq!(create_customer(&cs, name).await.name, name);
    }
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi\u{a0} Santoso").await;
    assert_eq!(budi.record.name, "Budi Santoso");
    let login = serde_json::json!({
        "username": "ani.k", "name": "Ani\u{2003}Kusuma", "role": "cs", "password": "Pertama-123",
    });
    let login: User = admin.post("/users", &login).await;
    assert_eq!(login.name, "Ani Kusuma");
}

async fn prose_keeps_line_breaks_and_emoji(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let with = |text: &str| JobCreate {
        description: Some(text.into()),
        title: Some("⚠\u{fe0f} Putus".into()),
        ..job_request(&siti, JobType::Repair)
    };
    let job: Job = cs.post("/jobs", &with("Lampu merah.\r\nAnjing\u{a0}galak ❤\u{fe0f}")).await;
    assert_eq!(job.description.as_deref(), Some("Lampu merah.\nAnjing galak ❤\u{fe0f}"));
    assert_eq!(job.title, "⚠\u{fe0f} Putus");
    for text in ["Lampu\u{202e}merah", "Lampu\u{200d}merah", "x\u{fe0f}", "a\u{2028}b"] {
        let problem = cs.post_refused("/jobs", &with(text)).await;
        assert_eq!(problem.errors[0].field, "description", "{text:?}");
        assert_eq!(problem.errors[0].code, ErrorCode::InvalidText, "{text:?}");
    }
}

async fn device_names_are_shown_without_hidden_characters(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let username = cs.user.as_ref().unwrap().username.clone();
    let login = serde_json::json!({ "username": username, "password": crate::harness::PASSWORD });
    let request = app.anonymous().request(reqwest::Method::POST, "/auth/login").json(&login);
    let agent = reqwest::header::HeaderValue::from_bytes("HP\u{202e}saya".as_bytes()).unwrap();
    let response = request.header("User-Agent", agent).send().await.unwrap();
    assert!(response.status().is_success());
    let sessions: Value = cs.get("/auth/sessions").await;
    let reported = sessions.to_string();
    assert!(!reported.contains('\u{202e}'), "{reported}");
}
