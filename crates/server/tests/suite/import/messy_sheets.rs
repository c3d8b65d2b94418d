//! Sheets as people make them: row counters, titles, totals, broken quotes, spoiled cells, several numbers.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use shared::customer::Customer;
use shared::import::ImportReport;
use shared::plan::{Plan, PlanInput};
use shared::{ErrorCode, Page, Role, Rupiah};

use super::{import, tally};
use crate::harness::client::expect_success;
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    a_row_counter_is_no_customer_number,
    a_row_never_silently_replaces_name_and_phone_of_a_customer,
    titles_totals_and_repeated_headings_are_named_and_left_out,
    a_broken_quotation_mark_loses_no_other_row,
    phone_numbers_of_programs_and_people_are_read_and_never_mixed,
    cells_that_a_spreadsheet_has_spoiled_are_named,
    positions_are_read_from_one_column_in_any_spelling,
    the_sheet_with_the_data_is_found_among_others,
    plans_are_found_by_name_and_by_speed,
);

async fn customers(client: &Client) -> Vec<Customer> {
    let page: Page<Customer> = client.get("/customers?sort=number&limit=200").await;
    page.items
}

fn codes(report: &ImportReport) -> Vec<(i64, ErrorCode)> {
    report.problems.iter().map(|problem| (problem.line, problem.code)).collect()
}

/// Every row of the file appears in exactly one count.
fn assert_accounted(report: &ImportReport) {
    let counted = report.created + report.updated + report.unchanged;
    assert_eq!(report.rows, counted + report.rejected + report.skipped, "{report:?}");
}

async fn a_row_counter_is_no_customer_number(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first = "Nomor;Nama;No HP;Alamat\n1;Siti;081234567801;Jl. A\n2;Budi;081234567802;Jl. B\n";
    let second = "Nomor;Nama;No HP;Alamat\n1;Ani;081234567803;Jl. C\n2.;Joko;081234567804;Jl. D\n";
    let report = import(&cs, "customers", first).await;
    assert_eq!(report.ignored_columns, ["Nomor"]);
    assert_eq!(tally(&import(&cs, "customers", second).await), [2, 2, 0, 0, 0]);
    let found = customers(&cs).await;
    let names: Vec<&str> = found.iter().map(|customer| customer.name.as_str()).collect();
    assert_eq!(names, ["Siti", "Budi", "Ani", "Joko"]);
    assert!(found.iter().all(|customer| customer.number.starts_with("C-")));
    let numbered =
        "Nomor;Nama;No HP;Alamat\n0001;Rina;081234567805;Jl. E\n0002;Tono;081234567806;Jl. F\n";
    import(&cs, "customers", numbered).await;
    let numbers: Vec<String> = customers(&cs).await.into_iter().map(|it| it.number).collect();
    assert!(numbers.contains(&"0001".to_owned()), "zeros in front: {numbers:?}");
}

async fn a_row_never_silently_replaces_name_and_phone_of_a_customer(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first =
        "Nomor;Nama;No HP;Alamat\nA-1;Siti;081234567801;Jl. A\nA-2;Budi;081234567802;Jl. B\n";
    import(&cs, "customers", first).await;
    // A new phone number alone, and another person under a known number.
    let second =
        "Nomor;Nama;No HP;Alamat\nA-1;Siti;081234567899;Jl. A\nA-2;Ani;081234567803;Jl. C\n";
    let report = import(&cs, "customers", second).await;
    assert_eq!(tally(&report), [2, 0, 1, 0, 1]);
    assert_eq!(codes(&report), [(3, ErrorCode::DifferentCustomer)]);
    assert!(report.problems[0].message.contains("Budi"), "{}", report.problems[0].message);
    assert_eq!(customers(&cs).await[1].name, "Budi");
    let path = "/customers/import?replace_customers=true";
    let sent = cs.upload(path, "data.csv", second.into(), &[]).await;
    let report: ImportReport = expect_success(sent).await;
    assert_eq!(tally(&report), [2, 0, 1, 1, 0]);
    assert_eq!(customers(&cs).await[1].name, "Ani");
}

async fn titles_totals_and_repeated_headings_are_named_and_left_out(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Data Pelanggan PT Maju Net;;;\nPer November 2026;;;\n;;;\n\
                Nama;No HP;Alamat;Iuran\nSiti;081234567801;Jl. A;150000\n\
                Nama;No HP;Alamat;Iuran\nBudi;081234567802;Jl. B;150000\n\
                TOTAL;;;300000\nCatatan: dua menunggak;;;\n";
    let report = import(&cs, "customers", file).await;
    assert_accounted(&report);
    assert_eq!((report.rows, report.created, report.skipped), (7, 2, 5));
    let lines: Vec<i64> = report.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 2, 6, 8, 9]);
    assert!(report.problems.iter().all(|problem| problem.code == ErrorCode::NotARecord));
    assert_eq!(report.ignored_columns, ["Iuran"]);
}

async fn a_broken_quotation_mark_loses_no_other_row(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "nama,hp,alamat\nSiti,081234567801,Jl. A\nBudi,081234567802,\"Jl. B\n\
                Ani,081234567803,Jl. C\nJoko,081234567804,\"Jl. D, No. 1\"\nRina,081234567805,Jl. E\n";
    let report = import(&cs, "customers", file).await;
    assert_accounted(&report);
    assert_eq!(tally(&report), [5, 4, 0, 0, 1]);
    assert_eq!(codes(&report), [(3, ErrorCode::UnclosedQuote)]);
    assert_eq!(customers(&cs).await[2].address, "Jl. D, No. 1");
}

