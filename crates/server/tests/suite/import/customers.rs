//! Import of customers.

use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use shared::customer::{Customer, CustomerInput, CustomerStatus};
use shared::import::{ImportReport, RowProblem};
use shared::{ErrorCode, Page, Role};

use super::{import, import_refused, plans, sample_files, send, tally};
use crate::harness::client::{expect_problem, expect_success, field_error};
use crate::harness::{Client, TestApp, customer_input};
use crate::on_both_databases;

on_both_databases!(
    five_thousand_rows_are_imported_and_sixty_invalid_ones_reported,
    a_generated_file_has_the_same_defects,
    importing_the_same_file_again_changes_nothing,
    a_dry_run_reports_the_same_and_writes_nothing,
    each_problem_names_line_column_value_and_reason,
    a_changed_row_updates_and_an_empty_cell_keeps_the_stored_value,
    rows_without_a_number_match_by_phone_and_name,
    new_numbers_continue_after_imported_ones,
    plans_must_exist_and_are_matched_ignoring_case,
    a_missing_column_is_reported_and_nothing_is_imported,
    importing_customers_needs_write_permission,
    a_repeated_request_gets_the_first_report,
    an_oversized_file_is_rejected,
);

async fn all(client: &Client) -> Page<Customer> {
    client.get("/customers?with_total=true&sort=number&limit=200").await
}

fn by_reason(report: &ImportReport) -> BTreeMap<(&'static str, &str), usize> {
    let mut counts = BTreeMap::new();
    for problem in &report.problems {
        *counts.entry((problem.code.as_str(), problem.column.as_str())).or_insert(0) += 1;
    }
    counts
}

fn expected_reasons() -> BTreeMap<(&'static str, &'static str), usize> {
    let reasons = [
        ("duplicate_row", "No Pelanggan"),
        ("invalid_coordinates", "Bujur"),
        ("phone_in_scientific_notation", "No HP"),
        ("required", "Nama"),
        ("required", "No HP"),
        ("unknown_reference", "Paket"),
    ];
    reasons.into_iter().map(|reason| (reason, sample_files::BAD_OF_EACH)).collect()
}

