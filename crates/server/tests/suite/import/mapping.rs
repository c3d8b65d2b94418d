//! How a file is understood: columns, remembered choices, unknown words, sheets, the rejected rows.

use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::Workbook;
use shared::customer::{Customer, CustomerStatus};
use shared::import::{
    ColumnSource, ColumnTarget, ImportColumn, ImportColumns, ImportMapping, ImportReport,
    ValueChoice,
};
use shared::plan::{Plan, PlanInput};
use shared::{ErrorCode, Page, Role, Rupiah};

use super::tally;
use crate::harness::client::{expect_problem, expect_success, field_error};
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    columns_are_guessed_mapped_and_remembered_per_heading,
    a_list_without_headings_is_understood_by_its_values,
    words_that_mean_nothing_are_named_once_and_mapped_once,
    a_column_about_something_else_is_left_out_and_said,
    a_sheet_of_several_is_chosen_and_the_others_are_named,
    a_dry_run_shows_old_values_beside_new_ones,
    rejected_rows_come_back_as_they_were_with_reasons_that_an_import_ignores,
    a_mapping_that_does_not_fit_is_refused_by_name,
);

/// Sends a file with a mapping.
async fn send_mapped(
    client: &Client,
    path: &str,
    file: impl Into<Vec<u8>>,
    mapping: &ImportMapping,
) -> reqwest::Response {
    let mapping = serde_json::to_string(mapping).unwrap();
    client.upload(path, "data.csv", file.into(), &[("mapping", &mapping)]).await
}

async fn columns(
    client: &Client,
    file: impl Into<Vec<u8>>,
    mapping: &ImportMapping,
) -> ImportColumns {
    expect_success(send_mapped(client, "/customers/import/columns", file, mapping).await).await
}

async fn import_mapped(
    client: &Client,
    file: impl Into<Vec<u8>>,
    mapping: &ImportMapping,
) -> ImportReport {
    expect_success(send_mapped(client, "/customers/import", file, mapping).await).await
}

async fn stored(client: &Client) -> Vec<Customer> {
    let page: Page<Customer> = client.get("/customers?sort=number&limit=200").await;
    page.items
}

fn column<'a>(found: &'a ImportColumns, heading: &str) -> &'a ImportColumn {
    found.columns.iter().find(|column| column.heading == heading).unwrap()
}

fn field(name: &str) -> ColumnTarget {
    ColumnTarget::Field(name.into())
}

/// What a person who agrees with every proposal sends.
fn agreed(found: &ImportColumns) -> ImportMapping {
    let target = |column: &ImportColumn| (column.heading.clone(), column.target.clone());
    ImportMapping {
        has_heading: Some(found.has_heading),
        columns: found.columns.iter().map(target).collect(),
        ..ImportMapping::default()
    }
}

async fn columns_are_guessed_mapped_and_remembered_per_heading(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Orang;Kontak utama;Tinggal di;Tgl Pasang\n\
                Siti;0812 3456 7801;Jl. Kaliurang km 5;1 Jan\nBudi;081234567802;Ngaglik RT 02;2 Jan\n";
    let found = columns(&cs, file, &ImportMapping::default()).await;
    assert!(found.has_heading && found.missing.is_empty(), "{found:?}");
    let phone = column(&found, "Kontak utama");
    assert_eq!((&phone.target, phone.source), (&field("phone"), ColumnSource::Values));
    assert_eq!(phone.samples, ["0812 3456 7801", "081234567802"]);
    assert_eq!(column(&found, "Tgl Pasang").source, ColumnSource::Unknown);
    let mut mapping = agreed(&found);
    mapping.columns.insert("Tgl Pasang".into(), ColumnTarget::Note);
    let report = import_mapped(&cs, file, &mapping).await;
    assert_eq!(tally(&report), [2, 2, 0, 0, 0]);
    assert_eq!(stored(&cs).await[0].notes.as_deref(), Some("Tgl Pasang: 1 Jan"));
    // The next file with such headings is understood at once.
    let next = "Orang;Kontak utama;Tgl Pasang;Tinggal di\nAni;021;3 Jan;Jl. B\n";
    let found = columns(&cs, next, &ImportMapping::default()).await;
    for (heading, target) in [("Orang", field("name")), ("Tgl Pasang", ColumnTarget::Note)] {
        let remembered = column(&found, heading);
        assert_eq!((&remembered.target, remembered.source), (&target, ColumnSource::Remembered));
    }
    // Without a mapping, the API takes a file for what it says.
    let refused = cs.upload("/customers/import", "data.csv", next.into(), &[]).await;
    assert_eq!(expect_problem(refused).await.code, ErrorCode::InvalidFields);
}

