//! The chain: without gaps, and whatever is done to it from outside is found.

use std::process::Command;
use std::sync::Arc;

use db::tables::audit as table;
use db::{DbError, TestClock};
use server::bootstrap;
use server::config::{Config, Environment};
use services::audit::{AuditEvent, ChainFault, ChainReport};
use shared::audit::AuditAction;
use shared::customer::Customer;
use shared::{ErrorCode, Role};

use super::{run_sql, unlock, verified};
use crate::harness::{Client, TestApp, customer, customer_input, monday_nine};
use crate::on_both_databases;

on_both_databases!(
    changes_at_the_same_time_stand_in_one_chain_without_gaps,
    a_refused_change_leaves_no_entry,
    the_database_refuses_to_change_or_remove_an_entry,
    an_edited_entry_is_found,
    a_removed_entry_is_found,
    swapped_entries_are_found,
    a_removed_entry_is_found_although_the_others_moved_up,
    a_cut_end_is_found,
    a_cut_end_is_found_although_the_head_was_forged,
    a_forged_head_is_found_also_after_more_work,
    an_old_head_put_back_is_found,
    a_missing_head_is_found,
    an_entry_from_outside_is_found,
    the_command_says_intact_or_what_is_wrong,
    a_database_of_another_key_is_not_opened,
);

/// Ten entries and a client to write more.
async fn ten_entries(app: &TestApp) -> Client {
    let cs = app.login(Role::Cs).await;
    while verified(app).await.intact < 10 {
        customer(&cs, "Siti").await;
    }
    assert_eq!(verified(app).await, ChainReport { intact: 10, fault: None });
    cs
}

async fn fault_after(app: &TestApp, sql: &str) -> (Option<ChainFault>, i64) {
    unlock(app).await;
    run_sql(app, sql).await.unwrap();
    let ChainReport { intact, fault } = verified(app).await;
    (fault, intact)
}

async fn changes_at_the_same_time_stand_in_one_chain_without_gaps(app: TestApp) {
    let cs = Arc::new(app.login(Role::Cs).await);
    let before = verified(&app).await.intact;
    let create = |number: usize| {
        let cs = Arc::clone(&cs);
        tokio::spawn(async move { customer(&cs, &format!("Siti {number}")).await })
    };
    let creates: Vec<_> = (0..40).map(create).collect();
    for create in creates {
        create.await.unwrap();
    }
    assert_eq!(verified(&app).await, ChainReport { intact: before + 40, fault: None });
    let rows = app.db.read(|conn| table::after(conn, 0, 1_000)).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(numbers, (1..=before + 40).collect::<Vec<_>>());
}

async fn a_refused_change_leaves_no_entry(app: TestApp) {
    let cs = ten_entries(&app).await;
    let wrong = shared::customer::CustomerInput {
        plan_id: Some(shared::PlanId(4711)),
        ..customer_input("Ani")
    };
    assert_eq!(cs.post_refused("/customers", &wrong).await.code, ErrorCode::InvalidFields);
    // The entry is collected before this one fails.
    let failed = app.db.write(|tx| {
        let system = services::users::system_actor(tx)?;
        let event = AuditEvent { action: AuditAction::DemoFill, entity_id: 0 };
        services::audit::record::<(), ()>(tx, &system, event, None, None)?;
        Err::<(), _>(services::Error::refuse(ErrorCode::Forbidden))
    });
    assert!(failed.await.is_err());
    assert_eq!(verified(&app).await, ChainReport { intact: 10, fault: None });
    customer(&cs, "Budi").await;
    assert_eq!(verified(&app).await, ChainReport { intact: 11, fault: None });
}

async fn the_database_refuses_to_change_or_remove_an_entry(app: TestApp) {
    ten_entries(&app).await;
    let mut attempts = vec![
        "UPDATE audit SET actor_name = 'x' WHERE id = 3",
        "UPDATE audit SET id = 40 WHERE id = 10",
        "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit",
        "DELETE FROM audit_head",
    ];
    if app.database_url.starts_with("sqlite") {
        attempts.push(
            "INSERT OR REPLACE INTO audit (id, at, actor_name, action, entity, key_id, mac)
             VALUES (3, '2026-11-23 00:00:00', 'x', 'x', 'x', 1, x'00')",
        );
    } else {
        attempts.push("TRUNCATE audit");
        attempts.push("TRUNCATE audit_head");
        attempts.push(
            "INSERT INTO audit (id, at, actor_name, action, entity, key_id, mac)
             VALUES (3, now(), 'x', 'x', 'x', 1, '') ON CONFLICT (id) DO UPDATE SET action = 'x'",
        );
    }
    for attempt in attempts {
        let error = run_sql(&app, attempt).await.expect_err(attempt).to_string();
        assert!(error.contains("append-only") || error.contains("stays"), "{attempt}: {error}");
    }
    assert_eq!(verified(&app).await, ChainReport { intact: 10, fault: None });
}

async fn an_edited_entry_is_found(app: TestApp) {
    ten_entries(&app).await;
    let sql = "UPDATE audit SET after = '{}' WHERE id = 4";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::Changed { id: 4 }), 3));
}

