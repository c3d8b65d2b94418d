//! Reading the audit.

use chrono::TimeDelta;
use reqwest::Method;
use services::audit::AuditEvent;
use shared::audit::{AuditAction, AuditEntry};
use shared::customer::{Customer, CustomerInput};
use shared::job::{Job, JobType};
use shared::{ErrorCode, Page, Role, UserId};

use super::run_sql;
use crate::harness::{Client, TestApp, customer, customer_input, job};
use crate::on_both_databases;

on_both_databases!(
    an_entry_says_who_did_what_to_what_and_from_where,
    entries_are_filtered,
    pages_lead_through_all_entries_once,
    the_office_below_the_managers_reads_no_audit,
    an_export_has_every_entry_and_no_formula,
    what_a_manager_may_not_read_is_not_in_the_audit_either,
    a_change_of_a_job_shows_what_changed,
);

async fn entries(client: &Client, query: &str) -> Vec<AuditEntry> {
    let page: Page<AuditEntry> = client.get(&format!("/audit?{query}")).await;
    page.items
}

fn own_id(client: &Client) -> UserId {
    client.user.as_ref().unwrap().id
}

async fn an_entry_says_who_did_what_to_what_and_from_where(app: TestApp) {
    let (admin, cs) = (app.login(Role::Admin).await, app.login(Role::Cs).await);
    let siti = customer(&cs, "Siti").await;
    let change = CustomerInput { notes: Some("Pagar hijau".into()), ..customer_input("Siti") };
    let request = cs.request(Method::PUT, &format!("/customers/{}", siti.id));
    let response =
        request.header("X-Request-Id", "formulir-17").json(&change).send().await.unwrap();
    assert!(response.status().is_success());
    let list = entries(&admin, &format!("entity=customer&entity_id={}", siti.id)).await;
    let actions: Vec<&str> = list.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["customer.update", "customer.create"]);
    let update = &list[0];
    assert_eq!((update.actor_id, update.actor_name.as_str()), (Some(own_id(&cs)), "Orang cs"));
    assert_eq!(update.at, crate::harness::monday_nine());
    assert_eq!(update.ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(update.request_id.as_deref(), Some("formulir-17"));
    let (before, after) = (update.before.as_ref().unwrap(), update.after.as_ref().unwrap());
    assert_eq!(
        (&before["notes"], &after["notes"]),
        (&serde_json::Value::Null, &"Pagar hijau".into())
    );
    assert_eq!(list[1].before, None);
}

async fn entries_are_filtered(app: TestApp) {
    let (admin, cs) = (app.login(Role::Admin).await, app.login(Role::Cs).await);
    let first = customer(&cs, "Siti Rahayu").await;
    app.clock.advance(TimeDelta::hours(1));
    let (admin, cs) = (admin.again(&app).await, cs.again(&app).await);
    let second = customer(&admin, "Budi Santoso").await;
    customer(&cs, "Wati").await;
    let ids =
        |list: Vec<AuditEntry>| list.into_iter().filter_map(|entry| entry.entity_id).collect();
    let of = |query: String| {
        let admin = admin.clone();
        async move { ids(entries(&admin, &format!("action=customer.create&{query}")).await) }
    };
    let all: Vec<i64> = of(String::new()).await;
    assert_eq!(all.len(), 3);
    let by_admin: Vec<i64> = of(format!("actor={}", own_id(&admin))).await;
    assert_eq!(by_admin, [second.id.0]);
    assert_eq!(of("to=2026-11-23T02:30:00Z".into()).await, [first.id.0]);
    assert_eq!(of("from=2026-11-23T02:30:00Z".into()).await.len(), 2);
    assert_eq!(of("q=rahayu".into()).await, [first.id.0]);
    assert_eq!(of("q=budi%20santoso&with_total=true".into()).await, [second.id.0]);
    assert_eq!(of("q=100%25".into()).await, Vec::<i64>::new());
    assert_eq!(of(format!("entity=customer&entity_id={}", first.id)).await, [first.id.0]);
    assert!(of("entity=job".into()).await.is_empty());
    let counted: Page<AuditEntry> =
        admin.get("/audit?action=customer.create&with_total=true").await;
    assert_eq!(counted.total, Some(3));
    assert_eq!(admin.get_refused("/audit?from=kemarin").await.errors[0].field, "from");
    assert_eq!(admin.get_refused("/audit?cursor=x").await.code, ErrorCode::InvalidCursor);
}

async fn pages_lead_through_all_entries_once(app: TestApp) {
    let (admin, cs) = (app.login(Role::Admin).await, app.login(Role::Cs).await);
    for _ in 0..7 {
        // Several at the same moment: the time alone is no mark.
        customer(&cs, "Siti").await;
    }
    let whole: Vec<i64> =
        entries(&admin, "limit=200").await.into_iter().map(|entry| entry.id).collect();
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page<AuditEntry> = admin.get(&format!("/audit?limit=2{cursor}")).await;
        paged.extend(page.items.into_iter().map(|entry| entry.id));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, whole);
    assert!(whole.is_sorted_by(|newer, older| newer > older) && whole.len() >= 9);
}