async fn phone_numbers_of_programs_and_people_are_read_and_never_mixed(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "nama;hp;alamat\nA;6281234567801.0;x\nB;\"=\"\"081234567802\"\"\";x\n\
                C;081234567803 / 081398765432;x\nD;0274563515/16;x\nE;0812 3456 7805 (Bu Ani);x\n\
                F;08591900000114;x\nG;6,28123E+11;x\nH;wa.me/6281234567808;x\n";
    let report = import(&cs, "customers", file).await;
    assert_accounted(&report);
    assert_eq!(codes(&report), [(8, ErrorCode::PhoneInScientificNotation)]);
    let found = customers(&cs).await;
    let phones: Vec<&str> = found.iter().map(|customer| customer.phone.as_str()).collect();
    assert_eq!(
        phones,
        [
            "+6281234567801",
            "+6281234567802",
            "+6281234567803",
            "+62274563515",
            "+6281234567805",
            "+628591900000114",
            "+6281234567808",
        ]
    );
    assert_eq!(found[2].second_phone.as_deref(), Some("+6281398765432"));
    assert_eq!(found[3].notes.as_deref(), Some("16"));
    assert_eq!(found[4].notes.as_deref(), Some("Bu Ani"));
    // The search box takes the same spellings.
    for spelling in ["0812-3456-7805", "%2B62%20812%203456%207805", "wa.me%2F6281234567805"] {
        let page: Page<Customer> = cs.get(&format!("/customers?q={spelling}")).await;
        assert_eq!(page.items.len(), 1, "{spelling}");
    }
}

async fn cells_that_a_spreadsheet_has_spoiled_are_named(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Nama", "No HP", "Alamat", "NIK", "ODP"].into_iter().enumerate() {
        sheet.write(0, column as u16, heading).unwrap();
    }
    sheet.write(1, 0, "Siti").unwrap();
    sheet.write(1, 1, "081234567801").unwrap();
    sheet.write(1, 2, "Jl. A").unwrap();
    sheet.write(1, 3, 3_404_011_212_900_010_f64).unwrap();
    let time = ExcelDateTime::from_hms(1, 8, 0).unwrap();
    sheet.write_with_format(1, 4, &time, &Format::new().set_num_format("h:mm")).unwrap();
    let report = import(&cs, "customers", book.save_to_buffer().unwrap()).await;
    assert_eq!(tally(&report), [1, 1, 0, 0, 0]);
    let warned: Vec<(&str, ErrorCode)> =
        report.warnings.iter().map(|warning| (warning.column.as_str(), warning.code)).collect();
    assert_eq!(warned, [("NIK", ErrorCode::DigitsLost), ("ODP", ErrorCode::CellIsDate)]);
    let siti = customers(&cs).await.remove(0);
    assert_eq!((siti.nik, siti.odp), (None, None));
    let text = "nama;hp;alamat;nik\nBudi;081234567802;Jl. B;3,40401E+15\n";
    let report = import(&cs, "customers", text).await;
    assert_eq!((report.created, report.warnings[0].code), (1, ErrorCode::DigitsLost));
}

async fn positions_are_read_from_one_column_in_any_spelling(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "nama;hp;alamat;Koordinat\nA;081234567801;x;-7.7101, 110.4075\n\
                B;081234567802;x;https://maps.google.com/?q=-7.7101,110.4075\n\
                C;081234567803;x;\u{2212}7,7101 110,4075\nD;081234567804;x;0,0\n\
                E;081234567805;x;110.4075, -7.7101\nF;081234567806;x;dekat masjid\n";
    let report = import(&cs, "customers", file).await;
    assert_eq!(codes(&report), [(7, ErrorCode::InvalidCoordinates)]);
    let found = customers(&cs).await;
    let placed = [true, true, true, false, true];
    for (customer, placed) in found.iter().zip(placed) {
        let place = customer.latitude.zip(customer.longitude);
        assert_eq!(place, placed.then_some((-7.7101, 110.4075)), "{}", customer.name);
    }
}

async fn the_sheet_with_the_data_is_found_among_others(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Petunjuk: isi lembar Data").unwrap();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true);
    let data = book.add_worksheet();
    data.write(0, 0, "DAFTAR PELANGGAN").unwrap();
    for (column, heading) in ["Nama Pelanggan", "No WA", "Alamat"].into_iter().enumerate() {
        data.write(2, column as u16, heading).unwrap();
    }
    for (column, text) in ["Siti", "081234567801", "Jl. A"].into_iter().enumerate() {
        data.write(3, column as u16, text).unwrap();
    }
    let report = import(&cs, "customers", book.save_to_buffer().unwrap()).await;
    assert_accounted(&report);
    assert_eq!((report.created, report.skipped), (1, 1));
}

async fn plans_are_found_by_name_and_by_speed(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for (code, name, speed_mbps) in [("H5", "Rumah 5", 5), ("H10", "Rumah 10", 10)] {
        let price = Rupiah(100_000);
        let plan = PlanInput { code: code.into(), name: name.into(), speed_mbps, price };
        let _: Plan = admin.post("/plans", &plan).await;
    }
    let file = "Nama,No HP / WA,Alamat,Paket\nA,081234567801,x,5 Mbps\nB,081234567802,x,rumah 10\n\
                C,081234567803,x,h5\nD,081234567804,x,50 Mbps\n";
    let report = import(&admin, "customers", file).await;
    assert_eq!(codes(&report), [(5, ErrorCode::UnknownReference)]);
    let found = customers(&admin).await;
    let plans: Vec<Option<&str>> =
        found.iter().map(|customer| customer.plan_code.as_deref()).collect();
    assert_eq!(plans, [Some("H5"), Some("H10"), Some("H5")]);
}
