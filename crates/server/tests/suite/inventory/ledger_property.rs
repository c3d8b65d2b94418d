//! Property test of the ledger against a simple model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use services::inventory::{self, items, ledger, movements};
use services::{Actor, Error, users};
use shared::inventory::{
    AdjustmentRequest, IssueRequest, ItemUnit, Line, MovementsResponse, ReceiptRequest,
    ReturnRequest, ReversalRequest, TransferRequest, UsageRequest,
};
use shared::{ItemId, JobId, LocationId, MovementId, TechnicianId};

use super::fixtures::{Fixture, item_input};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(quantities_match_the_model, serial_units_match_the_model);

/// Number of random sequences.
const CASES: u32 = 16;
/// Maximum length of a sequence.
const STEPS: usize = 40;
/// Number of serial numbers in use.
const SERIALS: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Warehouse,
    Siti,
    Agus,
    Damaged,
    Customer,
    Supplier,
    Adjustment,
}

use Place::{Adjustment, Agus, Customer, Damaged, Siti, Supplier, Warehouse};

#[derive(Debug, Clone)]
enum Verb {
    Receive,
    Issue(Place),
    Use(Place),
    Return(Place),
    Transfer(Place, Place),
    Gain(Place),
    Lose(Place),
    Reverse(prop::sample::Index),
}

#[derive(Debug, Clone)]
struct Step {
    verb: Verb,
    quantity: i64,
    serial: usize,
}

const TRANSFERS: &[(Place, Place)] = &[
    (Warehouse, Damaged),
    (Siti, Agus),
    (Agus, Siti),
    (Siti, Damaged),
    (Agus, Damaged),
    (Customer, Warehouse),
    (Customer, Damaged),
    (Damaged, Warehouse),
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let bag = prop::sample::select(vec![Siti, Agus]);
    let counted = prop::sample::select(vec![Warehouse, Siti, Agus, Damaged]);
    let verb = prop_oneof![
        3 => Just(Verb::Receive),
        3 => bag.clone().prop_map(Verb::Issue),
        2 => bag.clone().prop_map(Verb::Use),
        2 => bag.prop_map(Verb::Return),
        2 => prop::sample::select(TRANSFERS).prop_map(|(from, to)| Verb::Transfer(from, to)),
        1 => counted.clone().prop_map(Verb::Gain),
        1 => counted.prop_map(Verb::Lose),
        3 => any::<prop::sample::Index>().prop_map(Verb::Reverse),
    ];
    let step = (verb, 1_i64..30, 0..SERIALS).prop_map(|(verb, quantity, serial)| Step {
        verb,
        quantity,
        serial,
    });
    prop::collection::vec(step, 1..STEPS)
}

/// Movement in the model.
#[derive(Debug, Clone)]
struct Entry {
    id: MovementId,
    from: Place,
    to: Place,
    quantity: i64,
    serial: usize,
    /// Reversed, or a reversal.
    done: bool,
}

#[derive(Debug, Default)]
struct Model {
    balances: BTreeMap<Place, i64>,
    units: BTreeMap<usize, Place>,
    log: Vec<Entry>,
}

impl Model {
    /// Predicts source and destination of a step; `None` if it must be rejected.
    fn predict(&self, step: &Step, serialized: bool) -> Option<(Place, Place, i64, usize)> {
        let (from, to) = match &step.verb {
            Verb::Receive => (Supplier, Warehouse),
            Verb::Issue(bag) => (Warehouse, *bag),
            Verb::Use(bag) => (*bag, Customer),
            Verb::Return(bag) => (*bag, Warehouse),
            Verb::Transfer(from, to) => (*from, *to),
            Verb::Gain(place) => (Adjustment, *place),
            Verb::Lose(place) => (*place, Adjustment),
            Verb::Reverse(index) => {
                let entry = self.log.get(index.index(self.log.len().max(1)))?;
                let there = !entry.done && self.has(entry.to, entry, serialized);
                return there.then_some((entry.to, entry.from, entry.quantity, entry.serial));
            }
        };
        let quantity = if serialized { 1 } else { step.quantity };
        let outside = matches!(from, Supplier | Adjustment);
        let possible = match (serialized, self.units.get(&step.serial)) {
            (false, _) => outside || self.balance(from) >= quantity,
            (true, None) => outside,
            (true, Some(place)) => *place == from,
        };
        possible.then_some((from, to, quantity, step.serial))
    }

    fn has(&self, place: Place, entry: &Entry, serialized: bool) -> bool {
        if serialized {
            return self.units.get(&entry.serial) == Some(&place);
        }
        matches!(place, Supplier | Adjustment) || self.balance(place) >= entry.quantity
    }

    fn balance(&self, place: Place) -> i64 {
        self.balances.get(&place).copied().unwrap_or(0)
    }

    fn book(&mut self, id: MovementId, step: &Step, moved: (Place, Place, i64, usize)) {
        let (from, to, quantity, serial) = moved;
        *self.balances.entry(from).or_default() -= quantity;
        *self.balances.entry(to).or_default() += quantity;
        self.units.insert(serial, to);
        let mut done = false;
        if let Verb::Reverse(index) = &step.verb {
            let undone = index.index(self.log.len());
            self.log[undone].done = true;
            done = true;
        }
        self.log.push(Entry { id, from, to, quantity, serial, done });
    }
}

/// The server under test.
#[derive(Clone)]
struct Stage {
    db: db::Db,
    actor: Actor,
    places: BTreeMap<Place, LocationId>,
    technicians: BTreeMap<Place, TechnicianId>,
    job: JobId,
    item: ItemId,
    serialized: bool,
}

