//! What tests need before the rule that they are about.

use std::io::Cursor;

use reqwest::Method;
use shared::api_key::{ApiKeyCreate, ApiKeyCreated};
use shared::customer::{Customer, CustomerInput};
use shared::inventory::{Line, Location, LocationKind, MovementsResponse, ReceiptRequest};
use shared::job::{AssignRequest, Job, JobCreate, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::photo::Photo;
use shared::session::PasswordChange;
use shared::technician::{Technician, TechnicianCreate};
use shared::{ItemId, JobId, LocationId, Page, Permission, Role, TechnicianId};

use super::client::expect;
use super::{Client, PASSWORD, TestApp, unique};

/// A customer's input that is right.
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

/// Adds a customer.
pub async fn customer(client: &Client, name: &str) -> Customer {
    client.post("/customers", &customer_input(name)).await
}

/// A new job's request that is right.
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
    }
}

/// Opens a job for a new customer.
pub async fn job(client: &Client, job_type: JobType) -> Job {
    let customer = customer(client, "Siti Rahayu").await;
    client.post("/jobs", &job_request(&customer, job_type)).await
}

/// A technician who is signed in.
pub struct TestTechnician {
    pub id: TechnicianId,
    pub record: Technician,
    pub client: Client,
}

/// Adds a technician, who signs in and changes the first password.
pub async fn technician(app: &TestApp, admin: &Client, name: &str) -> TestTechnician {
    let username = format!("teknisi.{}", unique());
    let request = TechnicianCreate {
        name: name.into(),
        phone: format!("0857{:08}", unique()),
        username: username.clone(),
        password: "Pertama-123".into(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    };
    let record: Technician = admin.post("/technicians", &request).await;
    let first = app.sign_in(&username, "Pertama-123").await;
    let change =
        PasswordChange { current_password: "Pertama-123".into(), new_password: PASSWORD.into() };
    let response = first.request(Method::PUT, "/auth/password").json(&change).send().await.unwrap();
    assert_eq!(response.status(), 204);
    let client = app.sign_in(&username, PASSWORD).await;
    TestTechnician { id: record.id, record, client }
}

/// Gives a job to technicians.
pub async fn assign(admin: &Client, job: JobId, technicians: &[TechnicianId]) -> Job {
    let request = AssignRequest::for_technicians(technicians.to_vec());
    admin.post(&format!("/jobs/{job}/assign"), &request).await
}

/// Does one step that needs nothing else.
pub async fn step(client: &Client, job: JobId, action: JobAction) -> Job {
    client.post(&format!("/jobs/{job}/transitions"), &TransitionRequest::for_action(action)).await
}

/// Takes a job from assigned to in progress.
pub async fn begin(client: &Client, job: JobId) -> Job {
    step(client, job, JobAction::Accept).await;
    step(client, job, JobAction::Depart).await;
    step(client, job, JobAction::Start).await
}

/// A small real JPEG.
pub fn jpeg() -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, 90]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Adds a photo to a job.
pub async fn photo(client: &Client, job: JobId) -> Photo {
    let path = format!("/jobs/{job}/photos");
    expect(client.upload(&path, "foto.jpg", jpeg(), &[("kind", "after")]).await).await
}

/// A completion that is right for a repair.
pub fn completion(report: &str) -> TransitionRequest {
    TransitionRequest {
        report: Some(report.into()),
        ..TransitionRequest::for_action(JobAction::Complete)
    }
}

/// A line without serial numbers.
pub fn line(item: ItemId, quantity: i64) -> Line {
    Line { item_id: item, quantity, serial_numbers: None }
}

/// The main warehouse.
pub async fn warehouse(client: &Client) -> LocationId {
    let locations: Page<Location> = client.get("/locations").await;
    locations.items.iter().find(|place| place.kind == LocationKind::Warehouse).unwrap().id
}

/// Receives goods into the main warehouse.
pub async fn receive(client: &Client, lines: Vec<Line>) -> MovementsResponse {
    let location_id = warehouse(client).await;
    let request = ReceiptRequest { location_id, lines, supplier: None, invoice_number: None };
    client.post("/inventory/receipts", &request).await
}

/// A program with a key that has these permissions.
pub async fn api_key(app: &TestApp, permissions: &[Permission]) -> Client {
    let request = ApiKeyCreate {
        name: format!("Program {}", unique()),
        permissions: permissions.to_vec(),
        expires_at: None,
        allowed_addresses: Vec::new(),
    };
    let made: ApiKeyCreated = app.login(Role::Superadmin).await.post("/api-keys", &request).await;
    let mut program = app.anonymous();
    program.api_key = Some(made.key);
    program
}