async fn a_list_without_headings_is_understood_by_its_values(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "1;Siti Rahayu;081234567801;Jl. Kaliurang km 5\n2;Budi;081234567802;Ngaglik RT 02\n";
    let found = columns(&cs, file, &ImportMapping::default()).await;
    assert!(!found.has_heading && found.missing.is_empty(), "{found:?}");
    assert_eq!(found.rows, 2);
    let targets: Vec<&ColumnTarget> = found.columns.iter().map(|column| &column.target).collect();
    let wanted = [ColumnTarget::LeaveOut, field("name"), field("phone"), field("address")];
    assert_eq!(targets, wanted.iter().collect::<Vec<_>>());
    let report = import_mapped(&cs, file, &agreed(&found)).await;
    assert_eq!(tally(&report), [2, 2, 0, 0, 0]);
    assert_eq!(stored(&cs).await[0].name, "Siti Rahayu");
}

async fn words_that_mean_nothing_are_named_once_and_mapped_once(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let price = Rupiah(100_000);
    let plan = PlanInput { code: "H20".into(), name: "Rumah 20".into(), speed_mbps: 20, price };
    let _: Plan = admin.post("/plans", &plan).await;
    let file = "Nama;HP;Alamat;Paket;Status\nA;081234567801;x;Hemat;aktif\n\
                B;081234567802;x;Hemat;Nunggak\nC;081234567803;x;H20;nunggak\nD;081234567804;x;Lama;aktif\n";
    let found = columns(&admin, file, &ImportMapping::default()).await;
    let [status, plan] = found.unknown_values.as_slice() else { panic!("{found:?}") };
    let words: Vec<(&str, i64)> =
        plan.values.iter().map(|value| (value.value.as_str(), value.rows)).collect();
    assert_eq!((plan.column.as_str(), words), ("Paket", vec![("Hemat", 2), ("Lama", 1)]));
    assert!(plan.options.iter().any(|option| option.value == "H20" && option.label == "Rumah 20"));
    // Spellings that differ in case only are one word.
    let [nunggak] = status.values.as_slice() else { panic!("{status:?}") };
    assert_eq!((nunggak.value.as_str(), nunggak.rows, status.left_out), ("Nunggak", 2, false));
    let mapping: ImportMapping = serde_json::from_value(serde_json::json!({"values": {
        "Paket": {"hemat": {"as": "H20"}, "Lama": "note"},
        "Status": {"NUNGGAK": {"as": "isolir"}},
    }}))
    .unwrap();
    let report = import_mapped(&admin, file, &mapping).await;
    assert_eq!(tally(&report), [4, 4, 0, 0, 0]);
    assert!(report.unknown_values.is_empty());
    let found = stored(&admin).await;
    let plans: Vec<Option<&str>> = found.iter().map(|it| it.plan_code.as_deref()).collect();
    assert_eq!(plans, [Some("H20"), Some("H20"), Some("H20"), None]);
    assert_eq!(found[1].status, CustomerStatus::Suspended);
    assert_eq!(found[3].notes.as_deref(), Some("Paket: Lama"));
    // What a word meant is proposed for the next file.
    let next = "Nama;HP;Alamat;Paket\nE;081234567805;x;Lama\n";
    let asked = columns(&admin, next, &ImportMapping::default()).await;
    assert_eq!(asked.unknown_values[0].values[0].remembered, Some(ValueChoice::Note));
}

async fn a_column_about_something_else_is_left_out_and_said(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Nama,No WA,Alamat,Harga,Jatuh Tempo,Status\n\
                Siti,081234567801,Jl. A,150000,10,Belum Bayar\nBudi,081234567802,Jl. B,150000,10,Lunas\n";
    let report = import_mapped(&cs, file, &ImportMapping::default()).await;
    assert_eq!(tally(&report), [2, 2, 0, 0, 0]);
    assert_eq!(report.ignored_columns, ["Harga", "Jatuh Tempo", "Status"]);
    let [unknown] = report.unknown_values.as_slice() else { panic!("{report:?}") };
    assert!(unknown.left_out && unknown.may_be_note && unknown.field == "status");
    let words: Vec<&str> = unknown.values.iter().map(|value| value.value.as_str()).collect();
    assert_eq!(words, ["Belum Bayar", "Lunas"]);
    assert!(stored(&cs).await.iter().all(|it| it.status == CustomerStatus::Active));
}

