//! Job life cycle: numbering, transitions, SLA and permissions.

use chrono::TimeDelta;
use reqwest::Method;
use shared::job::{
    AssignRequest, Job, JobCreate, JobPriority, JobType, JobUpdate, TimelineEntry, TimelineKind,
    TransitionRequest,
};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{ErrorCode, JobId, Page, Problem, Role, TechnicianId};

use crate::harness::client::field_error;
use crate::harness::{
    Client, TestApp, assign_job, completion_request, create_customer, create_job,
    create_technician, job_request, start_work, transition, upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    a_job_is_numbered_by_type_and_month_without_gaps,
    a_repair_goes_from_creation_to_verification,
    an_illegal_transition_names_the_allowed_actions,
    of_two_concurrent_claims_one_wins,
    a_stale_update_is_rejected,
    a_second_open_job_of_a_customer_has_to_be_confirmed,
    an_appointment_in_the_past_is_refused,
    of_concurrent_assignments_of_one_version_one_wins,
    transitions_that_need_a_reason_require_it,
    admins_get_one_sla_warning_and_one_breach_alert,
    on_hold_pauses_the_sla_clock,
    a_priority_change_keeps_the_used_sla_time,
    an_installation_requires_evidence,
    a_technician_sees_and_changes_only_own_jobs,
    customer_service_cannot_assign_or_perform_jobs,
    a_job_with_an_unknown_customer_or_location_is_rejected,
    assignment_validates_technicians,
    a_repeated_request_creates_one_job,
);

async fn a_job_is_numbered_by_type_and_month_without_gaps(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    assert_eq!(create_job(&cs, JobType::Repair).await.number, "GGN-202611-0001");
    assert_eq!(create_job(&cs, JobType::Installation).await.number, "PSB-202611-0001");
    assert_eq!(create_job(&cs, JobType::Repair).await.number, "GGN-202611-0002");
    // 23:30 in London on the last of November is already December in Jakarta.
    app.clock.set("2026-11-30T23:30:00Z".parse().unwrap());
    let cs = app.sign_in_as(Role::Cs).await;
    assert_eq!(create_job(&cs, JobType::Repair).await.number, "GGN-202612-0001");
}

async fn a_repair_goes_from_creation_to_verification(app: TestApp) {
    let (cs, admin) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Admin).await);
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&cs, JobType::Repair).await.id;
    let assigned = assign_job(&admin, id, &[budi.id]).await;
    assert_eq!((assigned.status, assigned.technicians[0].lead), (JobStatus::Assigned, true));
    start_work(&budi.client, id).await;
    let early = budi.client.post_refused(&transitions(id), &completion_request("Selesai")).await;
    assert_eq!(early.code, ErrorCode::EvidenceMissing);
    upload_photo(&budi.client, id).await;
    let silent = TransitionRequest::for_action(JobAction::Complete);
    let problem = budi.client.post_refused(&transitions(id), &silent).await;
    assert_eq!(field_error(&problem, "report"), ErrorCode::Required);
    let done: Job =
        budi.client.post(&transitions(id), &completion_request("Konektor diganti")).await;
    assert_eq!((done.status, done.completed_at.is_some()), (JobStatus::Completed, true));
    assert_eq!(transition(&cs, id, JobAction::Verify).await.status, JobStatus::Closed);
    let timeline: Page<TimelineEntry> = cs.get(&format!("/jobs/{id}/timeline")).await;
    let steps: Vec<_> = timeline.items.iter().filter_map(|entry| entry.action).collect();
    use JobAction::{Accept, Assign, Complete, Depart, Start, Verify};
    assert_eq!(steps, [Assign, Accept, Depart, Start, Complete, Verify]);
    assert_eq!(timeline.items[0].kind, TimelineKind::Created);
}

fn transitions(id: JobId) -> String {
    format!("/jobs/{id}/transitions")
}

async fn an_illegal_transition_names_the_allowed_actions(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let request = TransitionRequest::for_action(JobAction::Verify);
    let problem = admin.post_refused(&transitions(id), &request).await;
    assert_eq!(problem.code, ErrorCode::IllegalTransition);
    assert!(problem.detail.contains("assign, cancel"), "{}", problem.detail);
}

