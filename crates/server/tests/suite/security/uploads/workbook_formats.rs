//! Workbooks as other programs write them.

use shared::customer::Customer;
use shared::{Page, Role};

use super::archives::{Part, workbook};
use crate::harness::{Backend, TestApp};

/// On one database, because parsing does not depend on it.
#[tokio::test]
async fn cells_without_addresses_inline_texts_and_runs_are_read() {
    let app = TestApp::start(Backend::Sqlite).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let strings = "<?xml version=\"1.0\"?><x:sst xmlns:x=\"s\"><x:si><x:t>Nama</x:t></x:si>\
        <x:si><x:r><x:t xml:space=\"preserve\">Siti </x:t></x:r><x:r><x:t>Rahayu</x:t></x:r>\
        <x:rPh><x:t>no</x:t></x:rPh></x:si><x:si><x:t>Jl. A &amp; B&#65;</x:t></x:si></x:sst>";
    let sheet = "<?xml version=\"1.0\"?><worksheet><sheetData>\
        <row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>No HP</t></is></c><c t=\"str\"><v>Alamat</v></c></row>\
        <row r=\"7\"><c t=\"s\"><v>1</v></c><c><f>A1</f><v>6.281234567890E12</v></c><c r=\"C7\" t=\"s\"><v>2</v></c></row>\
        <row><c/><c t=\"b\"><v>1</v></c></row></sheetData></worksheet>";
    let file = workbook(
        Part::plain("xl/worksheets/sheet1.xml", sheet),
        Some(Part::plain("xl/sharedStrings.xml", strings)),
    );
    let answer = cs.upload("/customers/import", "pelanggan.xlsx", file, &[]).await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    assert!(text.contains("\"line\":8"), "{text}");
    let page: Page<Customer> = cs.get("/customers").await;
    let [siti] = page.items.try_into().unwrap();
    assert_eq!((siti.name.as_str(), siti.phone.as_str()), ("Siti Rahayu", "+6281234567890"));
    assert_eq!(siti.address, "Jl. A & BA");
}
