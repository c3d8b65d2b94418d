//! Dismantling: the service ends and the device comes back into the technician's bag.

use shared::customer::{Customer, CustomerStatus};
use shared::inventory::UnitState;
use shared::job::{DeviceCondition, Job, JobType, ReturnedDevice, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{CustomerId, ErrorCode as E, JobId, Page, Problem};

use super::fixtures::{Fixture, serial_line};
use crate::harness::{
    TestApp, TestTechnician, assign_job, completion_request, create_job, job_request, start_work,
    upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    dismantling_takes_the_device_back_and_ends_the_service,
    a_device_that_is_not_at_a_customer_is_not_taken_back,
    a_device_that_the_warehouse_never_had_is_kept_in_the_job_only,
    a_device_hangs_at_one_customer_only,
    a_corrected_serial_number_frees_the_wrong_one,
    a_repair_takes_the_replaced_device_back_into_the_bag,
    a_damaged_device_stays_marked_until_the_warehouse_has_it_mended,
    only_a_repair_names_a_replaced_device_and_only_one_that_is_there,
);

/// Installs a modem at the customer of a new job, by Siti.
async fn install(fixture: &Fixture, serial: &str) {
    fixture.receive(vec![serial_line(fixture.modem, &[serial])]).await.unwrap();
    fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &[serial])]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await;
    let lines = vec![serial_line(fixture.modem, &[serial])];
    fixture.consume(&fixture.siti.client, job.id, lines).await.unwrap();
}

/// Creates a dismantling for a new customer and brings it to the point where it can be completed.
async fn started_dismantling(fixture: &Fixture, technician: &TestTechnician) -> Job {
    let job = create_job(&fixture.admin, JobType::Dismantle).await;
    assert!(job.number.starts_with("CBT-"), "{}", job.number);
    start(fixture, technician, &job).await;
    job
}

/// Creates a dismantling for this customer, by Siti.
async fn dismantling_at(fixture: &Fixture, customer: CustomerId) -> Job {
    let customer: Customer = fixture.admin.get(&format!("/customers/{customer}")).await;
    let request = job_request(&customer, JobType::Dismantle);
    let job: Job = fixture.admin.post("/jobs", &request).await;
    start(fixture, &fixture.siti, &job).await;
    job
}

/// Creates a repair for a new customer, by Siti.
async fn started_repair(fixture: &Fixture) -> Job {
    let job = create_job(&fixture.admin, JobType::Repair).await;
    start(fixture, &fixture.siti, &job).await;
    job
}

async fn start(fixture: &Fixture, technician: &TestTechnician, job: &Job) {
    assign_job(&fixture.admin, job.id, &[technician.id]).await;
    start_work(&technician.client, job.id).await;
    upload_photo(&technician.client, job.id).await;
}

fn completion(serial: &str) -> TransitionRequest {
    let report = completion_request("Modem dicabut");
    TransitionRequest { ont_serial_number: Some(serial.into()), ..report }
}

fn transitions(job: JobId) -> String {
    format!("/jobs/{job}/transitions")
}

async fn dismantling_takes_the_device_back_and_ends_the_service(app: TestApp) {
    let fixture = Fixture::new(app).await;
    install(&fixture, "ZTEGC8A1B2C3").await;
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.state, UnitState::Installed);
    let job = started_dismantling(&fixture, &fixture.agus).await;
    let path = transitions(job.id);

    let incomplete = completion_request("Modem dicabut");
    let problem: Problem = fixture.agus.client.post_refused(&path, &incomplete).await;
    assert_eq!(problem.errors[0].field, "ont_serial_number");

    let done: Job = fixture.agus.client.post(&path, &completion("ztegc8a1b2c3")).await;
    assert_eq!(done.status, JobStatus::Completed);
    assert_eq!(fixture.balance(fixture.modem, fixture.agus_bag).await, 1);
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.state, UnitState::Returned);
    let customer: Customer = fixture.admin.get(&format!("/customers/{}", job.customer_id)).await;
    assert_eq!(customer.status, CustomerStatus::Terminated);

    // Completed once more after a reopening, the device is in the bag already.
    fixture.step(&fixture.admin, job.id, JobAction::Reopen).await;
    start_work(&fixture.agus.client, job.id).await;
    let _: Job = fixture.agus.client.post(&path, &completion("ZTEGC8A1B2C3")).await;
    assert_eq!(fixture.balance(fixture.modem, fixture.agus_bag).await, 1);

    let lines = vec![serial_line(fixture.modem, &["ZTEGC8A1B2C3"])];
    fixture.return_stock(&fixture.admin, &fixture.agus, lines).await.unwrap();
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.state, UnitState::Returned);
    fixture.assert_ledger_sound().await;
}

