//! Customers: creation, search, pagination and access to personal data.

use diesel::prelude::*;
use reqwest::Method;
use shared::customer::{Customer, CustomerInput, CustomerSort, CustomerStatus};
use shared::job::{Job, JobType};
use shared::plan::{Plan, PlanInput};
use shared::{ErrorCode, Page, Permission, PlanId, Role, Rupiah};

use crate::harness::client::{expect_success, field_error};
use crate::harness::{
    Client, TestApp, assign_job, client_with_api_key, create_customer, create_technician,
    customer_input, job_request, unique,
};
use crate::on_both_databases;

on_both_databases!(
    a_new_customer_gets_the_next_number_and_a_normalized_phone,
    all_invalid_fields_are_reported_together,
    an_unknown_plan_is_rejected,
    a_repeated_request_adds_one_customer,
    a_customer_is_found_by_part_of_name_number_phone_or_address,
    search_ignores_phone_numbers_that_the_caller_may_not_read,
    lists_are_filtered_and_counted,
    the_area_is_a_filter_and_is_found_by_the_search,
    pagination_in_every_sort_order_returns_each_customer_once,
    a_manager_reads_no_contact_data_and_nobody_a_full_nik,
    jobs_hide_phone_numbers_from_roles_without_customer_access,
    a_technician_reads_customers_of_own_jobs_only,
    warehouse_staff_cannot_read_and_managers_cannot_change_customers,
    a_stale_update_is_rejected,
    an_update_keeps_an_absent_nik_and_status_and_clears_the_rest,
    a_job_is_found_by_the_new_name_of_its_customer,
    the_audit_contains_no_full_nik,
);

const NIK: &str = "3404384937396401";

async fn plan(client: &Client, code: &str) -> Plan {
    let input = PlanInput {
        code: format!("{code}-{}", unique()),
        name: code.into(),
        speed_mbps: 20,
        price: Rupiah(220_000),
    };
    client.post("/plans", &input).await
}

async fn names(client: &Client, query: &str) -> Vec<String> {
    let page: Page<Customer> = client.get(&format!("/customers?{query}")).await;
    page.items.into_iter().map(|customer| customer.name).collect()
}

async fn a_new_customer_gets_the_next_number_and_a_normalized_phone(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput { phone: " 0812-3456 7890".into(), ..customer_input("Siti") };
    let first: Customer = cs.post("/customers", &input).await;
    assert_eq!((first.number.as_str(), first.phone.as_str()), ("C-000001", "+6281234567890"));
    assert_eq!(first.status, CustomerStatus::Prospect);
    assert_eq!((first.latitude, first.longitude), (Some(-7.7101), Some(110.4075)));
    assert_eq!(create_customer(&cs, "Budi").await.number, "C-000002");
    let read: Customer = cs.get(&format!("/customers/{}", first.id)).await;
    assert_eq!(read, first);
}

async fn all_invalid_fields_are_reported_together(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput {
        name: " ".into(),
        phone: "6.28123E+11".into(),
        email: Some("siti@".into()),
        address: String::new(),
        latitude: Some(-97.0),
        longitude: Some(110.0),
        nik: Some("123".into()),
        ..CustomerInput::default()
    };
    let problem = cs.post_refused("/customers", &input).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("name", ErrorCode::Required),
            ("phone", ErrorCode::PhoneInScientificNotation),
            ("email", ErrorCode::InvalidEmail),
            ("address", ErrorCode::Required),
            ("latitude", ErrorCode::InvalidCoordinates),
            ("nik", ErrorCode::InvalidNik),
        ]
    );
    assert!(names(&cs, "").await.is_empty());
}

async fn an_unknown_plan_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput { plan_id: Some(PlanId(4711)), ..customer_input("Siti") };
    let problem = cs.post_refused("/customers", &input).await;
    assert_eq!(field_error(&problem, "plan_id"), ErrorCode::UnknownReference);
    let known = create_customer(&cs, "Budi").await;
    let path = format!("/customers/{}", known.id);
    let problem = cs.put_refused(&path, known.version, &input).await;
    assert_eq!(field_error(&problem, "plan_id"), ErrorCode::UnknownReference);
    // The number of the rejected customer is reused.
    assert_eq!(known.number, "C-000001");
}

