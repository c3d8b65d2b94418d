//! Import in batches: concurrent writes, kills and resumption.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use db::tables::customers::{self, CustomerFilter};
use db::tables::{audit, leases};
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use shared::customer::Customer;
use shared::import::ImportReport;
use shared::{ErrorCode, Page, Role};

use super::{import, import_refused, send, tally};
use crate::harness::client::{expect_problem, expect_success};
use crate::harness::server_process::ServerSetup;
use crate::harness::{Backend, Client, TestApp, customer_input};
use crate::on_both_databases;

on_both_databases!(
    starting:
    importing_the_file_again_completes_a_killed_import,
    other_writes_run_between_import_batches,
    one_import_runs_at_a_time,
    rows_of_earlier_batches_count_as_duplicates,
    the_stored_report_is_bounded,
);

/// Generates this many customers, every other one without a number.
fn file(rows: usize) -> String {
    let mut text = String::from("nomor;nama;hp;alamat\n");
    for row in 0..rows {
        let number = if row % 2 == 0 { format!("P-{row:05}") } else { String::new() };
        writeln!(text, "{number};Pelanggan {row};0812{row:07};Jl. Melati No. {row}").unwrap();
    }
    text
}

async fn count(app: &TestApp) -> i64 {
    let count = |conn: &mut db::Conn| customers::count(conn, &CustomerFilter::default());
    app.db.read(count).await.unwrap()
}

async fn send_with_key(by: &Client, file: String, key: &str) -> Response {
    let form = Form::new().part("file", Part::bytes(file.into_bytes()).file_name("a.csv"));
    let request = by.request(reqwest::Method::POST, "/customers/import").multipart(form);
    request.header("Idempotency-Key", key).send().await.unwrap()
}

async fn wait_for_rows(app: &TestApp, more_than: i64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while count(app).await <= more_than {
        assert!(Instant::now() < deadline, "the import does not begin");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Returns the author of each audit entry, oldest first.
async fn authors(app: &TestApp) -> Vec<String> {
    let entries = app.db.read(|conn| audit::after(conn, 0, 100_000)).await.unwrap();
    entries.into_iter().map(|entry| entry.actor_name).collect()
}

async fn other_writes_run_between_import_batches(backend: Backend) {
    let app = TestApp::start(backend).await;
    const ROWS: usize = 1_500;
    let (importer, other) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    let done = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (done, other) = (Arc::clone(&done), other.clone());
        async move {
            let mut longest = Duration::ZERO;
            while !done.load(Ordering::SeqCst) {
                let begin = Instant::now();
                let _: Customer = other.post("/customers", &customer_input("Dewi")).await;
                longest = longest.max(begin.elapsed());
            }
            longest
        }
    });
    let begin = Instant::now();
    let report = import(&importer, "customers", file(ROWS)).await;
    let took = begin.elapsed();
    done.store(true, Ordering::SeqCst);
    let longest = writing.await.unwrap();
    assert_eq!(tally(&report), [ROWS as i64, ROWS as i64, 0, 0, 0]);
    let authors = authors(&app).await;
    let of = |client: &Client| client.user.as_ref().unwrap().name.clone();
    let (importer, other) = (of(&importer), of(&other));
    assert_ne!(importer, other);
    let first = authors.iter().position(|author| *author == importer).unwrap();
    let last = authors.iter().rposition(|author| *author == importer).unwrap();
    let between = authors[first..last].iter().filter(|author| **author == other).count();
    assert!(between >= 3, "{between} changes of others came in between");
    assert!(longest * 3 < took * 2, "a write waited {longest:?} of {took:?}");
}

async fn importing_the_file_again_completes_a_killed_import(backend: Backend) {
    let app = TestApp::start_without_lock(backend).await;
    const ROWS: usize = 2_000;
    let cs = app.sign_in_as(Role::Cs).await;
    let username = cs.user.as_ref().unwrap().username.clone();
    let mut process = ServerSetup::beside(&app).start().await;
    let by = process.sign_in(&username, crate::harness::PASSWORD).await;
    let form = Form::new().part("file", Part::bytes(file(ROWS).into_bytes()).file_name("a.csv"));
    let request = by.request(reqwest::Method::POST, "/customers/import").multipart(form);
    let sending = tokio::spawn(request.header("Idempotency-Key", "k").send());
    wait_for_rows(&app, 100).await;
    process.kill();
    assert!(sending.await.unwrap().is_err(), "it was killed too late");
    let there = count(&app).await;
    assert!(there < ROWS as i64);
    // The import counts as running until its lease expires.
    app.clock.set(Utc::now());
    let cs = cs.sign_in_again(&app).await;
    let code = expect_problem(send_with_key(&cs, file(ROWS), "k").await).await.code;
    assert!(matches!(code, ErrorCode::RequestInProgress), "{code}");
    app.clock.set(Utc::now() + TimeDelta::seconds(61));
    let report: ImportReport = expect_success(send_with_key(&cs, file(ROWS), "k").await).await;
    assert_eq!(tally(&report), [ROWS as i64, ROWS as i64 - there, 0, there, 0]);
    assert_eq!(count(&app).await, ROWS as i64);
    let cipher = app.cipher.clone();
    let verified = app.db.read(move |conn| services::audit::verify(conn, &cipher)).await.unwrap();
    assert_eq!(verified.fault, None);
}