async fn a_device_that_is_not_at_a_customer_is_not_taken_back(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["ZTEGC8A1B2C4"])]).await.unwrap();
    let job = started_dismantling(&fixture, &fixture.siti).await;
    let request = completion("ZTEGC8A1B2C4");
    let problem: Problem = fixture.siti.client.post_refused(&transitions(job.id), &request).await;
    assert_eq!(problem.errors[0].field, "ont_serial_number");
    assert_eq!(problem.errors[0].code, E::UnitNotAvailable);
    assert!(problem.errors[0].message.contains("ZTEGC8A1B2C4"), "{}", problem.errors[0].message);
    assert_eq!(fixture.on_hand(fixture.modem).await, 1);
    let customer: Customer = fixture.admin.get(&format!("/customers/{}", job.customer_id)).await;
    assert_ne!(customer.status, CustomerStatus::Terminated);
}

async fn a_device_that_the_warehouse_never_had_is_kept_in_the_job_only(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let job = started_dismantling(&fixture, &fixture.siti).await;
    let request = completion("HWTC0000FFFF");
    let done: Job = fixture.siti.client.post(&transitions(job.id), &request).await;
    assert_eq!(done.ont_serial_number.as_deref(), Some("HWTC0000FFFF"));
    assert_eq!(fixture.balance(fixture.modem, fixture.siti_bag).await, 0);
    fixture.assert_ledger_sound().await;
}

async fn a_device_hangs_at_one_customer_only(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let jobs = [started_repair(&fixture).await, started_repair(&fixture).await];
    // At the same instant: one wins, the other is told where the device hangs.
    let request = completion("HWTC0000FFFF");
    let (first, second) = (transitions(jobs[0].id), transitions(jobs[1].id));
    let client = &fixture.siti.client;
    let (one, other): (Result<Job, Problem>, Result<Job, Problem>) =
        tokio::join!(client.try_post(&first, &request), client.try_post(&second, &request));
    let (done, refused) = match (one, other) {
        (Ok(done), Err(refused)) | (Err(refused), Ok(done)) => (done, refused),
        both => panic!("{both:?}"),
    };
    assert_eq!((refused.status, refused.code), (409, E::DeviceInstalled));
    assert!(refused.detail.contains(&done.number), "{}", refused.detail);

    // Nor can it be taken back from somebody else.
    let left = jobs.iter().find(|job| job.id != done.id).unwrap();
    let hex = completion("485754430000FFFF");
    let elsewhere = dismantling_at(&fixture, left.customer_id).await;
    let refused = client.post_refused(&transitions(elsewhere.id), &hex).await;
    assert_eq!(refused.code, E::DeviceInstalled);
    // Taken back from its customer it can hang elsewhere; the hexadecimal form is the same device.
    let removal = dismantling_at(&fixture, done.customer_id).await;
    let _: Job = client.post(&transitions(removal.id), &hex).await;
    let _: Job = client.post(&transitions(left.id), &request).await;
}

async fn a_corrected_serial_number_frees_the_wrong_one(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let client = &fixture.siti.client;
    let (first, second) = (started_repair(&fixture).await, started_repair(&fixture).await);
    let _: Job = client.post(&transitions(first.id), &completion("HWTC00001111")).await;
    fixture.step(&fixture.admin, first.id, JobAction::Reopen).await;
    start_work(client, first.id).await;
    let _: Job = client.post(&transitions(first.id), &completion("HWTC00002222")).await;
    let _: Job = client.post(&transitions(second.id), &completion("HWTC00001111")).await;
}

/// Completes a repair that puts one device in and takes another one out.
fn exchange(new: &str, old: &str, condition: DeviceCondition) -> TransitionRequest {
    let returned_device = Some(ReturnedDevice { serial_number: old.into(), condition });
    TransitionRequest { returned_device, ..completion(new) }
}

