//! Two technicians with the same belongings, and one caller of each kind.

use serde_json::json;
use services::technician_registrations::{self, Applicant};
use shared::inventory::{BagReturn, Item, ItemUnit, Location};
use shared::job::JobType;
use shared::plan::Plan;
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianApplication;
use shared::{ChatId, JobId, Lang, Page, Permission, Role, Scope};

use crate::harness::{
    Client, TestApp, TestTechnician, assign, begin, customer, job_request, line, photo, receive,
    technician, unique, warehouse,
};

/// Stands in every text that belongs to the other technician: it must not reach the first one.
pub const FOREIGN: &str = "Bukan-Untuk-Anda";

/// Whose object a request is about, as the first technician sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Own,
    Foreign,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Own, Side::Foreign];
}

/// Somebody who calls.
pub struct Caller {
    /// For messages: the role, and which kind of it.
    pub name: &'static str,
    pub role: Role,
    pub client: Client,
    is_technician: bool,
}

/// How far a caller gets with a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Everything,
    OwnOnly,
    /// The role would reach what is its own, but nothing is.
    OwnButNothing,
    Nothing,
}

impl Caller {
    /// How far this caller gets with a permission, by the table of roles.
    pub fn reach(&self, permission: Permission) -> Reach {
        match self.role.grant(permission) {
            Some(Scope::All) => Reach::Everything,
            Some(Scope::Own) if self.is_technician => Reach::OwnOnly,
            Some(Scope::Own) => Reach::OwnButNothing,
            None => Reach::Nothing,
        }
    }
}

/// What belongs to one technician.
pub struct Belongings {
    pub technician: TestTechnician,
    pub job: JobId,
    pub customer: i64,
    pub photo: i64,
    pub item: i64,
    pub movement: i64,
    pub bag: i64,
    /// Waits for the warehouse.
    pub bag_return: i64,
    /// Of somebody who wants to become a technician.
    pub registration: i64,
    /// A login that may be changed: nobody is signed in with it.
    pub login: i64,
}

/// A server with everything that the operations are about.
pub struct World {
    pub app: TestApp,
    pub callers: Vec<Caller>,
    pub own: Belongings,
    pub foreign: Belongings,
    pub warehouse: i64,
    pub plan: i64,
}

impl World {
    pub async fn new(app: TestApp) -> Self {
        let boss = app.login(Role::Superadmin).await;
        let own = belongings(&app, &boss, "Siti", "Milik Sendiri").await;
        let foreign = belongings(&app, &boss, "Agus", FOREIGN).await;
        let plan = json!({ "code": "UJI", "name": "Uji", "speed_mbps": 20, "price": 200_000 });
        let plan: Plan = boss.post("/plans", &plan).await;
        let mut callers = Vec::new();
        for (name, role) in [
            ("superadmin", Role::Superadmin),
            ("admin", Role::Admin),
            ("manager", Role::Manager),
            ("cs", Role::Cs),
            ("gudang", Role::Gudang),
            ("user without a technician", Role::User),
        ] {
            let client = app.login(role).await;
            callers.push(Caller { name, role, client, is_technician: false });
        }
        let client = own.technician.client.clone();
        callers.push(Caller { name: "technician", role: Role::User, client, is_technician: true });
        let warehouse = warehouse(&boss).await.0;
        Self { app, callers, own, foreign, warehouse, plan: plan.id.0 }
    }

    pub fn of(&self, side: Side) -> &Belongings {
        match side {
            Side::Own => &self.own,
            Side::Foreign => &self.foreign,
        }
    }
}

/// A technician with a bag that is not empty, and a job in progress that has a photo.
async fn belongings(app: &TestApp, boss: &Client, name: &str, text: &str) -> Belongings {
    let technician = technician(app, boss, name).await;
    let customer = customer(boss, text).await;
    let mut request = job_request(&customer, JobType::Repair);
    request.title = Some(text.to_owned());
    request.description = Some(text.to_owned());
    let job: shared::job::Job = boss.post("/jobs", &request).await;
    assign(boss, job.id, &[technician.id]).await;
    begin(&technician.client, job.id).await;
    let photo = photo(&technician.client, job.id).await;
    let item = json!({
        "code": format!("UJI-{}", unique()), "name": text, "category": "uji",
        "unit": ItemUnit::Metre, "serialized": false, "min_stock": 0, "price": 1_000,
    });
    let item: Item = boss.post("/inventory", &item).await;
    receive(boss, vec![line(item.id, 10_000)]).await;
    let issue = json!({ "technician_id": technician.id, "lines": [line(item.id, 5_000)] });
    let moved: shared::inventory::MovementsResponse = boss.post("/inventory/issues", &issue).await;
    let places: Page<Location> = boss.get("/locations").await;
    let is_bag = |place: &&Location| place.technician_id == Some(technician.id);
    let bag = places.items.iter().find(is_bag).unwrap().id;
    let back = json!({ "lines": [line(item.id, 10)] });
    let back: BagReturn = technician.client.post("/inventory/bag-returns", &back).await;
    let login = app.login(Role::Cs).await.user.unwrap().id;
    Belongings {
        technician,
        job: job.id,
        customer: customer.id.0,
        photo: photo.id.0,
        item: item.id.0,
        movement: moved.movements[0].id.0,
        bag: bag.0,
        bag_return: back.id.0,
        registration: registration(app).await,
        login: login.0,
    }
}

/// Somebody asks to become a technician.
async fn registration(app: &TestApp) -> i64 {
    let number = unique();
    let application = TechnicianApplication {
        name: "Rina".into(),
        phone: format!("0819{number:08}"),
        area: Some("Depok".into()),
        place: None,
        skills: vec![SkillKind::Repair],
    };
    let submit = move |tx: &mut db::Tx<'_>| {
        let chat = ChatId(8_000_000 + i64::from(number));
        let applicant = Applicant { chat, telegram_name: "Rina", lang: Lang::Id };
        technician_registrations::submit(tx, &applicant, &application, None)
    };
    app.db.write(submit).await.unwrap().0
}
