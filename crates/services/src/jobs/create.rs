//! Creation of jobs.

use chrono::Datelike;
use db::Tx;
use db::tables::customers;
use db::tables::job_timeline::CreatedJobEntry;
use db::tables::jobs::{self as table, JobCustomer, NewJobRow, SearchedTexts};
use shared::audit::AuditAction;
use shared::job::{Job, JobCreate, JobType};
use shared::job_state_machine::JobStatus;
use shared::live::LiveEvent;
use shared::{Coordinates, CustomerId, ErrorCode, Lang};

use crate::Actor;
use crate::calendar::Calendar;
use crate::error::{Error, Result};
use crate::inventory::job_materials;
use crate::jobs::audit_snapshot::record_audit;
use crate::jobs::loading::{LoadedJob, job_event};
use crate::jobs::sla;
use crate::outbox::{self, Notice};

/// Creates a job for a customer with number, due time and planned material, and offers it to the
/// technicians.
///
/// # Errors
/// Invalid fields; `UnknownReference` (customer), `InThePast` (appointment), `OpenJobExists`.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, request: &JobCreate) -> Result<Job> {
    let new = request.parse()?;
    let (customer, devices) = customers::find_with_devices(tx.conn(), new.customer_id)?
        .ok_or_else(|| Error::field("customer_id", ErrorCode::UnknownReference))?;
    let now = tx.now();
    new.schedule.check_not_past(now)?;
    if !request.confirm_duplicate {
        check_no_open_job(tx, new.customer_id, new.job_type)?;
    }
    let settings = tx.settings()?;
    let budget = sla::budget_seconds(&settings, new.job_type, new.priority);
    let calendar = Calendar::new(&settings.calendar, tx.time_zone());
    let due_at = sla::initial_due_at(calendar, now, new.schedule.start, budget);
    let number = next_number(tx, new.job_type)?;
    let title =
        new.title.unwrap_or_else(|| new.job_type.default_title(Lang::ORGANISATION, &customer.name));
    let address = new.address.unwrap_or_else(|| customer.address.clone());
    let at_customer = customer.latitude.zip(customer.longitude);
    let place =
        new.coordinates.or_else(|| at_customer.and_then(|(lat, lon)| Coordinates::new(lat, lon)));
    let shown = JobCustomer {
        name: customer.name,
        number: customer.number,
        phone: customer.phone,
        plan_id: customer.plan_id,
        odp: customer.odp,
    };
    let texts = SearchedTexts {
        number: &number,
        title: &title,
        address: &address,
        ont_serial_number: None,
    };
    let row = NewJobRow {
        number: &number,
        job_type: new.job_type,
        priority: new.priority,
        status: JobStatus::Open,
        title: &title,
        description: new.description.as_deref(),
        customer_id: new.customer_id,
        address: &address,
        latitude: place.map(Coordinates::latitude),
        longitude: place.map(Coordinates::longitude),
        scheduled_start: new.schedule.start.map(|time| time.naive_utc()),
        scheduled_end: new.schedule.end.map(|time| time.naive_utc()),
        due_at: due_at.naive_utc(),
        sla_used_seconds: 0,
        sla_running_since: Some(now.naive_utc()),
        created_by: actor.user_id,
        search_text: &texts.search_text(&shown, &devices),
        created_at: now.naive_utc(),
        updated_at: now.naive_utc(),
    };
    let row = table::insert(tx.conn(), &row)?;
    let id = row.id;
    job_materials::plan_materials(tx, id, &settings, new.job_type)?;
    let job = LoadedJob { row, customer: shown, assignees: Vec::new() };
    tx.add_created_entry(CreatedJobEntry {
        job_id: id,
        actor_id: actor.user_id,
        actor_name: actor.name.clone(),
        at: now.naive_utc(),
    });
    record_audit(tx, actor, AuditAction::JobCreate, None, &job)?;
    let offer = Notice::JobOffered { job_id: id, number, priority: new.priority };
    outbox::enqueue_for_technicians(tx, &offer, format!("{id}:1"))?;
    tx.emit(LiveEvent::JobCreated(job_event(&job, Vec::new())));
    Ok(job.view_for(actor))
}

/// Rejects a second open job of this type for the customer. Of two requests at the same instant one waits
/// for the other.
fn check_no_open_job(tx: &mut Tx<'_>, customer: CustomerId, job_type: JobType) -> Result<()> {
    customers::lock(tx.conn(), customer)?;
    match table::open_number(tx.conn(), customer, job_type)? {
        Some(number) => Err(Error::refuse_with(ErrorCode::OpenJobExists, number)),
        None => Ok(()),
    }
}

/// Next number of the series, for instance `PSB-202611-0001`. The month is that of the
/// organisation's time zone; each month counts from one.
fn next_number(tx: &mut Tx<'_>, job_type: JobType) -> Result<String> {
    let local = tx.now().with_timezone(&tx.time_zone());
    let series = format!("{}-{:04}{:02}", job_type.number_prefix(), local.year(), local.month());
    let number = tx.next_number(&series)?;
    Ok(format!("{series}-{number:04}"))
}
