//! File formats of an import.

use rust_xlsxwriter::{Format, Workbook};
use shared::customer::Customer;
use shared::{ErrorCode, Page, Role};

use super::{import, import_refused, tally};
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    every_delimiter_encoding_and_line_ending_is_accepted,
    english_headings_are_accepted,
    a_workbook_is_imported_with_numbers_as_text,
    a_file_without_a_table_is_rejected,
);

async fn only_customer(client: &Client, query: &str) -> Customer {
    let page: Page<Customer> = client.get(&format!("/customers?q={query}")).await;
    assert_eq!(page.items.len(), 1, "{query}");
    page.items.into_iter().next().unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    "\u{feff}"
        .chars()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

async fn every_delimiter_encoding_and_line_ending_is_accepted(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    type Encode = fn(&str) -> Vec<u8>;
    let plain: Encode = |text| text.as_bytes().to_vec();
    let with_mark: Encode = |text| format!("\u{feff}{text}").into_bytes();
    let files: [(&str, &str, Encode); 7] = [
        (";", "\n", plain),
        (",", "\n", plain),
        ("\t", "\r\n", plain),
        ("|", "\n", with_mark),
        (";", "\r\n", with_mark),
        (";", "\r\n", windows_1252),
        ("\t", "\r\n", utf_16),
    ];
    for (index, (delimiter, end, encode)) in files.into_iter().enumerate() {
        let rows = [
            ["Nomor", "Nama", "No HP", "Alamat", "Lintang", "Bujur"].join(delimiter),
            [
                &format!("F-{index}"),
                "José Café",
                &format!("0812345678{index:02}"),
                "Jl. Ä",
                "-7.71",
                "110.4",
            ]
            .join(delimiter),
        ];
        let text = rows.join(end) + end;
        let report = import(&cs, "customers", encode(&text)).await;
        assert_eq!(tally(&report), [1, 1, 0, 0, 0], "file {index}: {report:?}");
        let customer = only_customer(&cs, &format!("f-{index}")).await;
        assert_eq!((customer.name.as_str(), customer.address.as_str()), ("José Café", "Jl. Ä"));
        assert_eq!(customer.latitude, Some(-7.71));
    }
    // A decimal comma between commas needs quotes.
    let file = "nomor,nama,hp,alamat,lat,lon\nF-9,Siti,081234567899,\"Jl. A, No. 1\",\"-7,71\",\"110,4\"\n";
    import(&cs, "customers", file).await;
    assert_eq!(only_customer(&cs, "f-9").await.longitude, Some(110.4));
}

async fn english_headings_are_accepted(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let file = "Customer Number,Full Name,PHONE NUMBER,address,Latitude,Longitude,Status,ODP,Notes\n\
                E-1,John,+62 812-3456-7890,Main street 1,-7.71,110.4,suspended,ODP-1,green fence\n";
    let report = import(&cs, "customers", file).await;
    assert_eq!(tally(&report), [1, 1, 0, 0, 0]);
    let john = only_customer(&cs, "john").await;
    assert_eq!((john.number.as_str(), john.status.as_str()), ("E-1", "suspended"));
    assert_eq!((john.odp.as_deref(), john.notes.as_deref()), (Some("ODP-1"), Some("green fence")));
}

async fn a_workbook_is_imported_with_numbers_as_text(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut book = Workbook::new();
    book.add_worksheet().set_name("kosong").unwrap();
    let sheet = book.add_worksheet();
    // The table does not start at the first cell, and one row is empty.
    for (column, heading) in
        ["Nama", "No HP", "Alamat", "Lintang", "Bujur", "NIK", "Catatan"].into_iter().enumerate()
    {
        sheet.write(2, 1 + column as u16, heading).unwrap();
    }
    sheet.write(3, 1, "Siti").unwrap();
    sheet.write(3, 2, 6_281_234_567_890_f64).unwrap();
    sheet.write(3, 3, "Jl. A").unwrap();
    sheet.write(3, 4, -7.71).unwrap();
    sheet.write(3, 5, "110,4").unwrap();
    sheet.write(3, 6, 3_404_384_937_396_401_f64).unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 23).unwrap();
    sheet.write_with_format(3, 7, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    sheet.write(5, 1, "Budi").unwrap();
    sheet.write(5, 2, "0812").unwrap();
    sheet.write(5, 3, 17).unwrap();
    let file = book.save_to_buffer().unwrap();
    let report = import(&cs, "customers", file.clone()).await;
    assert_eq!(tally(&report), [2, 1, 0, 0, 1]);
    let problem = &report.problems[0];
    assert_eq!((problem.line, problem.column.as_str()), (6, "No HP"));
    let siti = only_customer(&cs, "siti").await;
    assert_eq!(siti.phone, "+6281234567890");
    assert_eq!((siti.latitude, siti.longitude), (Some(-7.71), Some(110.4)));
    // Excel keeps 15 digits of a number: the last one of this NIK is lost.
    assert_eq!(siti.nik, None);
    let warning = &report.warnings[0];
    assert_eq!((warning.line, warning.column.as_str()), (4, "NIK"));
    assert_eq!(warning.code, ErrorCode::DigitsLost);
    assert_eq!(siti.notes.as_deref(), Some("2026-11-23"));
    assert_eq!(tally(&import(&cs, "customers", file).await), [2, 0, 0, 1, 1]);
}

async fn a_file_without_a_table_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let picture = crate::harness::sample_jpeg();
    let old_excel = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].to_vec();
    for file in [picture, old_excel] {
        let problem = import_refused(&cs, "customers", file).await;
        assert_eq!((problem.status, problem.code), (415, ErrorCode::UnsupportedMediaType));
    }
    let broken = import_refused(&cs, "customers", b"PK\x03\x04 and no more".to_vec()).await;
    assert_eq!(broken.status, 422);
    assert_eq!(broken.errors[0].code, ErrorCode::UnreadableFile);
}