/// Checks that the line of each problem contains the reported value.
fn check_lines(file: &[u8], report: &ImportReport) {
    let text = String::from_utf8(file.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for problem in &report.problems {
        let line = lines[usize::try_from(problem.line).unwrap() - 1];
        assert!(line.contains(&problem.value), "{problem:?}: {line}");
        if problem.code == ErrorCode::DuplicateRow {
            let first = lines.iter().position(|other| other.starts_with(&problem.value)).unwrap();
            assert!(problem.message.contains(&(first + 1).to_string()), "{problem:?}");
        }
    }
}

async fn five_thousand_rows_are_imported_and_sixty_invalid_ones_reported(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    plans(&admin).await;
    let file = sample_files::customers();
    let report = import(&admin, "customers", file.clone()).await;
    assert_eq!(tally(&report), [5_000, 4_940, 0, 0, 60]);
    assert_eq!(by_reason(&report), expected_reasons());
    assert!(report.ignored_columns.is_empty());
    check_lines(&file, &report);
    assert_eq!(all(&admin).await.total, Some(4_940));
    let first = all(&admin).await.items.remove(0);
    assert_eq!(first.number, "SLM00001");
    assert!(first.phone.starts_with("+62") && first.plan_code.is_some());
    let latitudes = all(&admin).await.items.into_iter().filter_map(|customer| customer.latitude);
    assert!(latitudes.into_iter().all(|latitude| (-8.5..-7.0).contains(&latitude)));
}

async fn a_generated_file_has_the_same_defects(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    plans(&admin).await;
    let file = sample_files::generated_customers().into_bytes();
    let report: ImportReport =
        expect_success(send(&admin, "customers", file.clone(), true).await).await;
    assert_eq!(tally(&report), [5_000, 4_940, 0, 0, 60]);
    assert_eq!(by_reason(&report), expected_reasons());
    check_lines(&file, &report);
}

async fn importing_the_same_file_again_changes_nothing(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    plans(&admin).await;
    let file = sample_files::customers();
    import(&admin, "customers", file.clone()).await;
    let before = all(&admin).await;
    app.clock.advance(chrono::TimeDelta::minutes(5));
    let again = import(&admin, "customers", file).await;
    assert_eq!(tally(&again), [5_000, 0, 0, 4_940, 60]);
    assert_eq!(all(&admin).await, before);
}

async fn a_dry_run_reports_the_same_and_writes_nothing(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    plans(&admin).await;
    let file = "nama;no hp;alamat;paket\nSiti;081234567890;Jl. A;HOME-10\nBudi;x;Jl. B;HOME-20\n";
    let dry: ImportReport = expect_success(send(&admin, "customers", file, true).await).await;
    assert!(dry.dry_run);
    assert_eq!(all(&admin).await.total, Some(0));
    let real = import(&admin, "customers", file).await;
    assert_eq!(ImportReport { id: None, dry_run: true, preview: dry.preview.clone(), ..real }, dry);
    assert_eq!(all(&admin).await.total, Some(1));
}

async fn each_problem_names_line_column_value_and_reason(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let file = "Nama;Nomor HP;ALAMAT;lat;long;No. KTP;Status;Warna\n\
                \"Siti\nRahayu\";0812-3456-7890;\"Jl. \"\"Melati\"\"; No. 1\";-7,71;110,4;;aktif;x\n\
                \n\
                Budi;6.28123E+11;Jl. B;abc;1103.5;3404;entah;\n\
                Citra;081200000001;Jl. C;-7.7;;3404384937396401;isolir;;;lebih\n\
                Dewi;0812;Jl. D;;;34.0438.4937.3964.01;;\n";
    let report = import(&admin, "customers", file).await;
    assert_eq!(tally(&report), [4, 1, 0, 0, 3]);
    assert_eq!(report.ignored_columns, ["Warna"]);
    let found: Vec<(i64, &str, &str, ErrorCode)> = report
        .problems
        .iter()
        .map(|RowProblem { line, column, value, code, .. }| {
            (*line, column.as_str(), value.as_str(), *code)
        })
        .collect();
    assert_eq!(
        found,
        [
            (5, "lat", "abc", ErrorCode::WrongType),
            (5, "Status", "entah", ErrorCode::NotOneOf),
            (5, "Nomor HP", "6.28123E+11", ErrorCode::PhoneInScientificNotation),
            (5, "No. KTP", "••••", ErrorCode::InvalidNik),
            (6, "", "lebih", ErrorCode::TooManyCells),
            (6, "long", "", ErrorCode::Required),
            (7, "Nomor HP", "0812", ErrorCode::InvalidPhone),
        ]
    );
    // In the caller's language.
    assert_eq!(report.problems[3].message, "A NIK has exactly 16 digits.");
    let form = Form::new().part("file", Part::bytes(file.as_bytes()).file_name("a.csv"));
    let language = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("id"))]);
    let indonesian =
        admin.request(Method::POST, "/customers/import").headers(language).multipart(form);
    let report: ImportReport = expect_success(indonesian.send().await.unwrap()).await;
    assert_eq!(report.problems[3].message, "NIK terdiri dari tepat 16 angka.");
    let siti = all(&admin).await.items.remove(0);
    assert_eq!(siti.name, "Siti Rahayu", "a name has one line");
    assert_eq!(siti.address, "Jl. \"Melati\"; No. 1");
    assert_eq!((siti.latitude, siti.longitude), (Some(-7.71), Some(110.4)));
    assert_eq!(siti.status, CustomerStatus::Active);
}

async fn a_changed_row_updates_and_an_empty_cell_keeps_the_stored_value(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let first = "number,name,phone,address,odp,nik,Kelurahan\n\
                 A-1,Siti,081234567890,Jl. A,ODP-1,3404384937396401,Sewon\n\
                 A-2,Budi,081234567891,Jl. B,,,\n";
    assert_eq!(tally(&import(&admin, "customers", first).await), [2, 2, 0, 0, 0]);
    let before = all(&admin).await.items.remove(0);
    let input = CustomerInput {
        name: "Siti".into(),
        phone: before.phone.clone(),
        address: "Jl. A".into(),
        odp: before.odp.clone(),
        area: before.area.clone(),
        notes: Some("Pagar hijau".into()),
        ..CustomerInput::default()
    };
    let _: Customer = admin.put(&format!("/customers/{}", before.id), 1, &input).await;
    let second = "number,name,phone,address,odp,nik\n\
                  A-1,Siti Rahayu,081234567890,Jl. A,,\n\
                  A-2,Budi,0812-3456-7891,Jl. B,,\n";
    assert_eq!(tally(&import(&admin, "customers", second).await), [2, 0, 1, 1, 0]);
    let after = all(&admin).await.items.remove(0);
    assert_eq!((after.name.as_str(), after.version), ("Siti Rahayu", 3));
    assert_eq!(after.area.as_deref(), Some("Sewon"));
    assert_eq!(after.odp.as_deref(), Some("ODP-1"));
    assert_eq!(after.notes.as_deref(), Some("Pagar hijau"));
    assert_eq!(after.nik, before.nik);
    let found: Page<Customer> = admin.get("/customers?q=rahayu").await;
    assert_eq!(found.items.len(), 1);
}

