//! Search by ODP and by serial numbers.

use shared::customer::{Customer, CustomerInput};
use shared::inventory::{Item, ItemInput, ItemUnit, Line};
use shared::job::{Job, JobType, TransitionRequest};
use shared::{CustomerId, Page, Role};

use crate::harness::{
    Client, TestApp, assign_job, completion_request, create_customer, create_technician,
    customer_input, job_request, receive_goods, start_work, upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    customers_and_jobs_are_found_by_the_odp,
    nobody_finds_jobs_by_an_odp_that_is_hidden,
    customers_and_jobs_are_found_by_the_serial_number_of_the_installed_device,
    an_item_is_found_by_the_serial_number_of_a_unit,
);

async fn customers(client: &Client, query: &str) -> Vec<CustomerId> {
    let page: Page<Customer> = client.get(&format!("/customers?q={query}")).await;
    page.items.into_iter().map(|customer| customer.id).collect()
}

/// The customers of the jobs that are found.
async fn customers_of_jobs(client: &Client, query: &str) -> Vec<CustomerId> {
    let page: Page<Job> = client.get(&format!("/jobs?q={query}")).await;
    page.items.into_iter().map(|job| job.customer_id).collect()
}

async fn customers_and_jobs_are_found_by_the_odp(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let input = CustomerInput { odp: Some("ODP-KSH-003".into()), ..customer_input("Siti") };
    let siti: Customer = cs.post("/customers", &input).await;
    let budi = create_customer(&cs, "Budi").await;
    for customer in [&siti, &budi] {
        let _: Job = cs.post("/jobs", &job_request(customer, JobType::Repair)).await;
    }
    for query in ["odp-ksh-003", "KSH", "siti%20ksh"] {
        assert_eq!(customers(&cs, query).await, [siti.id], "{query}");
        assert_eq!(customers_of_jobs(&cs, query).await, [siti.id], "{query}");
    }
    // Moved to another box, the customer and the jobs follow.
    let moved = CustomerInput { odp: Some("ODP-GMP-001".into()), ..input };
    let _: Customer = cs.put(&format!("/customers/{}", siti.id), siti.version, &moved).await;
    assert!(customers_of_jobs(&cs, "ksh").await.is_empty());
    assert_eq!(customers_of_jobs(&cs, "gmp-001").await, [siti.id]);
}

async fn nobody_finds_jobs_by_an_odp_that_is_hidden(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let gudang = app.sign_in_as(Role::Gudang).await;
    // A short name: without it the other words still have to be whole.
    let input = CustomerInput { odp: Some("A1".into()), ..customer_input("Siti A12 Rahayu") };
    let siti: Customer = cs.post("/customers", &input).await;
    let _: Job = cs.post("/jobs", &job_request(&siti, JobType::Repair)).await;
    assert_eq!(customers_of_jobs(&cs, "%20a1").await, [siti.id]);
    assert_eq!(customers_of_jobs(&gudang, "a12").await, [siti.id]);
    let long = CustomerInput { odp: Some("ODP-KSH-003".into()), ..input };
    let _: Customer = cs.put(&format!("/customers/{}", siti.id), siti.version, &long).await;
    assert_eq!(customers_of_jobs(&cs, "ksh").await, [siti.id]);
    assert!(customers_of_jobs(&gudang, "ksh").await.is_empty());
    assert_eq!(customers_of_jobs(&gudang, "rahayu").await, [siti.id]);
}

async fn customers_and_jobs_are_found_by_the_serial_number_of_the_installed_device(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let technician = create_technician(&app, &admin, "Siti").await;
    let customer = create_customer(&admin, "Retno").await;
    let complete = async |serial: &str| {
        let job: Job = admin.post("/jobs", &job_request(&customer, JobType::Repair)).await;
        assign_job(&admin, job.id, &[technician.id]).await;
        start_work(&technician.client, job.id).await;
        upload_photo(&technician.client, job.id).await;
        let request = TransitionRequest {
            ont_serial_number: Some(serial.into()),
            ..completion_request("Diganti")
        };
        let path = format!("/jobs/{}/transitions", job.id);
        let done: Job = technician.client.post(&path, &request).await;
        done
    };
    complete("HWTCA1B2C3D4").await;
    let spellings =
        ["HWTCA1B2C3D4", "c3d4", "hwtc%20a1b2%20c3d4", "SN:%20hwtca1b2c3d4", "48575443A1B2C3D4"];
    for query in spellings {
        assert_eq!(customers(&admin, query).await, [customer.id], "{query}");
        assert_eq!(customers_of_jobs(&admin, query).await, [customer.id], "{query}");
    }
    // An edit of the customer keeps it, and so does a new job.
    let read: Customer = admin.get(&format!("/customers/{}", customer.id)).await;
    let renamed = CustomerInput { phone: read.phone, ..customer_input("Retno Subekti") };
    let _: Customer =
        admin.put(&format!("/customers/{}", customer.id), read.version, &renamed).await;
    assert_eq!(customers(&admin, "subekti%20c3d4").await, [customer.id]);
    let _: Job = admin.post("/jobs", &job_request(&customer, JobType::Repair)).await;
    assert_eq!(customers_of_jobs(&admin, "c3d4").await, [customer.id; 2]);
}

async fn an_item_is_found_by_the_serial_number_of_a_unit(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for (code, serials) in
        [("ONT-A", ["ZTEGC8A1B2C3", "ZTEGC8A1B2C4"]), ("ONT-B", ["UXSN0001", "UXSN0002"])]
    {
        let input = ItemInput {
            pack_size: None,
            code: code.into(),
            name: format!("Modem {code}"),
            category: "modem".into(),
            unit: ItemUnit::Pieces,
            serialized: true,
            min_stock: 0,
            price: shared::Rupiah(0),
        };
        let item: Item = admin.post("/inventory", &input).await;
        let serial_numbers = Some(serials.map(str::to_owned).to_vec());
        receive_goods(&admin, vec![Line { item_id: item.id, quantity: 2, serial_numbers }]).await;
    }
    for (query, code) in [
        ("UXSN0001", "ONT-B"),
        ("uxsn0001", "ONT-B"),
        ("sn:%20uxsn%200001", "ONT-B"),
        ("5A544547C8A1B2C4", "ONT-A"),
        ("modem%20ont-b", "ONT-B"),
    ] {
        let page: Page<Item> = admin.get(&format!("/inventory?q={query}&with_total=true")).await;
        let codes: Vec<&str> = page.items.iter().map(|item| item.code.as_str()).collect();
        assert_eq!((codes, page.total), (vec![code], Some(1)), "{query}");
    }
    let none: Page<Item> = admin.get("/inventory?q=UXSN0003").await;
    assert!(none.items.is_empty());
}
