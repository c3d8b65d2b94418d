//! Audit queries: entries, filters, pagination, export and permissions.

use chrono::TimeDelta;
use reqwest::Method;
use services::audit::AuditEvent;
use shared::audit::{AuditAction, AuditEntry};
use shared::customer::{Customer, CustomerInput};
use shared::job::{Job, JobType};
use shared::{ErrorCode, Page, Role, UserId};

use super::run_sql;
use crate::harness::{Client, TestApp, create_customer, create_job, customer_input};
use crate::on_both_databases;

on_both_databases!(
    an_entry_names_actor_action_entity_and_address,
    entries_are_filtered,
    pagination_returns_every_entry_once,
    roles_below_manager_cannot_read_the_audit,
    an_export_has_every_entry_and_no_formula,
    the_audit_hides_fields_that_a_manager_may_not_read,
    a_job_update_records_the_changed_fields,
);

async fn entries(client: &Client, query: &str) -> Vec<AuditEntry> {
    let page: Page<AuditEntry> = client.get(&format!("/audit?{query}")).await;
    page.items
}

fn own_id(client: &Client) -> UserId {
    client.user.as_ref().unwrap().id
}

async fn an_entry_names_actor_action_entity_and_address(app: TestApp) {
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    let siti = create_customer(&cs, "Siti").await;
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
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    let first = create_customer(&cs, "Siti Rahayu").await;
    app.clock.advance(TimeDelta::hours(1));
    let (admin, cs) = (admin.sign_in_again(&app).await, cs.sign_in_again(&app).await);
    let second = create_customer(&admin, "Budi Santoso").await;
    create_customer(&cs, "Wati").await;
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

async fn pagination_returns_every_entry_once(app: TestApp) {
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    for _ in 0..7 {
        // Several entries have the same time, so the time alone is no cursor.
        create_customer(&cs, "Siti").await;
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

async fn roles_below_manager_cannot_read_the_audit(app: TestApp) {
    for role in [Role::Superadmin, Role::Admin, Role::Manager] {
        assert!(!entries(&app.sign_in_as(role).await, "").await.is_empty());
    }
    for role in [Role::Cs, Role::Gudang, Role::User] {
        let client = app.sign_in_as(role).await;
        for path in ["/audit", "/audit/export"] {
            assert_eq!(client.get_refused(path).await.code, ErrorCode::Forbidden, "{role}");
        }
    }
}

async fn the_audit_hides_fields_that_a_manager_may_not_read(app: TestApp) {
    let (admin, manager) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Manager).await);
    let input = CustomerInput {
        phone: "081234567890".into(),
        email: Some("siti@contoh.id".into()),
        ..customer_input("Siti Rahayu")
    };
    let siti: Customer = app.sign_in_as(Role::Cs).await.post("/customers", &input).await;
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
    // Neither the search nor the export reveals it.
    for q in ["081234567890", "34567", "siti@contoh.id", "rahayu"] {
        assert!(entries(&manager, &format!("q={q}")).await.is_empty(), "{q}");
        assert_eq!(entries(&admin, &format!("q={q}")).await.len(), 1, "{q}");
    }
    assert_eq!(entries(&manager, "q=customer.create%20orang").await.len(), 1);
    let table = manager.request(Method::GET, "/audit/export").send().await.unwrap();
    let table = table.text().await.unwrap();
    assert!(table.contains("+62812•••••890") && !table.contains("1234567890"), "{table}");
    assert!(!table.contains("siti@contoh.id") && !table.contains("127.0.0.1"), "{table}");
    // The entries themselves are unchanged.
    assert_eq!(super::verified(&app).await.fault, None);
}

async fn an_export_has_every_entry_and_no_formula(app: TestApp) {
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    run_sql(&app, "UPDATE users SET name = '=HYPERLINK(\"http://x\";1)' WHERE role = 'cs'")
        .await
        .unwrap();
    let cs = cs.sign_in_again(&app).await;
    // More than one batch of the export.
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
    create_customer(&cs, "Siti; \"Rahayu\"").await;
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

async fn a_job_update_records_the_changed_fields(app: TestApp) {
    let (admin, cs) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Cs).await);
    let repair: Job = create_job(&cs, JobType::Repair).await;
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
