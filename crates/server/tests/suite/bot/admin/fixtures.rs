//! Data of the office tests: jobs, technicians and stock.

use chrono::TimeDelta;
use shared::Role;
use shared::Rupiah;
use shared::customer::{Customer, CustomerInput};
use shared::inventory::{Item, ItemInput, ItemUnit};
use shared::job::{Job, JobPriority, JobType};
use shared::technician::{Skill, SkillKind, Technician, TechnicianUpdate};
use telegram_fake::TestUser;

use crate::harness::telegram::TelegramApp;
use crate::harness::{
    Backend, Client, TestApp, assign_job, completion_request, create_technician, customer_input,
    job_request, movement_line, receive_goods, start_work, transition, upload_photo,
};

/// Office with an overdue job, a job that is due later, and a completed job.
pub struct OfficeFixture {
    pub bot_app: TelegramApp,
    pub admin: Client,
    pub late: Job,
    pub other: Job,
}

impl OfficeFixture {
    pub async fn new(backend: Backend) -> Self {
        let bot_app = TelegramApp::start(backend).await;
        let admin = bot_app.app.sign_in_as(Role::Admin).await;
        let input =
            CustomerInput { phone: "081234567890".into(), ..customer_input("Siti <Rahayu>") };
        let siti: Customer = admin.post("/customers", &input).await;
        let open = |priority| {
            let mut request = job_request(&siti, JobType::Repair);
            request.priority = Some(priority);
            request
        };
        let late: Job = admin.post("/jobs", &open(JobPriority::Urgent)).await;
        let other: Job = admin.post("/jobs", &open(JobPriority::Low)).await;
        create_team(&bot_app.app, &admin, &siti).await;
        create_stock(&admin).await;
        // Urgent jobs are due after six hours.
        bot_app.app.clock.advance(TimeDelta::hours(7));
        let admin = admin.sign_in_again(&bot_app.app).await;
        Self { bot_app, admin, late, other }
    }

    pub async fn job(&self, job: &Job) -> Job {
        self.admin.get(&format!("/jobs/{}", job.id)).await
    }
}

/// Creates the technicians: Budi is near and skilled, Andi is far away, Citra is off duty. Budi has
/// completed a job.
async fn create_team(app: &TestApp, admin: &Client, siti: &Customer) {
    let budi = create_technician(app, admin, "Budi").await;
    let andi = create_technician(app, admin, "Andi").await;
    let citra = create_technician(app, admin, "Citra").await;
    let facts = [
        (&budi, Some((5, -7.7200, 110.4075)), true),
        (&andi, Some((2, -7.9000, 110.4075)), true),
        (&citra, None, false),
    ];
    for (one, skill_and_base, on_duty) in facts {
        let record: Technician = admin.get(&format!("/technicians/{}", one.id)).await;
        let skills = skill_and_base.map(|(level, ..)| Skill { skill: SkillKind::Repair, level });
        let update = TechnicianUpdate {
            name: record.name,
            phone: record.phone,
            skills: skills.into_iter().collect(),
            base_latitude: skill_and_base.map(|(_, latitude, _)| latitude),
            base_longitude: skill_and_base.map(|(.., longitude)| longitude),
            on_duty,
            active: true,
        };
        let path = format!("/technicians/{}", one.id);
        let _: Technician = admin.put(&path, record.version, &update).await;
    }
    let done: Job = admin.post("/jobs", &job_request(siti, JobType::Repair)).await;
    assign_job(admin, done.id, &[budi.id]).await;
    start_work(&budi.client, done.id).await;
    upload_photo(&budi.client, done.id).await;
    let path = format!("/jobs/{}/transitions", done.id);
    let _: Job = budi.client.post(&path, &completion_request("Konektor diganti")).await;
    transition(admin, done.id, shared::job_state_machine::JobAction::Verify).await;
}

async fn create_stock(admin: &Client) {
    for (code, name, unit, min_stock, quantity) in [
        ("DW-1C", "Kabel dropcore", ItemUnit::Metre, 500, 1_000),
        ("SC-UPC", "Konektor SC", ItemUnit::Pieces, 50, 12),
        ("SC-APC", "Konektor SC hijau", ItemUnit::Pieces, 0, 40),
    ] {
        let input = ItemInput {
            pack_size: None,
            code: code.into(),
            name: name.into(),
            category: "uji".into(),
            unit,
            serialized: false,
            min_stock,
            price: Rupiah(1_000),
        };
        let item: Item = admin.post("/inventory", &input).await;
        receive_goods(admin, vec![movement_line(item.id, quantity)]).await;
    }
}

/// Waits for a button and presses it.
pub async fn press_button(person: &TestUser, label: &str) {
    person.expect_button(label).await;
    person.tap(label);
}