async fn a_sheet_of_several_is_chosen_and_the_others_are_named(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut book = Workbook::new();
    for (name, people) in [("RT 1", 1..=1), ("RT 2", 2..=3)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, heading) in ["Nama", "No HP", "Alamat"].into_iter().enumerate() {
            sheet.write(0, column as u16, heading).unwrap();
        }
        for (row, person) in (1..).zip(people) {
            sheet.write(row, 0, format!("Orang {person}")).unwrap();
            sheet.write(row, 1, format!("08123456780{person}")).unwrap();
            sheet.write(row, 2, name).unwrap();
        }
    }
    let file = book.save_to_buffer().unwrap();
    let report = import_mapped(&cs, file.clone(), &ImportMapping::default()).await;
    assert_eq!(report.created, 2);
    let [other] = report.other_sheets.as_slice() else { panic!("{report:?}") };
    assert_eq!((other.name.as_str(), other.rows), ("RT 1", 1));
    let first = ImportMapping { sheet: Some("RT 1".into()), ..ImportMapping::default() };
    assert_eq!(import_mapped(&cs, file.clone(), &first).await.created, 1);
    assert_eq!(columns(&cs, file.clone(), &first).await.sheet.as_deref(), Some("RT 1"));
    let none = ImportMapping { sheet: Some("RT 9".into()), ..ImportMapping::default() };
    let refused = expect_problem(send_mapped(&cs, "/customers/import", file, &none).await).await;
    assert_eq!(field_error(&refused, "mapping.sheet"), ErrorCode::UnknownReference);
}

async fn a_dry_run_shows_old_values_beside_new_ones(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first = "Nomor;Nama;HP;Alamat;NIK\nA-1;Siti;081234567801;Jl. A;3404384937396401\n\
                 A-2;Budi;081234567802;Jl. B;\n";
    import_mapped(&cs, first, &ImportMapping::default()).await;
    let second = "Nomor;Nama;HP;Alamat;NIK;ODP\nA-1;Siti;081234567801;Jl. C;3404384937396402;ODP-1\n\
                  A-2;Budi;081234567802;Jl. B;;\nA-3;Ani;081234567803;Jl. D;;\n";
    let path = "/customers/import?dry_run=true";
    let sent = send_mapped(&cs, path, second, &ImportMapping::default()).await;
    let report: ImportReport = expect_success(sent).await;
    let preview = report.preview.unwrap();
    let changes: Vec<_> = preview.updated[0]
        .changes
        .iter()
        .map(|change| (change.field.as_str(), change.before.as_deref(), change.after.as_deref()))
        .collect();
    let (old_nik, new_nik) = (Some("••••••••••••6401"), Some("••••••••••••6402"));
    assert_eq!(
        changes,
        [
            ("address", Some("Jl. A"), Some("Jl. C")),
            ("nik", old_nik, new_nik),
            ("odp", None, Some("ODP-1")),
        ]
    );
    assert_eq!((preview.unchanged[0].line, preview.unchanged[0].name.as_str()), (3, "Budi"));
    assert_eq!((preview.created[0].line, preview.created[0].name.as_str()), (4, "Ani"));
    assert_eq!(stored(&cs).await[0].address, "Jl. A");
}

async fn rejected_rows_come_back_as_they_were_with_reasons_that_an_import_ignores(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Nama;HP;Alamat;NIK\nSiti;081234567801;Jl. A;3404384937396401\n\
                Budi;12;Jl. B;3404384937396402\nTOTAL;;;\nAni;081234567803;;\n";
    let none = ImportMapping::default();
    let sent = send_mapped(&cs, "/customers/import/rejected-rows", file, &none).await;
    let rejected = sent.error_for_status().unwrap().bytes().await.unwrap().to_vec();
    assert!(stored(&cs).await.is_empty());
    let found = columns(&cs, rejected.clone(), &none).await;
    let headings: Vec<&str> = found.columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(headings, ["Nama", "HP", "Alamat", "NIK", "Reason for rejection"]);
    assert_eq!(found.columns[1].samples, ["12", "081234567803"]);
    assert!(found.columns[4].samples[0].starts_with("HP: "), "{found:?}");
    let report = import_mapped(&cs, rejected, &none).await;
    assert_eq!(tally(&report), [2, 0, 0, 0, 2]);
    assert!(report.ignored_columns.is_empty(), "the reasons are no column of data: {report:?}");
    let codes: Vec<ErrorCode> = report.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ErrorCode::InvalidPhone, ErrorCode::Required]);
}

async fn a_mapping_that_does_not_fit_is_refused_by_name(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Nama;HP;Alamat\nSiti;081234567801;Jl. A\n";
    let mapping: ImportMapping =
        serde_json::from_str(r#"{"columns": {"Umur": "note", "HP": {"field": "usia"}}}"#).unwrap();
    let refused = expect_problem(send_mapped(&cs, "/customers/import", file, &mapping).await).await;
    let faults: Vec<(&str, ErrorCode)> =
        refused.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        faults,
        [
            ("mapping.columns[HP]", ErrorCode::NotOneOf),
            ("mapping.columns[Umur]", ErrorCode::UnknownReference),
        ]
    );
    let part = Part::bytes(file.as_bytes().to_vec()).file_name("data.csv");
    let form = Form::new().text("mapping", "{\"kolom\": {}}").part("file", part);
    let sent = cs.request(reqwest::Method::POST, "/customers/import").multipart(form);
    let refused = expect_problem(sent.send().await.unwrap()).await;
    assert_eq!(field_error(&refused, "mapping"), ErrorCode::WrongType);
    assert!(stored(&cs).await.is_empty());
}
