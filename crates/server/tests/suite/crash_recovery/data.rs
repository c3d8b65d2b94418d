//! Data that exists before the first server of the crash test runs.

use db::Tx;
use services::encryption::Cipher;
use services::inventory::{items, locations, movements};
use services::{
    Actor, Error, auth::passwords, customers, jobs, settings, technicians, telegram, users,
};
use shared::inventory::{ItemInput, ItemUnit, Line, LocationQuery, ReceiptRequest};
use shared::job::{AssignRequest, JobCreate, JobType};
use shared::settings::{MaterialLine, Settings};
use shared::technician::TechnicianCreate;
use shared::{ChatId, JobId, Lang, Rupiah};

use crate::harness::{PASSWORD, customer_input};

/// Metres of cable that a job is planned with, and that it uses.
pub const METRES: i64 = 10;

/// Inserts the warehouse, a customer and so many repairs.
pub fn insert_repairs(tx: &mut Tx<'_>, cipher: &Cipher, count: usize) -> Result<Vec<JobId>, Error> {
    let actor = users::system_actor(tx)?;
    stock(tx, &actor)?;
    let customer = customers::create(tx, cipher, &actor, &customer_input("Siti Rahayu"))?;
    (0..count).map(|_| Ok(jobs::create(tx, &actor, &repair(customer.id))?.id)).collect()
}

/// Inserts a linked technician for each chat. Every other one gets a repair. This is a later transaction than that of the
/// repairs, so that nobody gets two hundred offers.
pub fn insert_technicians(
    tx: &mut Tx<'_>,
    chats: &[ChatId],
    repairs: &[JobId],
) -> Result<(), Error> {
    let hash = passwords::hash(PASSWORD, 4)?;
    let actor = users::system_actor(tx)?;
    for (number, (chat, job)) in chats.iter().zip(repairs).enumerate() {
        let code = technician(tx, &actor, number, &hash)?;
        telegram::redeem_code(tx, *chat, Lang::Id, &code.1)?;
        if number.is_multiple_of(2) {
            let request = AssignRequest { technician_ids: vec![code.0], reason: None, auto: false };
            jobs::assign(tx, &actor, *job, None, &request)?;
        }
    }
    Ok(())
}

fn repair(customer_id: shared::CustomerId) -> JobCreate {
    JobCreate {
        job_type: JobType::Repair,
        customer_id,
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

/// Receives cable and plans it as the material of every repair.
fn stock(tx: &mut Tx<'_>, actor: &Actor) -> Result<(), Error> {
    let input = ItemInput {
        pack_size: None,
        code: "DW-1C".into(),
        name: "Kabel dropcore".into(),
        category: "kabel".into(),
        unit: ItemUnit::Metre,
        serialized: false,
        min_stock: 0,
        price: Rupiah(1_000),
    };
    let cable = items::create(tx, actor, &input)?.id;
    let places = locations::list(tx.conn(), actor, &LocationQuery::default())?;
    let lines = vec![Line { item_id: cable, quantity: 100_000, serial_numbers: None }];
    let location_id = places.items[0].id;
    let receipt = ReceiptRequest {
        location_id,
        lines,
        in_packs: Vec::new(),
        supplier: None,
        invoice_number: None,
    };
    movements::receive(tx, actor, &receipt)?;
    let mut changed: Settings = settings::load(tx.conn())?;
    changed.for_job_type_mut(JobType::Repair).materials =
        vec![MaterialLine { item_id: cable, quantity: METRES }];
    settings::update(tx, actor, None, &changed)?;
    Ok(())
}

/// Creates a technician. Returns its id and the code that links a chat.
fn technician(
    tx: &mut Tx<'_>,
    actor: &Actor,
    number: usize,
    hash: &str,
) -> Result<(shared::TechnicianId, String), Error> {
    let request = TechnicianCreate {
        name: format!("Teknisi {number}"),
        phone: format!("0857{number:08}"),
        username: format!("teknisi.{number}"),
        password: String::new(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    };
    let made = technicians::create(tx, actor, &request, hash)?;
    let own = Actor::for_user(made.user_id, made.name, shared::Role::User, Some(made.id));
    Ok((made.id, telegram::issue_code(tx, &own)?))
}