async fn a_removed_entry_is_found(app: TestApp) {
    ten_entries(&app).await;
    let sql = "DELETE FROM audit WHERE id = 4";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::Missing { id: 4 }), 3));
}

async fn swapped_entries_are_found(app: TestApp) {
    ten_entries(&app).await;
    let sql = "UPDATE audit SET id = -1 WHERE id = 5; UPDATE audit SET id = 5 WHERE id = 6;
               UPDATE audit SET id = 6 WHERE id = -1";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::Changed { id: 5 }), 4));
}

async fn a_removed_entry_is_found_although_the_others_moved_up(app: TestApp) {
    ten_entries(&app).await;
    let sql = "DELETE FROM audit WHERE id = 4;
               UPDATE audit SET id = id + 100 WHERE id > 4;
               UPDATE audit SET id = id - 101 WHERE id > 100;
               UPDATE audit_head SET entries = 9";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::Changed { id: 4 }), 3));
}

async fn a_cut_end_is_found(app: TestApp) {
    ten_entries(&app).await;
    let fault = ChainFault::Truncated { entries: 7, written: 10 };
    assert_eq!(fault_after(&app, "DELETE FROM audit WHERE id > 7").await, (Some(fault), 7));
    // The work goes on, and the gap stays.
    customer(&app.login(Role::Cs).await, "Ani").await;
    assert_eq!(verified(&app).await.fault, Some(ChainFault::Missing { id: 8 }));
}

async fn a_cut_end_is_found_although_the_head_was_forged(app: TestApp) {
    ten_entries(&app).await;
    let sql = "DELETE FROM audit WHERE id > 7;
               UPDATE audit_head SET entries = 7, mac = (SELECT mac FROM audit WHERE id = 7)";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::ForgedHead), 7));
}

async fn a_forged_head_is_found_also_after_more_work(app: TestApp) {
    let cs = ten_entries(&app).await;
    let sql = "UPDATE audit_head SET entries = 9, mac = (SELECT mac FROM audit WHERE id = 9)";
    assert_eq!(fault_after(&app, sql).await, (Some(ChainFault::ForgedHead), 10));
    let made: Customer = customer(&cs, "Ani").await;
    assert_eq!(made.name, "Ani");
    assert_eq!(
        verified(&app).await,
        ChainReport { intact: 11, fault: Some(ChainFault::ForgedHead) }
    );
}

async fn an_old_head_put_back_is_found(app: TestApp) {
    let cs = ten_entries(&app).await;
    run_sql(&app, "CREATE TABLE old_head AS SELECT * FROM audit_head").await.unwrap();
    customer(&cs, "Ani").await;
    let sql = "UPDATE audit_head SET entries = (SELECT entries FROM old_head),
                   mac = (SELECT mac FROM old_head), seal = (SELECT seal FROM old_head)";
    let fault = ChainFault::Surplus { entries: 11, written: 10 };
    assert_eq!(fault_after(&app, sql).await, (Some(fault), 11));
    customer(&cs, "Budi").await;
    assert_eq!(
        verified(&app).await,
        ChainReport { intact: 12, fault: Some(ChainFault::ForgedHead) }
    );
}

async fn a_missing_head_is_found(app: TestApp) {
    let cs = ten_entries(&app).await;
    assert_eq!(fault_after(&app, "DELETE FROM audit_head").await, (Some(ChainFault::NoHead), 10));
    customer(&cs, "Ani").await;
    assert_eq!(
        verified(&app).await,
        ChainReport { intact: 11, fault: Some(ChainFault::ForgedHead) }
    );
}

async fn an_entry_from_outside_is_found(app: TestApp) {
    ten_entries(&app).await;
    let copy = "INSERT INTO audit (id, at, actor_id, actor_name, action, entity, entity_id, before,
                                   after, ip, request_id, key_id, mac)
                SELECT 11, at, actor_id, actor_name, action, entity, entity_id, before, after, ip,
                       request_id, key_id, mac FROM audit WHERE id = 10";
    assert_eq!(fault_after(&app, copy).await, (Some(ChainFault::Changed { id: 11 }), 10));
}

/// The program itself, on the database of the running server.
fn program(app: &TestApp, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_isp-server"))
        .args(arguments)
        .current_dir(app.dir.path())
        .env("DATABASE_URL", &app.database_url)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

async fn the_command_says_intact_or_what_is_wrong(app: TestApp) {
    ten_entries(&app).await;
    assert_eq!(program(&app, &["audit", "verify"]), (true, "10 entries, intact\n".to_owned()));
    unlock(&app).await;
    run_sql(&app, "DELETE FROM audit WHERE id = 4").await.unwrap();
    let (success, text) = program(&app, &["audit", "verify"]);
    assert!(!success);
    assert_eq!(text, "entry 4 is missing; 3 entries before that are intact\n");
}

async fn a_database_of_another_key_is_not_opened(app: TestApp) {
    let other = base64_of([7; 32]);
    let pairs = [("DATABASE_URL", app.database_url.as_str()), ("DATA_KEY", &other)];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
    let clock = Arc::new(TestClock::at(monday_nine()));
    let refused = bootstrap::open_database_with_clock(&config, db::Purpose::Command, clock);
    assert!(matches!(refused, Err(DbError::UnknownKey)));
}

fn base64_of(key: [u8; 32]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(key)
}
