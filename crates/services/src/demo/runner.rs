//! Executes the demo timeline through the services in one transaction with the clock set back.

use chrono::{DurationRound, TimeDelta};
use db::Tx;
use shared::audit::AuditAction;
use shared::customer::{CustomerInput, CustomerStatus};
use shared::inventory::Line;
use shared::job::{AssignRequest, JobCreate, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::{CustomerId, JobId};

use super::Prepared;
use super::returns;
use super::staff::{self, Staff};
use super::texts;
use super::timeline::{DemoStep, JobPlan};
use super::warehouse::{self, ItemIds};
use crate::audit::{self, AuditEvent as Audited};
use crate::error::{OrNotFound, Result};
use crate::{Actor, customers, jobs, photos, users};

struct Runner<'a> {
    prepared: &'a Prepared,
    staff: Staff,
    shelf: ItemIds,
    customers: Vec<CustomerId>,
    jobs: Vec<JobId>,
    photos: std::slice::Iter<'a, crate::photos::StoredPhoto>,
}

/// Summary recorded in the audit.
#[derive(serde::Serialize)]
struct DemoSummary {
    jobs: usize,
}

/// Executes the whole timeline.
pub fn run(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<()> {
    let script = &prepared.script;
    tx.set_now(script.begin);
    let staff = staff::create(tx, &prepared.password_hash)?;
    let shelf = warehouse::create_items(tx, &staff)?;
    let mut play = Runner {
        prepared,
        staff,
        shelf,
        customers: vec![CustomerId(0); script.people.len()],
        jobs: vec![JobId(0); script.jobs.len()],
        photos: prepared.photos.iter(),
    };
    for (at, event) in &script.steps {
        tx.set_now(*at);
        play.run_step(tx, *event)?;
    }
    tx.set_now(prepared.now);
    returns::request_returns(tx, &play.staff)?;
    // Nobody must be notified of invented events.
    tx.write_technician_messages()?;
    db::tables::outbox::delete_all(tx.conn())?;
    tx.discard_events();
    let system = users::system_actor(tx)?;
    let event = Audited { action: AuditAction::DemoFill, entity_id: 0 };
    audit::record::<(), _>(tx, &system, event, None, Some(&DemoSummary { jobs: script.jobs.len() }))
}

impl Runner<'_> {
    fn run_step(&mut self, tx: &mut Tx<'_>, event: DemoStep) -> Result<()> {
        match event {
            DemoStep::Delivery(delivery) => {
                warehouse::receive_delivery(tx, &self.staff, &self.shelf, delivery)
            }
            DemoStep::IssueTools(technician) => {
                warehouse::issue_tools(tx, &self.staff, &self.shelf, technician)
            }
            DemoStep::Refill(technician) => {
                let id = self.staff.technicians[technician].technician_id.or_not_found()?;
                warehouse::refill(tx, &self.staff, &self.shelf, id)
            }
            DemoStep::IssueSplitters => warehouse::issue_splitters(tx, &self.staff, &self.shelf),
            DemoStep::CreateCustomer(customer) => self.create_customer(tx, customer),
            DemoStep::CreateJob(job) => self.create_job(tx, job),
            DemoStep::Assign(job) => self.assign(tx, job, self.job_plan(job).technician),
            DemoStep::AssignToDecliner(job) => self.assign(tx, job, self.other_technician(job)),
            DemoStep::Decline(job) => {
                let technician = self.staff.technicians[self.other_technician(job)].clone();
                self.transition(tx, &technician, job, JobAction::Decline)
            }
            DemoStep::Transition(job, JobAction::Cancel) => {
                let cs = self.staff.cs.clone();
                self.transition(tx, &cs, job, JobAction::Cancel)
            }
            DemoStep::Transition(job, action) => {
                let technician = self.technician(job).clone();
                self.transition(tx, &technician, job, action)
            }
            DemoStep::Photo(job, kind) => {
                let photo = self.photos.next().or_not_found()?;
                let technician = self.technician(job);
                photos::add(tx, technician, self.jobs[job], kind, photo).map(|_| ())
            }
            DemoStep::Complete(job) => self.complete(tx, job),
            DemoStep::Verify(job) => self.verify(tx, job),
        }
    }

    fn job_plan(&self, job: usize) -> &JobPlan {
        &self.prepared.script.jobs[job]
    }

    fn technician(&self, job: usize) -> &Actor {
        &self.staff.technicians[self.job_plan(job).technician]
    }

    /// A technician other than the one who does the job.
    fn other_technician(&self, job: usize) -> usize {
        (self.job_plan(job).technician + 5) % staff::TECHNICIAN_COUNT
    }

    /// The customer input with the real plan id.
    fn customer_input(&self, customer: usize) -> CustomerInput {
        let mut input = self.prepared.script.people[customer].clone();
        let place = input.plan_id.and_then(|place| usize::try_from(place.0).ok());
        input.plan_id = place.and_then(|place| self.staff.plans.get(place).copied());
        input
    }

    fn create_customer(&mut self, tx: &mut Tx<'_>, customer: usize) -> Result<()> {
        let input = self.customer_input(customer);
        self.customers[customer] =
            customers::create(tx, &self.prepared.cipher, &self.staff.cs, &input)?.id;
        Ok(())
    }

    fn create_job(&mut self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let plan = self.job_plan(job).clone();
        let (title, description, _) = texts::repair_texts(&plan);
        let repair = plan.job_type == JobType::Repair;
        // Scheduled close to when the work starts, so that finished jobs were on time.
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
            confirm_duplicate: true,
        };
        self.jobs[job] = jobs::create(tx, &self.staff.cs, &request)?.id;
        Ok(())
    }

    fn assign(&self, tx: &mut Tx<'_>, job: usize, technician: usize) -> Result<()> {
        let id = self.staff.technicians[technician].technician_id.or_not_found()?;
        let request = AssignRequest::for_technicians(vec![id]);
        jobs::assign(tx, &self.staff.admin, self.jobs[job], None, &request).map(|_| ())
    }

    fn transition(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        job: usize,
        action: JobAction,
    ) -> Result<()> {
        let mut request = TransitionRequest {
            reason: texts::reason(self.job_plan(job), action),
            ..TransitionRequest::for_action(action)
        };
        if action == JobAction::Start {
            self.set_customer_location(job, &mut request);
        }
        jobs::transition(tx, actor, self.jobs[job], None, &request).map(|_| ())
    }

    fn set_customer_location(&self, job: usize, request: &mut TransitionRequest) {
        let customer = &self.prepared.script.people[self.job_plan(job).customer];
        request.latitude = customer.latitude;
        request.longitude = customer.longitude;
    }

    /// Uses the material issued for the job and returns left-over cable.
    fn complete(&self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let (plan, actor, id) = (self.job_plan(job), self.technician(job), self.jobs[job]);
        let installation = plan.job_type == JobType::Installation;
        let mut request = TransitionRequest::for_action(JobAction::Complete);
        self.set_customer_location(job, &mut request);
        request.report = Some(match installation {
            true => "Pemasangan selesai, internet aktif dan sudah dijelaskan ke pelanggan.".into(),
            false => texts::repair_texts(plan).2.into(),
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
        // Two out of three return leftovers at once.
        if !left.is_empty() && plan.fault % 3 != 1 {
            returns::return_leftovers(tx, &self.staff, actor, left)?;
        }
        Ok(())
    }

    /// Verifies the job; a new customer becomes active.
    fn verify(&self, tx: &mut Tx<'_>, job: usize) -> Result<()> {
        let plan = self.job_plan(job);
        let verify = TransitionRequest::for_action(JobAction::Verify);
        jobs::transition(tx, &self.staff.cs, self.jobs[job], None, &verify)?;
        if plan.job_type == JobType::Installation {
            let mut input = self.customer_input(plan.customer);
            input.status = Some(CustomerStatus::Active);
            let id = self.customers[plan.customer];
            customers::update(tx, &self.prepared.cipher, &self.staff.cs, id, None, &input)?;
        }
        Ok(())
    }
}
