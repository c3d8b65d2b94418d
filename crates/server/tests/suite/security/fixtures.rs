//! Data of the security tests: two technicians with the same kinds of objects, and one caller per role.

use serde_json::json;
use services::technician_registrations::{self, Applicant};
use shared::inventory::{BagReturn, Item, ItemUnit, Location};
use shared::job::JobType;
use shared::plan::Plan;
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianApplication;
use shared::{ChatId, JobId, Lang, Page, Permission, Role, Scope};

use crate::harness::{
    Client, TestApp, TestTechnician, assign_job, create_customer, create_technician, job_request,
    movement_line, receive_goods, start_work, unique, upload_photo, warehouse_id,
};

/// Marker in every text of the other technician, which must not reach the first one.
pub const FOREIGN: &str = "Bukan-Untuk-Anda";

/// Owner of the object of a request, from the view of the first technician.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Own,
    Foreign,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Own, Side::Foreign];
}

/// Caller of operations.
pub struct Caller {
    /// Role and kind, for messages.
    pub name: &'static str,
    pub role: Role,
    pub client: Client,
    is_technician: bool,
}

/// Scope of a caller's permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Everything,
    OwnOnly,
    /// The role permits own objects, but the caller has none.
    OwnButNothing,
    Nothing,
}

impl Caller {
    /// Returns the scope of a permission for this caller, by the role table.
    pub fn reach(&self, permission: Permission) -> Reach {
        match self.role.grant(permission) {
            Some(Scope::All) => Reach::Everything,
            Some(Scope::Own) if self.is_technician => Reach::OwnOnly,
            Some(Scope::Own) => Reach::OwnButNothing,
            None => Reach::Nothing,
        }
    }
}

/// Objects that belong to one technician.
pub struct Belongings {
    pub technician: TestTechnician,
    pub job: JobId,
    pub customer: i64,
    pub photo: i64,
    pub item: i64,
    pub movement: i64,
    pub bag: i64,
    /// Pending return.
    pub bag_return: i64,
    /// Pending technician registration.
    pub registration: i64,
    /// An account that may be changed, because nobody is signed in with it.
    pub login: i64,
}

/// Server with objects for every operation.
pub struct Fixture {
    pub app: TestApp,
    pub callers: Vec<Caller>,
    pub own: Belongings,
    pub foreign: Belongings,
    pub warehouse: i64,
    pub plan: i64,
}

impl Fixture {
    pub async fn new(app: TestApp) -> Self {
        let superadmin = app.sign_in_as(Role::Superadmin).await;
        let own = belongings(&app, &superadmin, "Siti", "Milik Sendiri").await;
        let foreign = belongings(&app, &superadmin, "Agus", FOREIGN).await;
        let plan = json!({ "code": "UJI", "name": "Uji", "speed_mbps": 20, "price": 200_000 });
        let plan: Plan = superadmin.post("/plans", &plan).await;
        let mut callers = Vec::new();
        for (name, role) in [
            ("superadmin", Role::Superadmin),
            ("admin", Role::Admin),
            ("manager", Role::Manager),
            ("cs", Role::Cs),
            ("gudang", Role::Gudang),
            ("user without a technician", Role::User),
        ] {
            let client = app.sign_in_as(role).await;
            callers.push(Caller { name, role, client, is_technician: false });
        }
        let client = own.technician.client.clone();
        callers.push(Caller { name: "technician", role: Role::User, client, is_technician: true });
        let warehouse = warehouse_id(&superadmin).await.0;
        Self { app, callers, own, foreign, warehouse, plan: plan.id.0 }
    }

    pub fn of(&self, side: Side) -> &Belongings {
        match side {
            Side::Own => &self.own,
            Side::Foreign => &self.foreign,
        }
    }
}

/// Creates a technician with a filled bag and a job in progress that has a photo.
async fn belongings(app: &TestApp, superadmin: &Client, name: &str, text: &str) -> Belongings {
    let technician = create_technician(app, superadmin, name).await;
    let customer = create_customer(superadmin, text).await;
    let mut request = job_request(&customer, JobType::Repair);
    request.title = Some(text.to_owned());
    request.description = Some(text.to_owned());
    let job: shared::job::Job = superadmin.post("/jobs", &request).await;
    assign_job(superadmin, job.id, &[technician.id]).await;
    start_work(&technician.client, job.id).await;
    let photo = upload_photo(&technician.client, job.id).await;
    let item = json!({
        "code": format!("UJI-{}", unique()), "name": text, "category": "uji",
        "unit": ItemUnit::Metre, "serialized": false, "min_stock": 0, "price": 1_000,
    });
    let item: Item = superadmin.post("/inventory", &item).await;
    receive_goods(superadmin, vec![movement_line(item.id, 10_000)]).await;
    let issue = json!({ "technician_id": technician.id, "lines": [movement_line(item.id, 5_000)] });
    let moved: shared::inventory::MovementsResponse =
        superadmin.post("/inventory/issues", &issue).await;
    let places: Page<Location> = superadmin.get("/locations").await;
    let is_bag = |place: &&Location| place.technician_id == Some(technician.id);
    let bag = places.items.iter().find(is_bag).unwrap().id;
    let back = json!({ "lines": [movement_line(item.id, 10)] });
    let back: BagReturn = technician.client.post("/inventory/bag-returns", &back).await;
    let login = app.sign_in_as(Role::Cs).await.user.unwrap().id;
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

/// Submits a technician registration.
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
        let applicant = Applicant {
            chat,
            telegram_name: "Rina",
            lang: Lang::Id,
            replaced_reason: |_| "diganti",
        };
        technician_registrations::submit(tx, &applicant, &application, None)
    };
    app.db.write(submit).await.unwrap().0
}
