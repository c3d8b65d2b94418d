//! The list of imports, and undoing one while nothing was built on its rows.

use chrono::TimeDelta;
use db::{Conn, DbError};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use shared::customer::Customer;
use shared::identity::CustomerNik;
use shared::import::{Import, ImportReport, ImportStatus, UndoReport};
use shared::inventory::{Item, ItemDetail, Movement, MovementsResponse, ReversalRequest};
use shared::job::{Job, JobType};
use shared::{ErrorCode, Page, Role};

use super::import;
use crate::harness::client::expect_problem;
use crate::harness::{Client, TestApp, job_request, monday_nine, movement_line, receive_goods};
use crate::on_both_databases;

on_both_databases!(
    an_import_is_listed_with_who_when_and_how_much,
    undoing_deletes_what_was_created_and_restores_what_was_changed,
    an_import_whose_customers_are_in_use_is_not_undone,
    an_import_is_undone_once,
    imports_are_undone_one_after_the_other,
    an_item_that_somebody_emptied_or_that_has_moved_is_undone_as_far_as_possible,
    an_import_can_be_undone_for_thirty_days,
    former_values_are_deleted_after_thirty_days,
    an_undone_import_of_items_takes_the_opening_stock_back,
    a_dry_run_is_not_listed,
    only_who_may_import_sees_and_undoes_imports,
);

const FIRST: &str = "Nomor;Nama;HP;Alamat;NIK\nA-1;Siti;081234567801;Jl. A;3404384937396401\n\
                     A-2;Budi;081234567802;Jl. B;\n";
const SECOND: &str = "Nomor;Nama;HP;Alamat;NIK\nA-1;Siti R;081234567801;Jl. C;3404384937396402\n\
                      A-2;Budi;081234567802;Jl. B;3404384937396403\nA-3;Ani;081234567803;Jl. D;\n\
                      A-4;;081234567804;Jl. E;\n";

async fn stored(client: &Client) -> Vec<Customer> {
    let page: Page<Customer> = client.get("/customers?sort=number&limit=200").await;
    page.items
}

async fn imports(client: &Client, kind: &str) -> Vec<Import> {
    let page: Page<Import> = client.get(&format!("/{kind}/imports")).await;
    page.items
}

async fn undo(client: &Client, kind: &str, report: &ImportReport) -> UndoReport {
    client.post(&path(kind, report), &()).await
}

async fn undo_refused(client: &Client, kind: &str, report: &ImportReport) -> shared::Problem {
    client.post_refused(&path(kind, report), &()).await
}

fn path(kind: &str, report: &ImportReport) -> String {
    format!("/{kind}/imports/{}/undo", report.id.unwrap())
}

async fn an_import_is_listed_with_who_when_and_how_much(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    import(&cs, "customers", FIRST).await;
    let report = import(&cs, "customers", SECOND).await;
    let listed = imports(&cs, "customers").await;
    let [last, first] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((Some(last.id), last.status), (report.id, ImportStatus::Completed));
    let counts = [last.rows, last.created, last.updated, last.unchanged, last.rejected];
    assert_eq!(counts, [4, 1, 2, 0, 1]);
    assert_eq!((first.created, last.file_name.as_str()), (2, "data.csv"));
    assert!(!last.started_by.is_empty() && last.finished_at.is_some());
    assert!(last.undo_until.is_some_and(|until| until > monday_nine() + TimeDelta::days(29)));
}

