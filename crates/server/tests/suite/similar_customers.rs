//! Customers that look like one that is being typed.

use std::collections::BTreeMap;

use db::{Conn, DbError};
use diesel::RunQueryDsl;
use services::encryption_at_rest::encrypt_plaintext_niks;
use services::key_rotation::rotate_keys;
use shared::customer::{Customer, CustomerInput, SimilarCustomer, SimilarityReason};
use shared::job::{Job, JobType};
use shared::{ErrorCode, Page, Role};

use crate::harness::client::field_error;
use crate::harness::{Client, TestApp, assign_job, create_technician, customer_input, job_request};
use crate::on_both_databases;

on_both_databases!(
    a_typed_phone_number_finds_its_owner_by_either_number,
    a_typed_name_with_its_address_finds_the_same_person,
    a_typed_identity_number_finds_its_owner_also_after_a_change_of_keys,
    who_may_not_see_phone_numbers_cannot_look_them_up,
    a_technician_learns_of_own_customers_only,
);

/// The request with these parts, written as in an address.
fn typed(query: &str) -> BTreeMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://localhost/?{query}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

async fn similar(client: &Client, query: &str) -> Vec<(String, SimilarityReason)> {
    let page: Page<SimilarCustomer> = client.post("/customers/similar", &typed(query)).await;
    page.items.into_iter().map(|one| (one.customer.name, one.reason)).collect()
}

fn retno() -> CustomerInput {
    CustomerInput {
        phone: "0812 0000 1072".into(),
        second_phone: Some("0813 5555 666".into()),
        address: "Jl. Wates 3".into(),
        ..customer_input("Retno Subekti")
    }
}

async fn a_typed_phone_number_finds_its_owner_by_either_number(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let stored: Customer = cs.post("/customers", &retno()).await;
    let found = [("Retno Subekti".to_owned(), SimilarityReason::Phone)];
    for query in [
        "phone=0812-0000-1072",
        "phone=%2B62%20812%200000%201072",
        "phone=08135555666",
        "phone=0899111222&second_phone=081200001072",
        // Both reasons: the customer is named once.
        "phone=081200001072&name=retno%20subekti&address=jl.%20wates%203",
    ] {
        assert_eq!(similar(&cs, query).await, found, "{query}");
    }
    for query in ["phone=08120000107", "name=Retno%20Subekti", ""] {
        assert!(similar(&cs, query).await.is_empty(), "{query}");
    }
    let wrong = cs.post_refused("/customers/similar", &typed("phone=abc")).await;
    assert_eq!(field_error(&wrong, "phone"), ErrorCode::InvalidPhone);
    // Families share a number.
    let again: Customer = cs.post("/customers", &retno()).await;
    assert_ne!(again.id, stored.id);
}

async fn a_typed_name_with_its_address_finds_the_same_person(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let _: Customer = cs.post("/customers", &retno()).await;
    let found = [("Retno Subekti".to_owned(), SimilarityReason::NameAndAddress)];
    let same = "name=%20RETNO%20%20subekti&address=JL.%20Wates%203";
    assert_eq!(similar(&cs, same).await, found);
    assert!(similar(&cs, "name=Retno%20Subekti&address=Jl.%20Wates%204").await.is_empty());
    assert!(similar(&cs, "name=Retno&address=Jl.%20Wates%203").await.is_empty());
}

async fn a_typed_identity_number_finds_its_owner_also_after_a_change_of_keys(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let nik = Some("3404384937396401".into());
    let _: Customer = cs.post("/customers", &CustomerInput { nik, ..retno() }).await;
    let found = [("Retno Subekti".to_owned(), SimilarityReason::Nik)];
    assert_eq!(similar(&cs, "nik=3404%203849%203739%206401").await, found);
    assert!(similar(&cs, "nik=3404384937396402").await.is_empty());
    let wrong = cs.post_refused("/customers/similar", &typed("nik=3404")).await;
    assert_eq!(field_error(&wrong, "nik"), ErrorCode::InvalidNik);
    // Readers who may not change customers cannot probe for people.
    let manager = app.sign_in_as(Role::Manager).await;
    assert!(similar(&manager, "nik=3404384937396401").await.is_empty());
    // What was stored without a hash, or with a former key, gets one.
    run(&app, "UPDATE customers SET nik_hash = NULL").await;
    assert!(similar(&cs, "nik=3404384937396401").await.is_empty());
    encrypt_plaintext_niks(&app.db, &app.cipher).await.unwrap();
    assert_eq!(similar(&cs, "nik=3404384937396401").await, found);
    run(&app, "UPDATE customers SET nik_hash = 'former'").await;
    rotate_keys(&app.db, &app.cipher, &app.photos).await.unwrap();
    assert_eq!(similar(&cs, "nik=3404384937396401").await, found);
}

async fn run(app: &TestApp, sql: &'static str) {
    let run = move |conn: &mut Conn| Ok::<_, DbError>(diesel::sql_query(sql).execute(conn)?);
    app.db.read(run).await.unwrap();
}

async fn who_may_not_see_phone_numbers_cannot_look_them_up(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let manager = app.sign_in_as(Role::Manager).await;
    let _: Customer = cs.post("/customers", &retno()).await;
    assert!(similar(&manager, "phone=081200001072").await.is_empty());
    let by_name = "name=Retno%20Subekti&address=Jl.%20Wates%203";
    assert_eq!(similar(&manager, by_name).await.len(), 1);
    let gudang = app.sign_in_as(Role::Gudang).await;
    let request = typed("phone=081200001072");
    let refused = gudang.post_refused("/customers/similar", &request).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
}

async fn a_technician_learns_of_own_customers_only(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let technician = create_technician(&app, &admin, "Budi").await;
    let customer: Customer = admin.post("/customers", &retno()).await;
    assert!(similar(&technician.client, "phone=081200001072").await.is_empty());
    let job: Job = admin.post("/jobs", &job_request(&customer, JobType::Repair)).await;
    assign_job(&admin, job.id, &[technician.id]).await;
    assert_eq!(similar(&technician.client, "phone=081200001072").await.len(), 1);
}