async fn one_import_runs_at_a_time(backend: Backend) {
    let app = TestApp::start(backend).await;
    const ROWS: usize = 2_000;
    let cs = app.sign_in_as(Role::Cs).await;
    let first = tokio::spawn({
        let cs = cs.clone();
        async move { send_with_key(&cs, file(ROWS), "one").await }
    });
    wait_for_rows(&app, 0).await;
    let (same, other, dry) = tokio::join!(
        async { expect_problem(send_with_key(&cs, file(ROWS), "one").await).await },
        import_refused(&cs, "customers", file(ROWS)),
        async { expect_problem(send(&cs, "customers", file(ROWS), true).await).await },
    );
    assert_eq!((same.status, same.code), (409, ErrorCode::RequestInProgress));
    assert_eq!((other.status, other.code), (409, ErrorCode::ImportRunning));
    assert_eq!(dry.code, ErrorCode::ImportRunning);
    let report: ImportReport = expect_success(first.await.unwrap()).await;
    assert_eq!(tally(&report), [ROWS as i64, ROWS as i64, 0, 0, 0]);
    let again: ImportReport = expect_success(send_with_key(&cs, file(ROWS), "one").await).await;
    assert_eq!(again, report);
    // A rejected import or a dry run blocks no other.
    import_refused(&cs, "customers", "nama;alamat\nSiti;Jl. A\n").await;
    let dry: ImportReport = expect_success(send(&cs, "customers", file(ROWS), true).await).await;
    assert_eq!(tally(&dry), [ROWS as i64, 0, 0, ROWS as i64, 0]);
    assert_eq!(count(&app).await, ROWS as i64);
    let holder = app.db.read(|conn| leases::holder(conn, "import")).await.unwrap();
    assert_eq!(holder, None);
}

async fn rows_of_earlier_batches_count_as_duplicates(backend: Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.sign_in_as(Role::Admin).await;
    // Rows 30 apart are never in the same batch: the first has 20.
    let mut text = String::from("nomor;nama;hp;alamat\nA-1;Siti;081200000000;Jl. A\n");
    (0..30).for_each(|n| writeln!(text, ";Orang {n};08130000{n:04};Jl. B").unwrap());
    // The same person without a number, a number in the generated format, and two duplicates.
    text.push_str(";Siti;081200000000;Jl. A\nC-000007;Budi;081200000001;Jl. C\n");
    text.push_str("A-1;Siti;081200000000;Jl. A\n;ORANG 3;081300000003;Jl. B\n");
    let dry: ImportReport =
        expect_success(send(&admin, "customers", text.clone(), true).await).await;
    let real = import(&admin, "customers", text).await;
    assert_eq!(tally(&real), [35, 33, 0, 0, 2]);
    assert_eq!(ImportReport { id: None, dry_run: true, preview: dry.preview.clone(), ..real }, dry);
    let page: Page<Customer> = admin.get("/customers?q=C-0000&limit=200&sort=number").await;
    let numbers: Vec<&str> = page.items.iter().map(|it| it.number.as_str()).collect();
    assert_eq!((numbers.len(), numbers[0], numbers[1]), (32, "C-000007", "C-000008"));
    assert_eq!(page.items[0].name, "Budi");
    // Items.
    let mut text = String::from("kode;nama;stok\n");
    (0..30).for_each(|n| writeln!(text, "K-{n};Kabel {n};5").unwrap());
    text.push_str("K-3;Kabel lain;9\n");
    let dry: ImportReport =
        expect_success(send(&admin, "inventory", text.clone(), true).await).await;
    let real = import(&admin, "inventory", text).await;
    assert_eq!(tally(&real), [31, 30, 0, 0, 1]);
    assert_eq!((real.problems[0].code, real.problems[0].line), (ErrorCode::DuplicateRow, 32));
    assert_eq!(ImportReport { id: None, dry_run: true, preview: dry.preview.clone(), ..real }, dry);
}

async fn the_stored_report_is_bounded(backend: Backend) {
    let app = TestApp::start(backend).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let text = format!("nama;hp;alamat\n{}", "Siti;x;Jl. A\n".repeat(3_000));
    let report: ImportReport = expect_success(send_with_key(&cs, text.clone(), "bad").await).await;
    assert_eq!((report.problems.len(), report.rejected), (3_000, 3_000));
    let kept = send_with_key(&cs, text, "bad").await;
    let kept = kept.text().await.unwrap();
    assert!(kept.len() <= 64 * 1024, "{} bytes", kept.len());
    let again: ImportReport = serde_json::from_str(&kept).unwrap();
    assert_eq!(again.rejected, 3_000);
    assert_eq!(again.problems[..], report.problems[..again.problems.len()]);
}