async fn of_two_concurrent_claims_one_wins(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let agus = create_technician(&app, &admin, "Agus").await;
    for _ in 0..10 {
        let id = create_job(&admin, JobType::Repair).await.id;
        let (path, claim) = (transitions(id), TransitionRequest::for_action(JobAction::Claim));
        let (one, two) = tokio::join!(
            budi.client.try_post::<Job>(&path, &claim),
            agus.client.try_post::<Job>(&path, &claim),
        );
        let (winner, loser) = match (one, two) {
            (Ok(job), Err(problem)) => ((job, "Budi"), problem),
            (Err(problem), Ok(job)) => ((job, "Agus"), problem),
            other => panic!("not exactly one winner: {other:?}"),
        };
        assert_eq!(winner.0.technicians[0].name, winner.1);
        assert_eq!(loser.code, ErrorCode::AlreadyClaimed);
        assert!(loser.detail.contains(winner.1), "{}", loser.detail);
    }
}

fn edit(job: &Job) -> JobUpdate {
    JobUpdate {
        priority: job.priority,
        title: job.title.clone(),
        description: job.description.clone(),
        address: job.address.clone(),
        latitude: job.latitude,
        longitude: job.longitude,
        scheduled_start: None,
        scheduled_end: None,
    }
}

async fn a_stale_update_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let job = create_job(&cs, JobType::Repair).await;
    let path = format!("/jobs/{}", job.id);
    let mine = JobUpdate { title: "Kabel putus".into(), ..edit(&job) };
    let changed: Job = cs.put(&path, job.version, &mine).await;
    assert_eq!((changed.title.as_str(), changed.version), ("Kabel putus", job.version + 1));
    let theirs = JobUpdate { title: "Modem rusak".into(), ..edit(&job) };
    let problem = cs.put_refused(&path, job.version, &theirs).await;
    assert_eq!((problem.status, problem.code), (412, ErrorCode::VersionMismatch));
    let now: Job = cs.get(&path).await;
    assert_eq!(now.title, "Kabel putus");
}

async fn of_concurrent_assignments_of_one_version_one_wins(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let job = create_job(&admin, JobType::Repair).await;
    let path = format!("/jobs/{}/assign", job.id);
    let request = AssignRequest::for_technicians(vec![budi.id]);
    let assign = || {
        let sent = admin.request(Method::POST, &path).header("If-Match", "\"1\"").json(&request);
        async { sent.send().await.unwrap().status().as_u16() }
    };
    let mut answers = futures_util::future::join_all((0..8).map(|_| assign())).await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 412, 412, 412, 412, 412, 412, 412]);
}

async fn a_second_open_job_of_a_customer_has_to_be_confirmed(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let customer = create_customer(&cs, "Siti").await;
    let request = JobCreate { confirm_duplicate: false, ..job_request(&customer, JobType::Repair) };
    // Two agents within the same instant: one job, and the other agent is told its number.
    let (one, other): (Result<Job, Problem>, Result<Job, Problem>) =
        tokio::join!(cs.try_post("/jobs", &request), cs.try_post("/jobs", &request));
    let (job, refused) = match (one, other) {
        (Ok(job), Err(refused)) | (Err(refused), Ok(job)) => (job, refused),
        both => panic!("{both:?}"),
    };
    assert_eq!((refused.status, refused.code), (409, ErrorCode::OpenJobExists));
    assert!(refused.detail.contains(&job.number), "{}", refused.detail);
    let other_type = JobCreate { job_type: JobType::Installation, ..request.clone() };
    let _: Job = cs.post("/jobs", &other_type).await;
    let confirmed = JobCreate { confirm_duplicate: true, ..request.clone() };
    let second: Job = cs.post("/jobs", &confirmed).await;
    let admin = app.sign_in_as(Role::Admin).await;
    for id in [job.id, second.id] {
        let _: Job = admin.post(&transitions(id), &because(JobAction::Cancel, "Dobel")).await;
    }
    let _: Job = cs.post("/jobs", &request).await;
}

async fn an_appointment_in_the_past_is_refused(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let customer = create_customer(&cs, "Siti").await;
    let yesterday = app.db.clock().now() - TimeDelta::days(1);
    let request = JobCreate {
        scheduled_start: Some(yesterday),
        ..job_request(&customer, JobType::Installation)
    };
    let problem = cs.post_refused("/jobs", &request).await;
    assert_eq!(field_error(&problem, "scheduled_start"), ErrorCode::InThePast);
}

async fn transitions_that_need_a_reason_require_it(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    for action in [JobAction::Decline, JobAction::Hold] {
        let blank = TransitionRequest {
            reason: Some("  ".into()),
            ..TransitionRequest::for_action(action)
        };
        let problem = budi.client.post_refused(&transitions(id), &blank).await;
        assert_eq!(field_error(&problem, "reason"), ErrorCode::Required, "{action}");
    }
    let problem = admin
        .post_refused(&transitions(id), &TransitionRequest::for_action(JobAction::Cancel))
        .await;
    assert_eq!(field_error(&problem, "reason"), ErrorCode::Required);
    let declined: Job =
        budi.client.post(&transitions(id), &because(JobAction::Decline, "Ban bocor")).await;
    assert_eq!((declined.status, declined.technicians.len()), (JobStatus::Open, 0));
}

