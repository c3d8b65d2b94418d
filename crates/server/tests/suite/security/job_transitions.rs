//! Permissions of every job transition.

use db::schema::{job_technicians, jobs};
use db::{Conn, DbError};
use diesel::prelude::*;
use shared::Permission::{self, JobsAssign, JobsCancel, JobsVerify, JobsWork};
use shared::job::TransitionRequest;
use shared::job_state_machine::{JobAction, JobStatus};

use super::fixtures::{Caller, Fixture, Reach, Side};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(each_job_transition_is_restricted_to_permitted_roles);

/// Returns the permission of a transition, and a status from which it is possible.
const fn rule(action: JobAction) -> (Permission, JobStatus) {
    match action {
        JobAction::Assign => (JobsAssign, JobStatus::Open),
        JobAction::Unassign => (JobsAssign, JobStatus::Assigned),
        JobAction::Cancel => (JobsCancel, JobStatus::InProgress),
        JobAction::Verify | JobAction::Reopen => (JobsVerify, JobStatus::Completed),
        JobAction::Claim => (JobsWork, JobStatus::Open),
        JobAction::Accept | JobAction::Decline => (JobsWork, JobStatus::Assigned),
        JobAction::Depart => (JobsWork, JobStatus::Accepted),
        JobAction::Start => (JobsWork, JobStatus::EnRoute),
        JobAction::Hold | JobAction::Complete => (JobsWork, JobStatus::InProgress),
        JobAction::Resume => (JobsWork, JobStatus::OnHold),
    }
}

fn may(caller: &Caller, action: JobAction, side: Side) -> bool {
    let (permission, _) = rule(action);
    match (caller.reach(permission), action) {
        // An open job is offered to every technician and to nobody else.
        (reach, JobAction::Claim) => reach == Reach::OwnOnly,
        (Reach::Everything, _) => true,
        (Reach::OwnOnly, _) => side == Side::Own,
        (Reach::OwnButNothing | Reach::Nothing, _) => false,
    }
}

/// Resets the job to a status from which the transition is possible.
async fn rewind(fixture: &Fixture, side: Side, action: JobAction) {
    let objects = fixture.of(side);
    let (job, technician) = (objects.job, objects.technician.id);
    let (_, status) = rule(action);
    let put = move |tx: &mut db::Tx<'_>| {
        let conn: &mut Conn = tx.conn();
        let held = (status == JobStatus::OnHold).then_some(JobStatus::InProgress);
        diesel::update(jobs::table.find(job))
            .set((jobs::status.eq(status), jobs::held_status.eq(held)))
            .execute(conn)?;
        let crew: &[_] = if status == JobStatus::Open { &[] } else { &[technician] };
        db::tables::job_technicians::replace(conn, job, crew)?;
        let there = job_technicians::table.filter(job_technicians::job_id.eq(job));
        assert_eq!(there.count().get_result::<i64>(conn)?, crew.len() as i64);
        Ok::<_, DbError>(())
    };
    fixture.app.db.write(put).await.unwrap();
}

async fn each_job_transition_is_restricted_to_permitted_roles(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let mut wrong = Vec::new();
    for &action in JobAction::ALL {
        for side in Side::ALL {
            for caller in &fixture.callers {
                rewind(&fixture, side, action).await;
                let request = TransitionRequest {
                    reason: Some("Alasan".to_owned()),
                    report: (action == JobAction::Complete).then(|| "Selesai".to_owned()),
                    ..TransitionRequest::for_action(action)
                };
                let path = format!("/jobs/{}/transitions", fixture.of(side).job);
                let request = caller.client.request(reqwest::Method::POST, &path).json(&request);
                let status = request.send().await.unwrap().status().as_u16();
                let right = match may(caller, action, side) {
                    // `assign` has an endpoint of its own and is no transition for anybody.
                    _ if action == JobAction::Assign => matches!(status, 404 | 422),
                    true => status == 200,
                    false => matches!(status, 403 | 404),
                };
                if !right {
                    wrong.push(format!("{action} ({side:?}) by {}: {status}", caller.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