async fn the_office_below_the_managers_reads_no_audit(app: TestApp) {
    for role in [Role::Superadmin, Role::Admin, Role::Manager] {
        assert!(!entries(&app.login(role).await, "").await.is_empty());
    }
    for role in [Role::Cs, Role::Gudang, Role::User] {
        let client = app.login(role).await;
        for path in ["/audit", "/audit/export"] {
            assert_eq!(client.get_refused(path).await.code, ErrorCode::Forbidden, "{role}");
        }
    }
}

async fn what_a_manager_may_not_read_is_not_in_the_audit_either(app: TestApp) {
    let (admin, manager) = (app.login(Role::Admin).await, app.login(Role::Manager).await);
    let input = CustomerInput {
        phone: "081234567890".into(),
        email: Some("siti@contoh.id".into()),
        ..customer_input("Siti Rahayu")
    };
    let siti: Customer = app.login(Role::Cs).await.post("/customers", &input).await;
    let of_siti = format!("action=customer.create&entity_id={}", siti.id);
    let whole = entries(&admin, &of_siti).await.remove(0);
    let after = whole.after.as_ref().unwrap();
    assert_eq!(
        (&after["phone"], &after["email"]),
        (&"+6281234567890".into(), &"siti@contoh.id".into())
    );
    let seen = entries(&manager, &of_siti).await.remove(0);
    let after = seen.after.as_ref().unwrap();
    assert_eq!(after["phone"], "+62812•••••890");
    assert_eq!((&after["email"], seen.ip), (&serde_json::Value::Null, None));
    assert_eq!((&after["name"], &after["address"]), (&"Siti Rahayu".into(), &siti.address.into()));
    // Neither found by it, nor in the table for a spreadsheet.
    for q in ["081234567890", "34567", "siti@contoh.id", "rahayu"] {
        assert!(entries(&manager, &format!("q={q}")).await.is_empty(), "{q}");
        assert_eq!(entries(&admin, &format!("q={q}")).await.len(), 1, "{q}");
    }
    assert_eq!(entries(&manager, "q=customer.create%20orang").await.len(), 1);
    let table = manager.request(Method::GET, "/audit/export").send().await.unwrap();
    let table = table.text().await.unwrap();
    assert!(table.contains("+62812•••••890") && !table.contains("1234567890"), "{table}");
    assert!(!table.contains("siti@contoh.id") && !table.contains("127.0.0.1"), "{table}");
    // The entries themselves are as they were.
    assert_eq!(super::verified(&app).await.fault, None);
}

async fn an_export_has_every_entry_and_no_formula(app: TestApp) {
    let (admin, cs) = (app.login(Role::Admin).await, app.login(Role::Cs).await);
    run_sql(&app, "UPDATE users SET name = '=HYPERLINK(\"http://x\";1)' WHERE role = 'cs'")
        .await
        .unwrap();
    let cs = cs.again(&app).await;
    // More than the export reads at once.
    let actor = own_id(&cs);
    app.db
        .write(move |tx| {
            let after = serde_json::json!({ "phone": "+62812" });
            let mut system = services::users::system_actor(tx)?;
            system.user_id = actor;
            for entity_id in 0..1_100 {
                let event = AuditEvent { action: AuditAction::DemoFill, entity_id };
                services::audit::record::<(), _>(tx, &system, event, None, Some(&after))?;
            }
            Ok::<_, services::Error>(())
        })
        .await
        .unwrap();
    customer(&cs, "Siti; \"Rahayu\"").await;
    let request = admin.request(Method::GET, &format!("/audit/export?actor={actor}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"audit-2026-11-23.csv\""
    );
    let text = response.text().await.unwrap();
    let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}id;at;actor_id;actor_name;"));
    assert_eq!(lines.len(), 1 + 1 + 1_100);
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"http://x\"\";1)\";customer.create;customer;"));
    let numbers: Vec<i64> =
        lines[1..].iter().map(|line| line.split(';').next().unwrap().parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|newer, older| newer > older));
}

async fn a_change_of_a_job_shows_what_changed(app: TestApp) {
    let (admin, cs) = (app.login(Role::Admin).await, app.login(Role::Cs).await);
    let repair: Job = job(&cs, JobType::Repair).await;
    let change = shared::job::JobUpdate {
        title: repair.title.clone(),
        description: Some("Lampu LOS merah".into()),
        priority: repair.priority,
        address: "Jl. Godean KM 4".into(),
        latitude: None,
        longitude: None,
        scheduled_start: None,
        scheduled_end: None,
    };
    let _: Job = cs.put(&format!("/jobs/{}", repair.id), repair.version, &change).await;
    let list = entries(&admin, "action=job.update").await;
    let [update] = list.as_slice() else { panic!("{list:?}") };
    let (before, after) = (update.before.as_ref().unwrap(), update.after.as_ref().unwrap());
    assert_eq!(before["description"], serde_json::Value::Null);
    assert_eq!(after["description"], "Lampu LOS merah");
    assert_eq!(
        (&before["address"], &after["address"]),
        (&repair.address.into(), &change.address.into())
    );
}