fn because(action: JobAction, reason: &str) -> TransitionRequest {
    TransitionRequest { reason: Some(reason.into()), ..TransitionRequest::for_action(action) }
}

async fn admins_get_one_sla_warning_and_one_breach_alert(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let opened = create_job(&cs, JobType::Repair).await;
    let sent = || async { app.db.write(services::jobs::send_sla_alerts).await.unwrap() };
    app.clock.set(opened.due_at - TimeDelta::hours(6) - TimeDelta::seconds(1));
    assert_eq!(sent().await, 0);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!((sent().await, sent().await), (1, 0));
    app.clock.set(opened.due_at);
    assert_eq!((sent().await, sent().await), (1, 0));
    // A low priority doubles the time: with a new due date there are new alerts.
    let cs = cs.sign_in_again(&app).await;
    let low = JobUpdate { priority: JobPriority::Low, ..edit(&opened) };
    let moved: Job = cs.put(&format!("/jobs/{}", opened.id), opened.version, &low).await;
    assert_eq!(sent().await, 0);
    app.clock.set(moved.due_at);
    assert_eq!(sent().await, 1);
}

async fn on_hold_pauses_the_sla_clock(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let opened = create_job(&admin, JobType::Repair).await;
    assert_eq!(opened.due_at - opened.created_at, TimeDelta::hours(24));
    assign_job(&admin, opened.id, &[budi.id]).await;
    transition(&budi.client, opened.id, JobAction::Accept).await;
    let held: Job =
        budi.client.post(&transitions(opened.id), &because(JobAction::Hold, "Hujan")).await;
    assert_eq!(held.on_hold_reason.as_deref(), Some("Hujan"));
    app.clock.advance(TimeDelta::hours(30));
    let (admin, budi) = (app.sign_in_as(Role::Admin).await, budi.client.sign_in_again(&app).await);
    let overdue: Page<Job> = admin.get("/jobs?overdue=true").await;
    assert!(overdue.items.is_empty());
    let resumed = transition(&budi, opened.id, JobAction::Resume).await;
    assert_eq!(resumed.status, JobStatus::Accepted);
    assert_eq!(resumed.due_at - opened.due_at, TimeDelta::hours(30));
    assert_eq!(resumed.on_hold_reason, None);
    let _ = admin;
}

async fn a_priority_change_keeps_the_used_sla_time(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let opened = create_job(&cs, JobType::Repair).await;
    app.clock.advance(TimeDelta::hours(4));
    let cs = cs.sign_in_again(&app).await;
    let urgent = JobUpdate { priority: JobPriority::Urgent, ..edit(&opened) };
    let changed: Job = cs.put(&format!("/jobs/{}", opened.id), opened.version, &urgent).await;
    // Urgent means a quarter of 24 hours, of which four are gone.
    assert_eq!(changed.due_at - opened.created_at, TimeDelta::hours(6));
    let due_soon: Page<Job> = cs.get("/jobs?due_soon=true").await;
    assert_eq!(due_soon.items.len(), 1, "within four hours");
    app.clock.advance(TimeDelta::hours(3));
    let cs = cs.sign_in_again(&app).await;
    let overdue: Page<Job> = cs.get("/jobs?overdue=true").await;
    assert_eq!(overdue.items.len(), 1);
    let due_soon: Page<Job> = cs.get("/jobs?due_soon=true").await;
    assert!(due_soon.items.is_empty(), "too late for soon");
}

async fn an_installation_requires_evidence(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Installation).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    start_work(&budi.client, id).await;
    upload_photo(&budi.client, id).await;
    let problem =
        budi.client.post_refused(&transitions(id), &completion_request("Terpasang")).await;
    let fields: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["ont_serial_number", "attenuation_dbm"]);
    let impossible =
        TransitionRequest { attenuation_dbm: Some(-210.0), ..completion_request("Terpasang") };
    let problem = budi.client.post_refused(&transitions(id), &impossible).await;
    assert_eq!(field_error(&problem, "attenuation_dbm"), ErrorCode::OutOfRange);
    let right = TransitionRequest {
        ont_serial_number: Some("zteg1a2b3c4d".into()),
        attenuation_dbm: Some(-21.5),
        ..completion_request("Terpasang")
    };
    let done: Job = budi.client.post(&transitions(id), &right).await;
    assert_eq!(done.ont_serial_number.as_deref(), Some("ZTEG1A2B3C4D"));
    assert_eq!(done.attenuation_dbm, Some(-21.5));
}

