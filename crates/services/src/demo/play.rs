//! The script, played through the services in one transaction with the time set back.

use chrono::{DurationRound, TimeDelta};
use db::Tx;
use shared::customer::{CustomerInput, CustomerStatus};
use shared::inventory::Line;
use shared::job::{AssignRequest, JobCreate, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::{CustomerId, JobId};

use super::Prepared;
use super::leftovers;
use super::script::{Deed, JobPlan};
use super::staff::{self, Staff};
use super::warehouse::{self, Shelf};
use super::words;
use crate::audit::{self, Deed as Audited};
use crate::error::{OrNotFound, Result};
use crate::{Actor, customers, jobs, photos, users};

struct Play<'a> {
    prepared: &'a Prepared,
    staff: Staff,
    shelf: Shelf,
    customers: Vec<CustomerId>,
    jobs: Vec<JobId>,
    photos: std::slice::Iter<'a, crate::photos::StoredPhoto>,
}

/// What was played, as the audit keeps it.
#[derive(serde::Serialize)]
struct Played {
    jobs: usize,
}

/// Writes everything.
pub fn all(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<()> {
    let script = &prepared.script;
    tx.set_now(script.begin);
    let staff = staff::make(tx, &prepared.password_hash)?;
    let shelf = warehouse::make(tx, &staff)?;
    let mut play = Play {
        prepared,
        staff,
        shelf,
        customers: vec![CustomerId(0); script.people.len()],
        jobs: vec![JobId(0); script.jobs.len()],
        photos: prepared.photos.iter(),
    };
    for (at, deed) in &script.steps {
        tx.set_now(*at);
        play.step(tx, *deed)?;
    }
    tx.set_now(prepared.now);
    leftovers::wait(tx, &play.staff)?;
    // Nobody is to be told of what never happened.
    db::tables::outbox::clear(tx.conn())?;
    tx.forget_events();
    let system = users::system_actor(tx)?;
    let deed = Audited { action: "demo.fill", entity: "system", entity_id: 0 };
    audit::record::<(), _>(tx, &system, deed, None, Some(&Played { jobs: script.jobs.len() }))
}

impl Play<'_> {
    fn step(&mut self, tx: &mut Tx<'_>, deed: Deed) -> Result<()> {
        match deed {
            Deed::Delivery(delivery) => warehouse::deliver(tx, &self.staff, &self.shelf, delivery),
            Deed::Tools(technician) => {
                warehouse::hand_out_tools(tx, &self.staff, &self.shelf, technician)
            }
            Deed::Refill(technician) => {
                let id = self.staff.technicians[technician].technician_id.or_not_found()?;
                warehouse::refill(tx, &self.staff, &self.shelf, id)
            }
            Deed::Splitters => warehouse::hand_out_splitters(tx, &self.staff, &self.shelf),
            Deed::Customer(customer) => self.customer(tx, customer),
            Deed::Open(job) => self.open(tx, job),
            Deed::Assign(job) => self.assign(tx, job, self.plan(job).technician),
            Deed::AssignInVain(job) => self.assign(tx, job, self.other(job)),
            Deed::DeclinedInVain(job) => {
                let technician = self.staff.technicians[self.other(job)].clone();
                self.act(tx, &technician, job, JobAction::Decline)
            }
            Deed::Act(job, JobAction::Cancel) => {
                let cs = self.staff.cs.clone();
                self.act(tx, &cs, job, JobAction::Cancel)
            }
            Deed::Act(job, action) => {
                let technician = self.technician(job).clone();
                self.act(tx, &technician, job, action)
            }
            Deed::Photo(job, kind) => {
                let photo = self.photos.next().or_not_found()?;
                let technician = self.technician(job);
                photos::add(tx, technician, self.jobs[job], kind, photo).map(|_| ())
            }
            Deed::Complete(job) => self.complete(tx, job),
            Deed::Verify(job) => self.verify(tx, job),
        }
    }

    fn plan(&self, job: usize) -> &JobPlan {
        &self.prepared.script.jobs[job]
    }

    fn technician(&self, job: usize) -> &Actor {
        &self.staff.technicians[self.plan(job).technician]
    }

    /// Somebody else than the job's technician.
    fn other(&self, job: usize) -> usize {
        (self.plan(job).technician + 5) % staff::COUNT
    }

    /// A customer of the script with the plan's real id.
    fn input(&self, customer: usize) -> CustomerInput {
        let mut input = self.prepared.script.people[customer].clone();
        let place = input.plan_id.and_then(|place| usize::try_from(place.0).ok());
        input.plan_id = place.and_then(|place| self.staff.plans.get(place).copied());
        input
    }

    fn customer(&mut self, tx: &mut Tx<'_>, customer: usize) -> Result<()> {
        let input = self.input(customer);
        self.customers[customer] =
            customers::create(tx, &self.prepared.vault, &self.staff.cs, &input)?.id;
        Ok(())
    }

    fn open(&mut self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let plan = self.plan(job).clone();
        let (title, description, _) = words::fault(&plan);
        let repair = plan.job_type == JobType::Repair;
        // What is done was done within the time that was promised.
        let promised = match plan.started {
            Some(started) => started.duration_trunc(TimeDelta::minutes(30)).unwrap_or(started),
            None => tx.now() + TimeDelta::hours(24 + (plan.fault % 24) as i64),
        };
        let request = JobCreate {
            job_type: plan.job_type,
            customer_id: self.customers[plan.customer],
            priority: Some(plan.priority),
            title: repair.then(|| title.to_owned()),
            description: repair.then(|| description.to_owned()),
            address: None,
            latitude: None,
            longitude: None,
            scheduled_start: (!repair).then_some(promised),
            scheduled_end: (!repair).then_some(promised + TimeDelta::hours(2)),
        };
        self.jobs[job] = jobs::create(tx, &self.staff.cs, &request)?.id;
        Ok(())
    }

    fn assign(&self, tx: &mut Tx<'_>, job: usize, technician: usize) -> Result<()> {
        let id = self.staff.technicians[technician].technician_id.or_not_found()?;
        let request = AssignRequest::of(vec![id]);
        jobs::assign(tx, &self.staff.admin, self.jobs[job], &request).map(|_| ())
    }

    fn act(&self, tx: &mut Tx<'_>, actor: &Actor, job: usize, action: JobAction) -> Result<()> {
        let mut request = TransitionRequest {
            reason: words::reason(self.plan(job), action),
            ..TransitionRequest::of(action)
        };
        if action == JobAction::Start {
            self.stand_at_customer(job, &mut request);
        }
        jobs::transition(tx, actor, self.jobs[job], None, &request).map(|_| ())
    }

    fn stand_at_customer(&self, job: usize, request: &mut TransitionRequest) {
        let customer = &self.prepared.script.people[self.plan(job).customer];
        request.latitude = customer.latitude;
        request.longitude = customer.longitude;
    }

    /// Uses what was issued for the job; what is left of the cable goes back.
    fn complete(&self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let (plan, actor, id) = (self.plan(job), self.technician(job), self.jobs[job]);
        let installation = plan.job_type == JobType::Installation;
        let mut request = TransitionRequest::of(JobAction::Complete);
        self.stand_at_customer(job, &mut request);
        request.report = Some(match installation {
            true => "Pemasangan selesai, internet aktif dan sudah dijelaskan ke pelanggan.".into(),
            false => words::fault(plan).2.into(),
        });
        let (mut used, mut left) = (Vec::new(), Vec::new());
        for material in jobs::materials(tx.conn(), actor, id)?.items {
            let wanted = if material.code == "DW-1C" { plan.cable_metres } else { i64::MAX };
            // A repair does not need all that was taken along.
            let wanted = if installation || plan.fault % 3 == 0 { wanted } else { 0 };
            let quantity = wanted.min(material.issued);
            let serials = material.serialized.then(|| material.serial_numbers.clone());
            let line = |quantity, serial_numbers| Line {
                item_id: material.item_id,
                quantity,
                serial_numbers,
            };
            if quantity > 0 {
                if installation && material.serialized {
                    request.ont_serial_number = material.serial_numbers.first().cloned();
                }
                used.push(line(quantity, serials));
            }
            if material.issued > quantity && !material.serialized {
                left.push(line(material.issued - quantity, None));
            }
        }
        request.attenuation_dbm = installation.then_some(plan.attenuation_dbm);
        request.materials = Some(used);
        jobs::transition(tx, actor, id, None, &request)?;
        // Two out of three bring leftovers back at once.
        if !left.is_empty() && plan.fault % 3 != 1 {
            leftovers::hand_back(tx, &self.staff, actor, left)?;
        }
        Ok(())
    }

    /// The office checks the work; a new customer is on the net from then on.
    fn verify(&self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let plan = self.plan(job);
        let verify = TransitionRequest::of(JobAction::Verify);
        jobs::transition(tx, &self.staff.cs, self.jobs[job], None, &verify)?;
        if plan.job_type == JobType::Installation {
            let mut input = self.input(plan.customer);
            input.status = Some(CustomerStatus::Active);
            let id = self.customers[plan.customer];
            customers::update(tx, &self.prepared.vault, &self.staff.cs, id, None, &input)?;
        }
        Ok(())
    }
}