async fn a_repeated_request_adds_one_customer(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = customer_input("Siti");
    let mut answers: Vec<Customer> = Vec::new();
    for _ in 0..2 {
        let request = cs.request(Method::POST, "/customers").header("Idempotency-Key", "form-1");
        answers.push(expect_success(request.json(&input).send().await.unwrap()).await);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(names(&cs, "").await.len(), 1);
}

async fn a_customer_is_found_by_part_of_name_number_phone_or_address(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = CustomerInput {
        phone: "0857 2284 2642".into(),
        address: "Gang Surapati No. 4, Bokoharjo".into(),
        ..customer_input("Siti 100% Rahayu")
    };
    let siti: Customer = cs.post("/customers", &siti).await;
    create_customer(&cs, "Budi").await;
    for query in
        ["ahay", "RAHAYU", "72284", "0857-2284", "+62857", "c-000001", "bokoh", "siti surapati"]
    {
        assert_eq!(
            names(&cs, &format!("q={}", query.replace('+', "%2B"))).await,
            [siti.name.as_str()],
            "{query}"
        );
    }
    // Short words, and characters that are special in a database.
    assert_eq!(names(&cs, "q=100%25").await, [siti.name.as_str()]);
    for query in ["q=%25%25%25", "q=a%22b%20OR", "q=siti%20budi", "q=%5C"] {
        assert!(names(&cs, query).await.is_empty(), "{query}");
    }
}

/// Counts the found jobs.
async fn jobs(by: &Client, query: &str) -> usize {
    by.get::<Page<Job>>(&format!("/jobs?{query}&with_total=true")).await.items.len()
}

async fn search_ignores_phone_numbers_that_the_caller_may_not_read(app: TestApp) {
    let (cs, manager) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Manager).await);
    let siti = CustomerInput {
        phone: "0857 2284 2642".into(),
        address: "Gang Surapati No. 4, Bokoharjo".into(),
        ..customer_input("Siti Rahayu")
    };
    let siti: Customer = cs.post("/customers", &siti).await;
    let repair = crate::harness::job_request(&siti, shared::job::JobType::Repair);
    let _: Job = cs.post("/jobs", &repair).await;
    for query in ["q=72284", "q=0857-2284", "q=%2B62857", "q=642", "q=6285", "q=siti%2072284"] {
        assert_eq!(names(&cs, query).await.len(), 1, "{query}");
        assert!(names(&manager, query).await.is_empty(), "{query}");
        assert_eq!(jobs(&manager, query).await, 0, "{query}");
    }
    for query in ["q=SITI", "q=c-000001", "q=surapati", "q=siti%20bokoh", "q=4"] {
        assert_eq!(names(&manager, query).await, ["Siti Rahayu"], "{query}");
        assert_eq!(jobs(&manager, query).await, 1, "{query}");
    }
    let counted: Page<Customer> = manager.get("/customers?q=72284&with_total=true").await;
    assert_eq!(counted.total, Some(0));
}

async fn lists_are_filtered_and_counted(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let home = plan(&admin, "HOME").await;
    for (name, status, plan_id) in [
        ("Ani", CustomerStatus::Active, Some(home.id)),
        ("Beni", CustomerStatus::Suspended, Some(home.id)),
        ("Citra", CustomerStatus::Terminated, None),
    ] {
        let input = CustomerInput { status: Some(status), plan_id, ..customer_input(name) };
        let made: Customer = admin.post("/customers", &input).await;
        assert_eq!(made.plan_code, plan_id.map(|_| home.code.clone()));
    }
    assert_eq!(names(&admin, "status=suspended").await, ["Beni"]);
    assert_eq!(names(&admin, "status=active,terminated&sort=name").await, ["Ani", "Citra"]);
    assert_eq!(names(&admin, &format!("plan_id={}&sort=-name", home.id)).await, ["Beni", "Ani"]);
    let page: Page<Customer> = admin.get("/customers?with_total=true&limit=2").await;
    assert_eq!((page.items.len(), page.total), (2, Some(3)));
    let page: Page<Customer> = admin.get("/customers?limit=2").await;
    assert_eq!(page.total, None);
    let wrong = admin.get_refused("/customers?limit=0").await;
    assert_eq!(field_error(&wrong, "limit"), ErrorCode::OutOfRange);
    assert_eq!(admin.get_refused("/customers?cursor=x").await.code, ErrorCode::InvalidCursor);
    assert_eq!(admin.get_refused("/customers?colour=red").await.status, 422);
}