async fn a_technician_sees_and_changes_only_own_jobs(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let agus = create_technician(&app, &admin, "Agus").await;
    let (own, other) = (
        create_job(&admin, JobType::Repair).await.id,
        create_job(&admin, JobType::Repair).await.id,
    );
    assign_job(&admin, own, &[budi.id]).await;
    assign_job(&admin, other, &[agus.id]).await;
    let seen: Page<Job> = budi.client.get("/jobs?with_total=true").await;
    assert_eq!((seen.items.len(), seen.items[0].id, seen.total), (1, own, Some(1)));
    for path in ["", "/timeline", "/photos", "/materials"] {
        let problem = budi.client.get_refused(&format!("/jobs/{other}{path}")).await;
        assert_eq!(problem.code, ErrorCode::NotFound, "{path}");
    }
    let accept = TransitionRequest::for_action(JobAction::Accept);
    let problem = budi.client.post_refused(&transitions(other), &accept).await;
    assert_eq!(problem.code, ErrorCode::NotFound);
    let cancel = because(JobAction::Cancel, "Tidak mau");
    let problem = budi.client.post_refused(&transitions(own), &cancel).await;
    assert_eq!(problem.code, ErrorCode::Forbidden);
}

async fn customer_service_cannot_assign_or_perform_jobs(app: TestApp) {
    let (cs, admin) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Admin).await);
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&cs, JobType::Repair).await.id;
    let request = AssignRequest::for_technicians(vec![budi.id]);
    let problem = cs.post_refused(&format!("/jobs/{id}/assign"), &request).await;
    assert_eq!(problem.code, ErrorCode::Forbidden);
    assign_job(&admin, id, &[budi.id]).await;
    let accept = TransitionRequest::for_action(JobAction::Accept);
    assert_eq!(cs.post_refused(&transitions(id), &accept).await.code, ErrorCode::Forbidden);
    let cancelled: Job =
        cs.post(&transitions(id), &because(JobAction::Cancel, "Pelanggan batal")).await;
    assert_eq!(cancelled.status, JobStatus::Cancelled);
}

async fn a_job_with_an_unknown_customer_or_location_is_rejected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let mut request = job_request(&siti, JobType::Repair);
    request.customer_id = shared::CustomerId(999_999);
    let problem = cs.post_refused("/jobs", &request).await;
    assert_eq!(field_error(&problem, "customer_id"), ErrorCode::UnknownReference);
    let mut request = job_request(&siti, JobType::Repair);
    (request.latitude, request.longitude) = (Some(-97.7), Some(110.4));
    let problem = cs.post_refused("/jobs", &request).await;
    assert_eq!(field_error(&problem, "latitude"), ErrorCode::InvalidCoordinates);
    let none: Page<Job> = cs.get("/jobs").await;
    assert!(none.items.is_empty());
}

async fn assignment_validates_technicians(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let path = format!("/jobs/{id}/assign");
    let request = |ids: &[TechnicianId]| AssignRequest::for_technicians(ids.to_vec());
    let problem = admin.post_refused(&path, &request(&[])).await;
    assert_eq!(field_error(&problem, "technician_ids"), ErrorCode::Required);
    let problem = admin.post_refused(&path, &request(&[budi.id, TechnicianId(4_711)])).await;
    assert_eq!(field_error(&problem, "technician_ids[1]"), ErrorCode::UnknownReference);
    let problem = admin.post_refused(&path, &request(&[budi.id, budi.id])).await;
    assert_eq!(field_error(&problem, "technician_ids[1]"), ErrorCode::Taken);
    let job: Job = admin.get(&format!("/jobs/{id}")).await;
    assert_eq!((job.status, job.technicians.len()), (JobStatus::Open, 0));
}

async fn a_repeated_request_creates_one_job(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let send = |client: Client, request: shared::job::JobCreate| async move {
        let post = client.request(Method::POST, "/jobs").header("Idempotency-Key", "form-1");
        post.json(&request).send().await.unwrap()
    };
    let request = job_request(&siti, JobType::Repair);
    let twins =
        futures_util::future::join_all((0..5).map(|_| send(cs.clone(), request.clone()))).await;
    let mut ids = Vec::new();
    for response in twins {
        ids.push(crate::harness::client::expect_success::<Job>(response).await.id);
    }
    assert!(ids.iter().all(|&id| id == ids[0]), "{ids:?}");
    let all: Page<Job> = cs.get("/jobs?with_total=true").await;
    assert_eq!(all.total, Some(1));
    let other = send(cs.clone(), job_request(&siti, JobType::Installation)).await;
    let problem = crate::harness::client::expect_problem(other).await;
    assert_eq!(problem.code, ErrorCode::IdempotencyKeyReused);
}
