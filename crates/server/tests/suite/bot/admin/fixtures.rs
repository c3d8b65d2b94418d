//! A morning in the office: jobs, technicians, goods.

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
    Backend, Client, TestApp, assign, begin, completion, customer_input, job_request, line, photo,
    receive, step, technician,
};

/// An organisation with a late job, one that is due later, and one that was done.
pub struct Office {
    pub t: TelegramApp,
    pub admin: Client,
    pub late: Job,
    pub other: Job,
}

impl Office {
    pub async fn new(backend: Backend) -> Self {
        let t = TelegramApp::start(backend).await;
        let admin = t.app.login(Role::Admin).await;
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
        team(&t.app, &admin, &siti).await;
        goods(&admin).await;
        // Urgent jobs are due after six hours.
        t.app.clock.advance(TimeDelta::hours(7));
        let admin = admin.again(&t.app).await;
        Self { t, admin, late, other }
    }

    pub async fn job(&self, job: &Job) -> Job {
        self.admin.get(&format!("/jobs/{}", job.id)).await
    }
}

/// Budi lives near and repairs well, Andi is far, Citra is off duty. Budi has done a job.
async fn team(app: &TestApp, admin: &Client, siti: &Customer) {
    let budi = technician(app, admin, "Budi").await;
    let andi = technician(app, admin, "Andi").await;
    let citra = technician(app, admin, "Citra").await;
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
    assign(admin, done.id, &[budi.id]).await;
    begin(&budi.client, done.id).await;
    photo(&budi.client, done.id).await;
    let path = format!("/jobs/{}/transitions", done.id);
    let _: Job = budi.client.post(&path, &completion("Konektor diganti")).await;
    step(admin, done.id, shared::job_state_machine::JobAction::Verify).await;
}

async fn goods(admin: &Client) {
    for (code, name, unit, min_stock, quantity) in [
        ("DW-1C", "Kabel dropcore", ItemUnit::Metre, 500, 1_000),
        ("SC-UPC", "Konektor SC", ItemUnit::Pieces, 50, 12),
        ("SC-APC", "Konektor SC hijau", ItemUnit::Pieces, 0, 40),
    ] {
        let input = ItemInput {
            code: code.into(),
            name: name.into(),
            category: "uji".into(),
            unit,
            serialized: false,
            min_stock,
            price: Rupiah(1_000),
        };
        let item: Item = admin.post("/inventory", &input).await;
        receive(admin, vec![line(item.id, quantity)]).await;
    }
}

/// Presses a button once it is there.
pub async fn press(person: &TestUser, label: &str) {
    person.expect_button(label).await;
    person.tap(label);
}
