//! Import of items with opening stock.

use shared::import::ImportReport;
use shared::inventory::{Item, ItemUnit};
use shared::{ErrorCode, Page, Role, Rupiah};

use super::{import, import_refused, sample_files, send, tally};
use crate::harness::client::expect_success;
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    items_are_imported_once_with_their_opening_stock,
    a_dry_run_of_items_writes_nothing,
    invalid_items_are_reported_and_the_others_imported,
    packs_are_imported_as_quantities_of_the_unit,
    a_missing_optional_column_keeps_stored_values,
    importing_items_needs_write_permission,
);

async fn all(client: &Client) -> Vec<Item> {
    let page: Page<Item> = client.get("/inventory?sort=code&limit=200").await;
    page.items
}

async fn items_are_imported_once_with_their_opening_stock(app: TestApp) {
    let gudang = app.sign_in_as(Role::Gudang).await;
    let file = sample_files::items();
    let report = import(&gudang, "inventory", file.clone()).await;
    assert_eq!(tally(&report), [18, 18, 0, 0, 0], "{report:?}");
    let first = all(&gudang).await;
    assert_eq!(first.len(), 18);
    assert!(first.iter().all(|item| item.on_hand > Some(0) && item.price > Some(Rupiah(0))));
    assert!(first.iter().any(|item| item.unit == ItemUnit::Metre));
    assert!(first.iter().any(|item| item.serialized));
    assert_eq!(tally(&import(&gudang, "inventory", file).await), [18, 0, 0, 18, 0]);
    assert_eq!(all(&gudang).await, first);
}

async fn a_dry_run_of_items_writes_nothing(app: TestApp) {
    let gudang = app.sign_in_as(Role::Gudang).await;
    let dry: ImportReport =
        expect_success(send(&gudang, "inventory", sample_files::items(), true).await).await;
    assert_eq!((tally(&dry), dry.dry_run), ([18, 18, 0, 0, 0], true));
    assert!(all(&gudang).await.is_empty());
}

async fn invalid_items_are_reported_and_the_others_imported(app: TestApp) {
    let gudang = app.sign_in_as(Role::Gudang).await;
    let file = "Kode;Nama;Kategori;Satuan;Berseri;Stok awal;Stok minimum;Harga\n\
                DW-1C;Dropcore;kabel;meter;tidak;8.000;1.500;Rp 1.400\n\
                ;Tanpa kode;kabel;pcs;tidak;1;1;1\n\
                A B;Kode aneh;kabel;pcs;tidak;1;1;1\n\
                X-1;Satuan aneh;kabel;gulung;tidak;1;1;1\n\
                X-2;Kurang;kabel;pcs;mungkin;-5;banyak;1,5\n\
                dw-1c;Dropcore lagi;kabel;meter;tidak;1;1;1\n";
    let report = import(&gudang, "inventory", file).await;
    assert_eq!(tally(&report), [6, 1, 0, 0, 5]);
    let found: Vec<(i64, &str, ErrorCode)> = report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column.as_str(), problem.code))
        .collect();
    assert_eq!(
        found,
        [
            (3, "Kode", ErrorCode::Required),
            (4, "Kode", ErrorCode::InvalidCode),
            (5, "Satuan", ErrorCode::NotOneOf),
            (6, "Stok awal", ErrorCode::OutOfRange),
            (6, "Stok minimum", ErrorCode::WrongType),
            (6, "Harga", ErrorCode::NotWhole),
            (6, "Berseri", ErrorCode::NotOneOf),
            (7, "Kode", ErrorCode::DuplicateRow),
        ]
    );
    let [cable] = all(&gudang).await.try_into().unwrap();
    let stock = (cable.on_hand, cable.min_stock, cable.price);
    assert_eq!(stock, (Some(8_000), Some(1_500), Some(Rupiah(1_400))));
}

async fn packs_are_imported_as_quantities_of_the_unit(app: TestApp) {
    let gudang = app.sign_in_as(Role::Gudang).await;
    let file = "Kode;Nama;Satuan;Isi per roll;Stok awal;Stok minimum;Harga\n\
                DW-2C;Dropcore;roll;1.000;3;1;1.400.000\n\
                ROS-1;Roset;dus;20;2;1;100.010\n\
                DW-4C;Meteran;meter;1000;250;10;1400\n\
                KBL-1;Tanpa isi;rol;;1;1;1\n\
                KBL-2;Pecahan;meter;;1.250,5;1;1\n";
    let report = import(&gudang, "inventory", file).await;
    assert_eq!(tally(&report), [5, 3, 0, 0, 2], "{report:?}");
    let problems: Vec<(i64, &str, ErrorCode)> = report
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column.as_str(), problem.code))
        .collect();
    assert_eq!(
        problems,
        [(5, "Isi per roll", ErrorCode::Required), (6, "Stok awal", ErrorCode::NotWhole)]
    );
    let why = &report.problems[1].message;
    assert!(why.contains("whole metres") || why.contains("meter utuh"), "{why}");
    let stored: Vec<_> = all(&gudang)
        .await
        .into_iter()
        .map(|item| {
            (item.code, item.unit, item.pack_size, item.on_hand, item.min_stock, item.price)
        })
        .collect();
    let (metre, pieces) = (ItemUnit::Metre, ItemUnit::Pieces);
    let expected = [
        ("DW-2C", metre, Some(1_000), Some(3_000), Some(1_000), Some(Rupiah(1_400))),
        ("DW-4C", metre, Some(1_000), Some(250), Some(10), Some(Rupiah(1_400))),
        ("ROS-1", pieces, Some(20), Some(40), Some(20), Some(Rupiah(5_001))),
    ];
    assert_eq!(stored, expected.map(|(code, a, b, c, d, e)| (code.to_owned(), a, b, c, d, e)));
}

async fn a_missing_optional_column_keeps_stored_values(app: TestApp) {
    let gudang = app.sign_in_as(Role::Gudang).await;
    let file = "kode;nama;kategori;stok;harga\nROS-1;Roset;aksesoris;10;9000\n";
    import(&gudang, "inventory", file).await;
    let again = import(&gudang, "inventory", "code,name\nROS-1,Roset optik\n").await;
    assert_eq!(tally(&again), [1, 0, 1, 0, 0]);
    let [rosette] = all(&gudang).await.try_into().unwrap();
    assert_eq!((rosette.name.as_str(), rosette.category.as_str()), ("Roset optik", "aksesoris"));
    assert_eq!((rosette.on_hand, rosette.price), (Some(10), Some(Rupiah(9_000))));
}

async fn importing_items_needs_write_permission(app: TestApp) {
    for role in [Role::Manager, Role::Cs] {
        let client = app.sign_in_as(role).await;
        let refused = import_refused(&client, "inventory", "kode;nama\nA;B\n").await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
    }
}