async fn undoing_deletes_what_was_created_and_restores_what_was_changed(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    import(&admin, "customers", FIRST).await;
    let before = stored(&admin).await;
    let report = import(&admin, "customers", SECOND).await;
    assert_eq!(
        undo(&admin, "customers", &report).await,
        UndoReport { deleted: 1, emptied: 0, restored: 2, kept: 0 }
    );
    let after = stored(&admin).await;
    let values = |customers: &[Customer]| -> Vec<_> {
        let value = |it: &Customer| {
            (it.number.clone(), it.name.clone(), it.address.clone(), it.nik.clone())
        };
        customers.iter().map(value).collect()
    };
    assert_eq!(values(&after), values(&before));
    // The former identity number is readable in full again.
    let nik: CustomerNik = admin.get(&format!("/customers/{}/nik", after[0].id)).await;
    assert_eq!(nik.nik, "3404384937396401");
    let listed = imports(&admin, "customers").await;
    assert_eq!((listed[0].status, listed[0].undo_until), (ImportStatus::Undone, None));
    assert!(listed[0].undone_by.is_some() && listed[0].undone_at.is_some());
    // The customers of the undone import can be imported again.
    assert_eq!(import(&admin, "customers", SECOND).await.created, 1);
}

async fn an_import_whose_customers_are_in_use_is_not_undone(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first = import(&cs, "customers", FIRST).await;
    let siti = stored(&cs).await.remove(0);
    let _: Job = cs.post("/jobs", &job_request(&siti, JobType::Installation)).await;
    let refused = undo_refused(&cs, "customers", &first).await;
    assert_eq!(refused.code, ErrorCode::ImportInUse);
    assert!(refused.detail.contains("Siti"), "{}", refused.detail);
    let second = import(&cs, "customers", SECOND).await;
    import(&cs, "customers", "Nomor;Nama;HP;Alamat\nA-3;Ani;081234567803;Jl. F\n").await;
    assert_eq!(undo_refused(&cs, "customers", &second).await.code, ErrorCode::ImportInUse);
    assert_eq!(stored(&cs).await.len(), 3, "nothing is half undone");
}

async fn an_import_is_undone_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let report = import(&cs, "customers", FIRST).await;
    undo(&cs, "customers", &report).await;
    let code = undo_refused(&cs, "customers", &report).await.code;
    assert_eq!(code, ErrorCode::ImportNotUndoable);
    assert!(stored(&cs).await.is_empty());
}

async fn imports_are_undone_one_after_the_other(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let first = import(&cs, "customers", FIRST).await;
    let second = import(&cs, "customers", SECOND).await;
    undo(&cs, "customers", &second).await;
    let undone = undo(&cs, "customers", &first).await;
    assert_eq!(undone, UndoReport { deleted: 2, emptied: 0, restored: 0, kept: 0 });
    assert!(stored(&cs).await.is_empty());
}

async fn an_item_that_somebody_emptied_or_that_has_moved_is_undone_as_far_as_possible(
    app: TestApp,
) {
    let admin = app.sign_in_as(Role::Admin).await;
    let file = "Kode;Nama;Satuan;Stok awal\nDW;Kabel;pcs;200\nTANG;Tang;pcs;0\n";
    let report = import(&admin, "inventory", file).await;
    // The opening stock is reversed by hand, and a receipt of the other item as well.
    let items: Page<Item> = admin.get("/inventory?sort=code").await;
    let received = receive_goods(&admin, vec![movement_line(items.items[1].id, 5)]).await;
    let moved: Page<Movement> = admin.get("/inventory/movements?limit=200").await;
    for movement in [moved.items.last().unwrap().id, received.movements[0].id] {
        let path = format!("/inventory/movements/{movement}/reversal");
        let reason = ReversalRequest { reason: "salah".into() };
        let _: MovementsResponse = admin.post(&path, &reason).await;
    }
    let undone = undo(&admin, "inventory", &report).await;
    assert_eq!(undone, UndoReport { deleted: 0, emptied: 2, restored: 0, kept: 0 });
    // A changed unit can not be restored once the item has moved.
    let report = import(&admin, "inventory", file).await;
    let again = import(&admin, "inventory", "Kode;Nama;Harga\nDW;Kabel;1500\n").await;
    receive_goods(&admin, vec![movement_line(items.items[0].id, 5)]).await;
    assert_eq!(undo(&admin, "inventory", &again).await.restored, 1);
    let refused = undo_refused(&admin, "inventory", &report).await;
    assert_eq!(refused.code, ErrorCode::ImportInUse);
    assert!(refused.detail.contains("1 (DW)"), "{}", refused.detail);
}