impl Stage {
    async fn run(&self, step: &Step, reversed: Option<MovementId>) -> Result<MovementId, Error> {
        let (stage, step) = (self.clone(), step.clone());
        let run = move |tx: &mut db::Tx<'_>| stage.perform(tx, &step, reversed);
        self.db.write(run).await.map(|response| response.movements[0].id)
    }

    fn perform(
        &self,
        tx: &mut db::Tx<'_>,
        step: &Step,
        reversed: Option<MovementId>,
    ) -> Result<MovementsResponse, Error> {
        let actor = &self.actor;
        let place = |place: &Place| self.places[place];
        let technician = |bag: &Place| self.technicians[bag];
        let line = |sign: i64| {
            let quantity = sign * if self.serialized { 1 } else { step.quantity };
            let serial = format!("SN-{}-{}", self.item, step.serial);
            let serial_numbers = self.serialized.then(|| vec![serial]);
            vec![Line { item_id: self.item, quantity, serial_numbers }]
        };
        let (lines, location_id) = (line(1), None);
        match &step.verb {
            Verb::Receive => {
                let location_id = place(&Warehouse);
                let request = ReceiptRequest {
                    location_id,
                    lines,
                    in_packs: Vec::new(),
                    supplier: None,
                    invoice_number: None,
                };
                movements::receive(tx, actor, &request)
            }
            Verb::Issue(bag) => {
                let technician_id = technician(bag);
                let request = IssueRequest { technician_id, location_id, job_id: None, lines };
                movements::issue(tx, actor, &request)
            }
            Verb::Use(bag) => {
                let technician_id = Some(technician(bag));
                let request = UsageRequest { job_id: self.job, technician_id, lines };
                movements::consume(tx, actor, &request)
            }
            Verb::Return(bag) => {
                let technician_id = technician(bag);
                let request = ReturnRequest { technician_id, location_id, lines };
                movements::return_stock(tx, actor, &request)
            }
            Verb::Transfer(from, to) => {
                let (from_location_id, to_location_id) = (place(from), place(to));
                let request = TransferRequest { from_location_id, to_location_id, lines };
                movements::transfer(tx, actor, &request)
            }
            Verb::Gain(at) | Verb::Lose(at) => {
                let sign = if matches!(step.verb, Verb::Lose(_)) { -1 } else { 1 };
                let (location_id, reason) = (place(at), "Stok opname".to_owned());
                let request = AdjustmentRequest { location_id, reason, lines: line(sign) };
                movements::adjust(tx, actor, &request)
            }
            Verb::Reverse(_) => {
                let request = ReversalRequest { reason: "Salah".into() };
                inventory::reverse(tx, actor, reversed.unwrap_or(MovementId(0)), &request)
            }
        }
    }
}

async fn stage(fixture: &Fixture, code: String, serialized: bool) -> Stage {
    let job = fixture.job_for(&fixture.siti).await.id;
    let input = item_input(&code, ItemUnit::Pieces, serialized, 5);
    let create = move |tx: &mut db::Tx<'_>| {
        let actor = users::system_actor(tx)?;
        let item = items::create(tx, &actor, &input)?;
        Ok::<_, Error>((actor, item.id))
    };
    let (actor, item) = fixture.app.db.write(create).await.unwrap();
    let places = [
        (Warehouse, fixture.warehouse),
        (Siti, fixture.siti_bag),
        (Agus, fixture.agus_bag),
        (Damaged, fixture.damaged),
        (Customer, fixture.customer),
        (Supplier, fixture.supplier),
    ];
    Stage {
        db: fixture.app.db.clone(),
        actor,
        places: places.into_iter().collect(),
        technicians: [(Siti, fixture.siti.id), (Agus, fixture.agus.id)].into_iter().collect(),
        job,
        item,
        serialized,
    }
}

async fn walk(stage: &Stage, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    for step in steps {
        let predicted = model.predict(&step, stage.serialized);
        let reversed = match &step.verb {
            Verb::Reverse(index) if !model.log.is_empty() => {
                Some(model.log[index.index(model.log.len())].id)
            }
            _ => None,
        };
        match (stage.run(&step, reversed).await, predicted) {
            (Ok(id), Some(moved)) => model.book(id, &step, moved),
            (Err(Error::Refused(_)), None) => {}
            (outcome, predicted) => {
                let why = format!("{step:?}: {outcome:?}, expected {predicted:?}");
                return Err(TestCaseError::fail(why));
            }
        }
    }
    let (item, places) = (stage.item, stage.places.clone());
    let expected: Vec<i64> = places.keys().map(|place| model.balance(*place)).collect();
    let read = move |conn: &mut db::Conn| {
        let mut found = Vec::new();
        for place in places.values() {
            found.push(db::tables::balances::quantity(conn, item, *place)?);
        }
        Ok::<_, Error>((found, ledger::check(conn)?))
    };
    let (found, report) = stage.db.read(read).await.unwrap();
    prop_assert_eq!(found, expected);
    prop_assert!(report.is_sound(), "{:#?}", report.discrepancies);
    Ok(())
}

async fn try_all(app: TestApp, serialized: bool) {
    let fixture = Fixture::new(app).await;
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let runtime = tokio::runtime::Handle::current();
    let case = |steps: Vec<Step>| {
        let code = format!("UJI-{}", crate::harness::unique());
        runtime.block_on(async { walk(&stage(&fixture, code, serialized).await, steps).await })
    };
    tokio::task::block_in_place(|| runner.run(&steps(), case)).unwrap();
}

async fn quantities_match_the_model(app: TestApp) {
    try_all(app, false).await;
}

async fn serial_units_match_the_model(app: TestApp) {
    try_all(app, true).await;
}