async fn the_area_is_a_filter_and_is_found_by_the_search(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for (name, area) in [("Ani", Some(" Banguntapan ")), ("Beni", Some("Sewon")), ("Citra", None)] {
        let input = CustomerInput { area: area.map(Into::into), ..customer_input(name) };
        let made: Customer = admin.post("/customers", &input).await;
        assert_eq!(made.area.as_deref(), area.map(str::trim));
    }
    assert_eq!(names(&admin, "area=BANGUNTAPAN").await, ["Ani"]);
    assert_eq!(names(&admin, "area=Bangun").await, [""; 0], "the whole name only");
    assert_eq!(names(&admin, "area=&sort=name").await, ["Ani", "Beni", "Citra"]);
    assert_eq!(names(&admin, "q=sewon").await, ["Beni"]);
}

async fn pagination_in_every_sort_order_returns_each_customer_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    // Equal names, and equal times because the clock is fixed.
    for name in ["Dewi", "Agus", "Dewi", "Cahyo", "Dewi", "Bayu", "Dewi"] {
        create_customer(&cs, name).await;
    }
    for &sort in CustomerSort::ALL {
        let whole: Page<Customer> = cs.get(&format!("/customers?sort={sort}")).await;
        assert_eq!(whole.items.len(), 7);
        let key = |customer: &Customer| match sort {
            CustomerSort::Name | CustomerSort::NameDescending => customer.name.clone(),
            CustomerSort::Number | CustomerSort::NumberDescending => customer.number.clone(),
            _ => format!("{:020}", customer.id.0),
        };
        let mut keys: Vec<String> = whole.items.iter().map(key).collect();
        if sort.as_str().starts_with('-') {
            keys.reverse();
        }
        assert!(keys.is_sorted(), "{sort}");
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page: Page<Customer> =
                cs.get(&format!("/customers?sort={sort}&limit=2{cursor}")).await;
            paged.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(paged, whole.items, "{sort}");
    }
}

async fn a_manager_reads_no_contact_data_and_nobody_a_full_nik(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput {
        phone: "081234567890".into(),
        email: Some("Siti@Example.com".into()),
        nik: Some(NIK.into()),
        ..customer_input("Siti")
    };
    let made: Customer = cs.post("/customers", &input).await;
    assert_eq!(made.email.as_deref(), Some("siti@example.com"));
    assert_eq!(made.nik.as_deref(), Some("••••••••••••6401"));
    let manager = app.sign_in_as(Role::Manager).await;
    let one: Customer = manager.get(&format!("/customers/{}", made.id)).await;
    let page: Page<Customer> = manager.get("/customers").await;
    for seen in [&one, &page.items[0]] {
        assert_eq!((seen.phone.as_str(), &seen.email), ("+62812•••••890", &None));
        assert_eq!(seen.nik, made.nik);
    }
}

async fn jobs_hide_phone_numbers_from_roles_without_customer_access(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput { phone: "081234567890".into(), ..customer_input("Siti Rahayu") };
    let siti: Customer = cs.post("/customers", &input).await;
    let made: Job = cs.post("/jobs", &job_request(&siti, JobType::Repair)).await;
    assert_eq!(made.customer_phone.as_deref(), Some("+6281234567890"));
    let gudang = app.sign_in_as(Role::Gudang).await;
    for reader in [gudang, client_with_api_key(&app, &[Permission::JobsRead]).await] {
        let one: Job = reader.get(&format!("/jobs/{}", made.id)).await;
        assert_eq!((one.customer_phone, one.customer_name.as_str()), (None, "Siti Rahayu"));
        assert_eq!(one.address, siti.address);
        for query in ["q=081234567890", "q=34567", "q=%2B62812"] {
            assert_eq!(jobs(&reader, query).await, 0, "{query}");
        }
        assert_eq!(jobs(&reader, "q=rahayu").await, 1);
    }
    let reader =
        client_with_api_key(&app, &[Permission::JobsRead, Permission::CustomersRead]).await;
    assert_eq!(jobs(&reader, "q=081234567890").await, 1);
}

