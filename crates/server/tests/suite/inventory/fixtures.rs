//! Data and helpers of the inventory tests.

use services::inventory::ledger;
use shared::inventory::{
    AdjustmentRequest, IssueRequest, ItemDetail, ItemInput, ItemUnit, Line, Location, Movement,
    MovementsResponse, ReceiptRequest, ReturnRequest, ReversalRequest, Stock, TransferRequest,
    Unit, UsageRequest,
};
use shared::job::{Job, JobMaterial, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::settings::{MaterialLine, Settings};
use shared::{
    ErrorCode, ItemId, JobId, LocationId, MovementId, Page, Problem, Role, Rupiah, TechnicianId,
};

use crate::harness::{self, Client, TestApp, TestTechnician, assign_job, create_technician};

pub use crate::harness::movement_line;

/// Response to a movement request.
pub type MovementResult = Result<MovementsResponse, Problem>;

/// Server with a warehouse, two technicians, a cable, connectors and a serialised modem.
pub struct Fixture {
    pub app: TestApp,
    pub admin: Client,
    pub siti: TestTechnician,
    pub agus: TestTechnician,
    pub warehouse: LocationId,
    pub damaged: LocationId,
    pub supplier: LocationId,
    pub customer: LocationId,
    pub siti_bag: LocationId,
    pub agus_bag: LocationId,
    /// `DW-1C`, low at 20 metres.
    pub cable: ItemId,
    /// `FC-SCUPC`
    pub connector: ItemId,
    /// `ONT-ZTE`, serialised.
    pub modem: ItemId,
}

/// Builds a movement line with these serial numbers.
pub fn serial_line(item_id: ItemId, serials: &[&str]) -> Line {
    let serial_numbers = Some(serials.iter().map(|serial| (*serial).to_owned()).collect());
    Line { item_id, quantity: serials.len() as i64, serial_numbers }
}

/// Builds valid item data.
pub fn item_input(code: &str, unit: ItemUnit, serialized: bool, min_stock: i64) -> ItemInput {
    ItemInput {
        pack_size: None,
        code: code.into(),
        name: format!("Barang {code}"),
        category: "uji".into(),
        unit,
        serialized,
        min_stock,
        price: Rupiah(1_000),
    }
}

/// Returns the first movement of a request that must succeed.
pub fn first_movement(moved: MovementResult) -> Movement {
    moved.unwrap().movements.remove(0)
}

/// Returns the error code of a rejected request.
pub fn error_code(moved: MovementResult) -> ErrorCode {
    moved.unwrap_err().code
}

/// Returns field and code of the only field error of a rejected request.
pub fn field_and_code(moved: MovementResult) -> (String, ErrorCode) {
    let problem = moved.unwrap_err();
    let [fault] = problem.errors.as_slice() else {
        panic!("not exactly one field error: {problem:?}")
    };
    (fault.field.clone(), fault.code)
}

impl Fixture {
    pub async fn new(app: TestApp) -> Self {
        let admin = app.sign_in_as(Role::Admin).await;
        let siti = create_technician(&app, &admin, "Siti").await;
        let agus = create_technician(&app, &admin, "Agus").await;
        let places: Page<Location> = admin.get("/locations").await;
        let place = |code: &str| places.items.iter().find(|place| place.code == code).unwrap().id;
        let bag = |owner: TechnicianId| {
            places.items.iter().find(|place| place.technician_id == Some(owner)).unwrap().id
        };
        let mut items = Vec::new();
        for (code, unit, serialized, min_stock) in [
            ("DW-1C", ItemUnit::Metre, false, 20),
            ("FC-SCUPC", ItemUnit::Pieces, false, 0),
            ("ONT-ZTE", ItemUnit::Pieces, true, 0),
        ] {
            let input = item_input(code, unit, serialized, min_stock);
            let item: shared::inventory::Item = admin.post("/inventory", &input).await;
            items.push(item.id);
        }
        Self {
            warehouse: place("GUDANG"),
            damaged: place("RUSAK"),
            supplier: place("PEMASOK"),
            customer: place("PELANGGAN"),
            siti_bag: bag(siti.id),
            agus_bag: bag(agus.id),
            cable: items[0],
            connector: items[1],
            modem: items[2],
            app,
            admin,
            siti,
            agus,
        }
    }

    pub async fn receive(&self, lines: Vec<Line>) -> MovementResult {
        let location_id = self.warehouse;
        let request = ReceiptRequest {
            location_id,
            lines,
            in_packs: Vec::new(),
            supplier: None,
            invoice_number: None,
        };
        self.admin.try_post("/inventory/receipts", &request).await
    }

    pub async fn issue(&self, to: &TestTechnician, lines: Vec<Line>) -> MovementResult {
        let request = IssueRequest { technician_id: to.id, location_id: None, job_id: None, lines };
        self.admin.try_post("/inventory/issues", &request).await
    }

    pub async fn consume(&self, by: &Client, job_id: JobId, lines: Vec<Line>) -> MovementResult {
        self.consume_from(by, job_id, None, lines).await
    }

    pub async fn consume_from(
        &self,
        by: &Client,
        job_id: JobId,
        technician_id: Option<TechnicianId>,
        lines: Vec<Line>,
    ) -> MovementResult {
        by.try_post("/inventory/usage", &UsageRequest { job_id, technician_id, lines }).await
    }

    pub async fn return_stock(
        &self,
        by: &Client,
        of: &TestTechnician,
        lines: Vec<Line>,
    ) -> MovementResult {
        let request = ReturnRequest { technician_id: of.id, location_id: None, lines };
        by.try_post("/inventory/returns", &request).await
    }

    pub async fn transfer(
        &self,
        from_location_id: LocationId,
        to_location_id: LocationId,
        lines: Vec<Line>,
    ) -> MovementResult {
        let request = TransferRequest { from_location_id, to_location_id, lines };
        self.admin.try_post("/inventory/transfers", &request).await
    }

    pub async fn adjust(&self, location_id: LocationId, lines: Vec<Line>) -> MovementResult {
        let request = AdjustmentRequest { location_id, reason: "Stok opname".into(), lines };
        self.admin.try_post("/inventory/adjustments", &request).await
    }

    pub async fn reverse(&self, movement: MovementId) -> MovementResult {
        let request = ReversalRequest { reason: "Salah ketik".into() };
        self.admin.try_post(&format!("/inventory/movements/{movement}/reversal"), &request).await
    }

    /// Creates a repair and assigns it to a technician.
    pub async fn job_for(&self, technician: &TestTechnician) -> Job {
        let job = harness::create_job(&self.admin, JobType::Repair).await;
        assign_job(&self.admin, job.id, &[technician.id]).await
    }

    /// Performs a job transition, with a reason.
    pub async fn step(&self, by: &Client, job: JobId, action: JobAction) -> Job {
        let reason = Some("Alasan".to_owned());
        let request = TransitionRequest { reason, ..TransitionRequest::for_action(action) };
        by.post(&format!("/jobs/{job}/transitions"), &request).await
    }

    /// Sets the planned materials of future repairs.
    pub async fn plan_repairs_with(&self, materials: &[(ItemId, i64)]) {
        let superadmin = self.app.sign_in_as(Role::Superadmin).await;
        let mut settings: Settings = superadmin.get("/settings").await;
        let line = |&(item_id, quantity): &(ItemId, i64)| MaterialLine { item_id, quantity };
        settings.for_job_type_mut(JobType::Repair).materials = materials.iter().map(line).collect();
        let _: Settings = superadmin.put("/settings", settings.version, &settings).await;
    }

    pub async fn materials(&self, job: JobId) -> Vec<JobMaterial> {
        let page: Page<JobMaterial> = self.admin.get(&format!("/jobs/{job}/materials")).await;
        page.items
    }

    pub async fn on_hand(&self, item: ItemId) -> i64 {
        let detail: ItemDetail = self.admin.get(&format!("/inventory/{item}")).await;
        detail.item.on_hand.unwrap()
    }

    pub async fn balance(&self, item: ItemId, location: LocationId) -> i64 {
        let get = move |conn: &mut db::Conn| db::tables::balances::quantity(conn, item, location);
        self.app.db.read(get).await.unwrap()
    }

    pub async fn stock(&self, location: LocationId) -> Vec<Stock> {
        let page: Page<Stock> = self.admin.get(&format!("/locations/{location}/stock")).await;
        page.items
    }

    /// Finds the modem whose serial number contains this text.
    pub async fn unit(&self, serial: &str) -> Unit {
        self.unit_of(self.modem, serial).await
    }

    pub async fn unit_of(&self, item: ItemId, serial: &str) -> Unit {
        let path = format!("/inventory/{item}/units?q={serial}");
        let mut page: Page<Unit> = self.admin.get(&path).await;
        page.items.remove(0)
    }

    /// Checks the ledger.
    pub async fn assert_ledger_sound(&self) {
        let report = self.app.db.read(ledger::check).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.discrepancies);
    }

    /// Returns the payloads of the queued messages of a kind.
    pub async fn messages(&self, kind: &'static str) -> Vec<String> {
        use db::schema::outbox;
        use diesel::prelude::*;
        let list = move |conn: &mut db::Conn| {
            let of_kind = outbox::table.filter(outbox::kind.eq(kind)).order(outbox::id);
            Ok::<_, db::DbError>(of_kind.select(outbox::payload).load::<String>(conn)?)
        };
        self.app.db.read(list).await.unwrap()
    }
}