async fn rows_without_a_number_match_by_phone_and_name(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    // A family that shares a phone, and one duplicate row.
    let file = "nama;hp;alamat\nSiti;081234567890;Jl. A\nBudi;081234567890;Jl. A\n\
                SITI;+62 812 3456 7890;Jl. A\n";
    let report = import(&cs, "customers", file).await;
    assert_eq!(tally(&report), [3, 2, 0, 0, 1]);
    let RowProblem { line, column, code, message, .. } = &report.problems[0];
    assert_eq!((*line, column.as_str(), *code), (4, "hp", ErrorCode::DuplicateRow));
    assert!(message.contains('2'), "{message}");
    let numbers: Vec<String> = all(&cs).await.items.into_iter().map(|it| it.number).collect();
    assert_eq!(numbers, ["C-000001", "C-000002"]);
    assert_eq!(tally(&import(&cs, "customers", file).await), [3, 0, 0, 2, 1]);
}

async fn new_numbers_continue_after_imported_ones(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "id pelanggan;nama;hp;alamat\nC-000002;Siti;081234567890;Jl. A\n\
                C-000041;Budi;081234567891;Jl. B\nX9;Ani;081234567892;Jl. C\n";
    import(&cs, "customers", file).await;
    let made: Customer = cs.post("/customers", &customer_input("Dewi")).await;
    assert_eq!(made.number, "C-000042");
}

async fn plans_must_exist_and_are_matched_ignoring_case(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    plans(&admin).await;
    let file = "nama;hp;alamat;paket\nSiti;081234567890;Jl. A;home-20\nBudi;081234567891;Jl. B;-\n\
                Ani;081234567892;Jl. C;HOME-99\n";
    let report = import(&admin, "customers", file).await;
    assert_eq!(tally(&report), [3, 2, 0, 0, 1]);
    assert_eq!(report.problems[0].value, "HOME-99");
    let codes: Vec<Option<String>> =
        all(&admin).await.items.into_iter().map(|customer| customer.plan_code).collect();
    assert_eq!(codes, [Some("HOME-20".to_owned()), None]);
}

async fn a_missing_column_is_reported_and_nothing_is_imported(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let problem = import_refused(&cs, "customers", "nama;alamat\nSiti;Jl. A\n").await;
    assert_eq!(problem.status, 422);
    assert_eq!(field_error(&problem, "No HP"), ErrorCode::MissingColumn);
    let problem = import_refused(&cs, "customers", "").await;
    assert_eq!(field_error(&problem, "file"), ErrorCode::UnreadableFile);
    assert_eq!(all(&cs).await.total, Some(0));
}

async fn importing_customers_needs_write_permission(app: TestApp) {
    for role in [Role::Manager, Role::Gudang] {
        let client = app.sign_in_as(role).await;
        let problem = import_refused(&client, "customers", "nama;hp;alamat\n").await;
        assert_eq!(problem.code, ErrorCode::Forbidden, "{role}");
    }
    let problem = import_refused(&app.anonymous(), "customers", "nama;hp;alamat\n").await;
    assert_eq!(problem.code, ErrorCode::NotAuthenticated);
    let cs = app.sign_in_as(Role::Cs).await;
    let json = cs.request(Method::POST, "/customers/import").json(&"x").send().await.unwrap();
    assert_eq!(refused_code(json).await, ErrorCode::UnsupportedMediaType);
    let empty = cs.request(Method::POST, "/customers/import").multipart(Form::new().text("a", "b"));
    let problem = expect_problem(empty.send().await.unwrap()).await;
    assert_eq!(field_error(&problem, "file"), ErrorCode::Required);
}

async fn refused_code(response: reqwest::Response) -> ErrorCode {
    expect_problem(response).await.code
}

async fn a_repeated_request_gets_the_first_report(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let send = async |file: &'static str| {
        let form = Form::new().part("file", Part::bytes(file.as_bytes()).file_name("a.csv"));
        let request = cs.request(Method::POST, "/customers/import").multipart(form);
        request.header("Idempotency-Key", "import-1").send().await.unwrap()
    };
    let file = "nama;hp;alamat\nSiti;081234567890;Jl. A\n";
    let first: ImportReport = expect_success(send(file).await).await;
    let again: ImportReport = expect_success(send(file).await).await;
    assert_eq!(tally(&first), [1, 1, 0, 0, 0]);
    assert_eq!(first, again);
    let other = send("nama;hp;alamat\nBudi;081234567891;Jl. B\n").await;
    assert_eq!(refused_code(other).await, ErrorCode::IdempotencyKeyReused);
}

async fn an_oversized_file_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut file = b"nama;hp;alamat\n".to_vec();
    file.resize(50 * 1024 * 1024, b'x');
    let problem = import_refused(&cs, "customers", file).await;
    assert_eq!((problem.status, problem.code), (413, ErrorCode::PayloadTooLarge));
    let mut rows = "nama;hp;alamat\n".to_owned();
    rows.push_str(&"a;b;c\n".repeat(200_001));
    let problem = import_refused(&cs, "customers", rows).await;
    assert_eq!(field_error(&problem, "file"), ErrorCode::TooMany);
    assert_eq!(all(&cs).await.total, Some(0));
}