async fn an_import_can_be_undone_for_thirty_days(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let report = import(&cs, "customers", FIRST).await;
    app.clock.advance(TimeDelta::days(31));
    let cs = cs.sign_in_again(&app).await;
    assert_eq!(imports(&cs, "customers").await[0].undo_until, None);
    let code = undo_refused(&cs, "customers", &report).await.code;
    assert_eq!(code, ErrorCode::ImportNotUndoable);
}

async fn former_values_are_deleted_after_thirty_days(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    import(&cs, "customers", FIRST).await;
    assert_eq!(former_values(&app).await, 2);
    app.clock.advance(TimeDelta::days(31));
    services::housekeeping::delete_all_expired(&app.db).await.unwrap();
    assert_eq!(former_values(&app).await, 0);
}

async fn former_values(app: &TestApp) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count = |conn: &mut Conn| {
        let query = diesel::sql_query("SELECT COUNT(*) AS count FROM import_rows");
        Ok::<_, DbError>(query.get_result::<Count>(conn)?.count)
    };
    app.db.read(count).await.unwrap()
}

async fn an_undone_import_of_items_takes_the_opening_stock_back(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let file =
        "Kode;Nama;Berseri;Stok awal\nDW;Kabel;tidak;200\nONT;Modem;ya;2\nTANG;Tang;tidak;0\n";
    let report = import(&admin, "inventory", file).await;
    let undone = undo(&admin, "inventory", &report).await;
    assert_eq!(undone, UndoReport { deleted: 1, emptied: 2, restored: 0, kept: 0 });
    let items: Page<Item> = admin.get("/inventory?sort=code").await;
    let left: Vec<(&str, Option<i64>)> =
        items.items.iter().map(|item| (item.code.as_str(), item.on_hand)).collect();
    // The ledger keeps every movement, and so the items that have moved.
    assert_eq!(left, [("DW", Some(0)), ("ONT", Some(0))]);
    // Imported again, they get their opening stock again.
    let report = import(&admin, "inventory", file).await;
    assert_eq!((report.created, report.updated), (1, 2));
    let items: Page<Item> = admin.get("/inventory?sort=code").await;
    let stock: Vec<Option<i64>> = items.items.iter().map(|item| item.on_hand).collect();
    assert_eq!(stock, [Some(200), Some(2), Some(0)]);
    let detail: ItemDetail = admin.get(&format!("/inventory/{}", items.items[0].id)).await;
    assert_eq!(detail.item.on_hand, Some(200));
    undo(&admin, "inventory", &report).await;
    let movements: Page<Movement> = admin.get("/inventory/movements?limit=200").await;
    assert_eq!(movements.items.len(), 8, "each receipt and its reversal");
}

async fn a_dry_run_is_not_listed(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    super::send(&cs, "customers", FIRST, true).await.error_for_status().unwrap();
    assert!(imports(&cs, "customers").await.is_empty());
}

async fn only_who_may_import_sees_and_undoes_imports(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let report = import(&cs, "customers", FIRST).await;
    let warehouse = app.sign_in_as(Role::Gudang).await;
    let forbidden = warehouse.get_refused("/customers/imports").await;
    assert_eq!(forbidden.code, ErrorCode::Forbidden);
    let code = undo_refused(&warehouse, "customers", &report).await.code;
    assert_eq!(code, ErrorCode::Forbidden);
    // An import is found under its own kind only.
    let path = path("inventory", &report);
    let other = warehouse.request(reqwest::Method::POST, &path).send().await.unwrap();
    assert_eq!(expect_problem(other).await.code, ErrorCode::NotFound);
}