async fn a_technician_reads_customers_of_own_jobs_only(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let (own, foreign) =
        (create_customer(&admin, "Siti").await, create_customer(&admin, "Ani").await);
    let job: Job = admin.post("/jobs", &job_request(&own, JobType::Repair)).await;
    assert!(names(&budi.client, "").await.is_empty());
    assign_job(&admin, job.id, &[budi.id]).await;
    assert_eq!(names(&budi.client, "").await, ["Siti"]);
    assert!(names(&budi.client, "q=ani").await.is_empty());
    let seen: Customer = budi.client.get(&format!("/customers/{}", own.id)).await;
    assert_eq!(seen.phone, own.phone);
    let refused = budi.client.get_refused(&format!("/customers/{}", foreign.id)).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
    let refused = budi.client.post_refused("/customers", &customer_input("X")).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
}

async fn warehouse_staff_cannot_read_and_managers_cannot_change_customers(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let path = format!("/customers/{}", siti.id);
    let gudang = app.sign_in_as(Role::Gudang).await;
    assert_eq!(gudang.get_refused("/customers").await.code, ErrorCode::Forbidden);
    assert_eq!(gudang.get_refused(&path).await.code, ErrorCode::Forbidden);
    let manager = app.sign_in_as(Role::Manager).await;
    let change = customer_input("Ani");
    let refused = manager.put_refused(&path, siti.version, &change).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
    let refused = app.anonymous().get_refused(&path).await;
    assert_eq!(refused.code, ErrorCode::NotAuthenticated);
    assert_eq!(cs.get_refused("/customers/4711").await.code, ErrorCode::NotFound);
    assert_eq!(cs.get_refused("/customers/siti").await.code, ErrorCode::NotFound);
}

async fn a_stale_update_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let path = format!("/customers/{}", siti.id);
    let changed: Customer = cs.put(&path, siti.version, &customer_input("Siti A")).await;
    assert_eq!(changed.version, siti.version + 1);
    let refused = cs.put_refused(&path, siti.version, &customer_input("Siti B")).await;
    assert_eq!(refused.code, ErrorCode::VersionMismatch);
    let now: Customer = cs.get(&path).await;
    assert_eq!(now.name, "Siti A");
}

async fn an_update_keeps_an_absent_nik_and_status_and_clears_the_rest(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput {
        nik: Some(NIK.into()),
        status: Some(CustomerStatus::Active),
        odp: Some("ODP-NGA-014".into()),
        notes: Some("Pagar hijau".into()),
        ..customer_input("Siti")
    };
    let made: Customer = cs.post("/customers", &input).await;
    let change = CustomerInput { latitude: None, longitude: None, ..customer_input("Siti") };
    let changed: Customer = cs.put(&format!("/customers/{}", made.id), made.version, &change).await;
    assert_eq!((changed.nik, changed.status), (made.nik, CustomerStatus::Active));
    assert_eq!((changed.odp, changed.notes, changed.latitude), (None, None, None));
}

async fn a_job_is_found_by_the_new_name_of_its_customer(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let job: Job = cs.post("/jobs", &job_request(&siti, JobType::Repair)).await;
    let change = CustomerInput { phone: "0899 1234 567".into(), ..customer_input("Ratnasari") };
    let _: Customer = cs.put(&format!("/customers/{}", siti.id), siti.version, &change).await;
    for query in ["ratnas", "0899-1234"] {
        let found: Page<Job> = cs.get(&format!("/jobs?q={query}")).await;
        assert_eq!(found.items.iter().map(|job| job.id).collect::<Vec<_>>(), [job.id], "{query}");
    }
    assert_eq!(names(&cs, "q=ratnas").await, ["Ratnasari"]);
}

async fn the_audit_contains_no_full_nik(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput { nik: Some(NIK.into()), ..customer_input("Siti") };
    let made: Customer = cs.post("/customers", &input).await;
    let _: Customer = cs.put(&format!("/customers/{}", made.id), made.version, &input).await;
    let traces: Vec<(String, Option<String>, Option<String>)> = app
        .db
        .read(|conn| {
            use db::schema::audit;
            Ok::<_, db::DbError>(
                audit::table
                    .filter(audit::entity.eq("customer"))
                    .order(audit::id)
                    .select((audit::action, audit::before, audit::after))
                    .load(conn)?,
            )
        })
        .await
        .unwrap();
    let actions: Vec<&str> = traces.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["customer.create", "customer.update"]);
    for text in traces.iter().flat_map(|(_, before, after)| before.iter().chain(after)) {
        assert!(!text.contains(NIK) && text.contains("6401"), "{text}");
    }
}