/// A repair for the customer of a job, which Siti has begun.
async fn repair_at(fixture: &Fixture, customer: CustomerId) -> Job {
    let customer: Customer = fixture.admin.get(&format!("/customers/{customer}")).await;
    let job: Job = fixture.admin.post("/jobs", &job_request(&customer, JobType::Repair)).await;
    start(fixture, &fixture.siti, &job).await;
    job
}

async fn a_repair_takes_the_replaced_device_back_into_the_bag(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let client = &fixture.siti.client;
    let (old, new) = ("ZTEGC8A1B2C3", "ZTEGC8A1B2C4");
    let lines = || vec![serial_line(fixture.modem, &[old, new])];
    fixture.receive(lines()).await.unwrap();
    fixture.issue(&fixture.siti, lines()).await.unwrap();
    let first = started_repair(&fixture).await;
    let _: Job = client.post(&transitions(first.id), &completion(old)).await;

    let second = repair_at(&fixture, first.customer_id).await;
    // The hexadecimal form, as the label may have it.
    let request = exchange(new, "5A544547C8A1B2C3", DeviceCondition::Used);
    let done: Job = client.post(&transitions(second.id), &request).await;
    let returned = done.returned_device.unwrap();
    assert_eq!((returned.serial_number.as_str(), returned.condition), (old, DeviceCondition::Used));
    assert_eq!(fixture.balance(fixture.modem, fixture.siti_bag).await, 1);
    assert_eq!(fixture.unit(old).await.location_id, fixture.siti_bag);
    assert_eq!(fixture.unit(old).await.state, UnitState::Returned);
    assert_eq!(fixture.unit(new).await.state, UnitState::Installed);
    // The customer is found by the new device, and the old one may hang elsewhere.
    for (serial, found) in [(new, 1), (old, 0)] {
        let page: Page<Customer> = fixture.admin.get(&format!("/customers?q={serial}")).await;
        assert_eq!(page.items.len(), found, "{serial}");
    }
    let elsewhere = started_repair(&fixture).await;
    let _: Job = client.post(&transitions(elsewhere.id), &completion(old)).await;
    fixture.assert_ledger_sound().await;
}

async fn a_damaged_device_stays_marked_until_the_warehouse_has_it_mended(app: TestApp) {
    let fixture = Fixture::new(app).await;
    install(&fixture, "ZTEGC8A1B2C3").await;
    let job = started_repair(&fixture).await;
    let request = exchange("HWTC0000FFFF", "ZTEGC8A1B2C3", DeviceCondition::Damaged);
    let _: Job = fixture.siti.client.post(&transitions(job.id), &request).await;
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.location_id, fixture.siti_bag);
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.state, UnitState::Damaged);
    let lines = vec![serial_line(fixture.modem, &["ZTEGC8A1B2C3"])];
    fixture.return_stock(&fixture.admin, &fixture.siti, lines).await.unwrap();
    assert_eq!(fixture.unit("ZTEGC8A1B2C3").await.state, UnitState::Damaged);
    fixture.assert_ledger_sound().await;
}

async fn only_a_repair_names_a_replaced_device_and_only_one_that_is_there(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let client = &fixture.siti.client;
    fixture.receive(vec![serial_line(fixture.modem, &["ZTEGC8A1B2C4"])]).await.unwrap();
    let repair = started_repair(&fixture).await;
    let refusals = [
        // In the warehouse, so not at the customer.
        ("HWTC0000FFFF", "ZTEGC8A1B2C4", E::UnitNotAvailable),
        ("HWTC0000FFFF", "hwtc0000ffff", E::Taken),
        ("HWTC0000FFFF", "?", E::InvalidCode),
    ];
    for (new, old, code) in refusals {
        let request = exchange(new, old, DeviceCondition::Used);
        let problem: Problem = client.post_refused(&transitions(repair.id), &request).await;
        assert_eq!(problem.errors[0].field, "returned_device.serial_number", "{old}");
        assert_eq!(problem.errors[0].code, code, "{old}");
    }
    let removal = started_dismantling(&fixture, &fixture.siti).await;
    let request = exchange("HWTC0000FFFF", "HWTC0000EEEE", DeviceCondition::Used);
    let problem: Problem = client.post_refused(&transitions(removal.id), &request).await;
    assert_eq!(problem.errors[0].field, "returned_device");
}
