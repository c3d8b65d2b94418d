//! Test data that most tests need: customers, jobs, technicians, photos, stock.

use std::io::Cursor;

use db::schema::users;
use diesel::prelude::*;
use shared::api_key::{ApiKeyCreate, ApiKeyCreated};
use shared::customer::{Customer, CustomerInput};
use shared::inventory::{Line, Location, LocationKind, MovementsResponse, ReceiptRequest};
use shared::job::{AssignRequest, Job, JobCreate, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::photo::Photo;
use shared::technician::{Technician, TechnicianCreate};
use shared::{ItemId, JobId, LocationId, Page, Permission, Role, TechnicianId};

use super::client::expect_success;
use super::{Client, PASSWORD, TestApp, unique};

/// Builds valid customer data.
pub fn customer_input(name: &str) -> CustomerInput {
    CustomerInput {
        name: name.into(),
        phone: format!("0812{:08}", unique()),
        address: "Jl. Kaliurang KM 9 No. 12, Ngaglik, Sleman".into(),
        latitude: Some(-7.7101),
        longitude: Some(110.4075),
        ..CustomerInput::default()
    }
}

/// Creates a customer.
pub async fn create_customer(client: &Client, name: &str) -> Customer {
    client.post("/customers", &customer_input(name)).await
}

/// Builds a valid request for a job.
pub fn job_request(customer: &Customer, job_type: JobType) -> JobCreate {
    JobCreate {
        job_type,
        customer_id: customer.id,
        priority: None,
        title: None,
        description: None,
        address: None,
        latitude: None,
        longitude: None,
        scheduled_start: None,
        scheduled_end: None,
        confirm_duplicate: true,
    }
}

/// Creates a job for a new customer.
pub async fn create_job(client: &Client, job_type: JobType) -> Job {
    let customer = create_customer(client, "Siti Rahayu").await;
    client.post("/jobs", &job_request(&customer, job_type)).await
}

/// Signed-in technician.
pub struct TestTechnician {
    pub id: TechnicianId,
    pub record: Technician,
    pub client: Client,
}

/// Creates a signed-in technician. The initial password counts as changed already: changing it over
/// the API would take half of the time of many a test.
pub async fn create_technician(app: &TestApp, admin: &Client, name: &str) -> TestTechnician {
    let username = format!("teknisi.{}", unique());
    let request = TechnicianCreate {
        name: name.into(),
        phone: format!("0857{:08}", unique()),
        username: username.clone(),
        password: PASSWORD.into(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    };
    let record: Technician = admin.post("/technicians", &request).await;
    let user = users::table.find(record.user_id);
    let accept = move |tx: &mut db::Tx<'_>| {
        let changed = diesel::update(user).set(users::must_change_password.eq(false));
        Ok::<_, db::DbError>(changed.execute(tx.conn())?)
    };
    app.db.write(accept).await.unwrap();
    let client = app.sign_in(&username, PASSWORD).await;
    TestTechnician { id: record.id, record, client }
}

/// Assigns a job to technicians.
pub async fn assign_job(admin: &Client, job: JobId, technicians: &[TechnicianId]) -> Job {
    let request = AssignRequest::for_technicians(technicians.to_vec());
    admin.post(&format!("/jobs/{job}/assign"), &request).await
}

/// Performs a transition that needs no further data.
pub async fn transition(client: &Client, job: JobId, action: JobAction) -> Job {
    client.post(&format!("/jobs/{job}/transitions"), &TransitionRequest::for_action(action)).await
}

/// Moves a job from assigned to in progress.
pub async fn start_work(client: &Client, job: JobId) -> Job {
    transition(client, job, JobAction::Accept).await;
    transition(client, job, JobAction::Depart).await;
    transition(client, job, JobAction::Start).await
}

/// Returns a small valid JPEG.
pub fn sample_jpeg() -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, 90]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Uploads a photo to a job.
pub async fn upload_photo(client: &Client, job: JobId) -> Photo {
    let path = format!("/jobs/{job}/photos");
    expect_success(client.upload(&path, "foto.jpg", sample_jpeg(), &[("kind", "after")]).await)
        .await
}

/// Builds a valid completion of a repair.
pub fn completion_request(report: &str) -> TransitionRequest {
    TransitionRequest {
        report: Some(report.into()),
        ..TransitionRequest::for_action(JobAction::Complete)
    }
}

/// Builds a movement line without serial numbers.
pub fn movement_line(item: ItemId, quantity: i64) -> Line {
    Line { item_id: item, quantity, serial_numbers: None }
}

/// Returns the id of the main warehouse.
pub async fn warehouse_id(client: &Client) -> LocationId {
    let locations: Page<Location> = client.get("/locations").await;
    locations.items.iter().find(|place| place.kind == LocationKind::Warehouse).unwrap().id
}

/// Receives goods into the main warehouse.
pub async fn receive_goods(client: &Client, lines: Vec<Line>) -> MovementsResponse {
    let location_id = warehouse_id(client).await;
    let request = ReceiptRequest {
        location_id,
        lines,
        in_packs: Vec::new(),
        supplier: None,
        invoice_number: None,
    };
    client.post("/inventory/receipts", &request).await
}

/// Creates an API key with these permissions. Returns a client that uses it.
pub async fn client_with_api_key(app: &TestApp, permissions: &[Permission]) -> Client {
    let request = ApiKeyCreate {
        name: format!("Program {}", unique()),
        permissions: permissions.to_vec(),
        expires_at: None,
        allowed_addresses: Vec::new(),
    };
    let made: ApiKeyCreated =
        app.sign_in_as(Role::Superadmin).await.post("/api-keys", &request).await;
    let mut program = app.anonymous();
    program.api_key = Some(made.key);
    program
}
