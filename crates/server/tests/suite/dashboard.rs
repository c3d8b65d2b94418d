//! Dashboard: items that need attention.

use chrono::{NaiveDate, TimeDelta};
use shared::dashboard::Dashboard;
use shared::job::{Job, JobPriority, JobType};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{ErrorCode, Role};

use crate::harness::{
    TestApp, assign_job, completion_request, create_customer, create_job, create_technician,
    job_request, start_work, transition, upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    attention_items_rank_overdue_then_due_soon_then_unassigned,
    a_job_on_hold_is_not_overdue,
    days_begin_at_midnight_in_jakarta,
    a_technician_has_no_dashboard,
);

async fn attention_items_rank_overdue_then_due_soon_then_unassigned(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let siti = create_customer(&admin, "Siti").await;
    let mut opened = Vec::new();
    for priority in [JobPriority::Low, JobPriority::Urgent, JobPriority::High] {
        let mut request = job_request(&siti, JobType::Repair);
        request.priority = Some(priority);
        opened.push(admin.post::<Job>("/jobs", &request).await.id);
    }
    // Urgent was due after 6 hours, high is due after 12, low after 48.
    app.clock.advance(TimeDelta::hours(9));
    let admin = admin.sign_in_again(&app).await;
    let board: Dashboard = admin.get("/dashboard").await;
    assert_eq!((board.overdue, board.due_soon, board.unassigned), (1, 1, 3));
    let order: Vec<_> = board.needs_attention.iter().map(|job| job.id).collect();
    assert_eq!(order, [opened[1], opened[2], opened[0]]);
}

async fn a_job_on_hold_is_not_overdue(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    let mut hold = shared::job::TransitionRequest::for_action(JobAction::Hold);
    hold.reason = Some("Menunggu pelanggan".into());
    let _: Job = budi.client.post(&format!("/jobs/{id}/transitions"), &hold).await;
    app.clock.advance(TimeDelta::days(3));
    let board: Dashboard = admin.sign_in_again(&app).await.get("/dashboard").await;
    assert_eq!((board.overdue, board.needs_attention.len()), (0, 0));
    let held = board.by_status.iter().find(|count| count.status == JobStatus::OnHold).unwrap();
    assert_eq!(held.count, 1);
}

async fn days_begin_at_midnight_in_jakarta(app: TestApp) {
    // Ten minutes to midnight on the 24th, and ten past.
    app.clock.set("2026-11-24T16:50:00Z".parse().unwrap());
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    app.clock.advance(TimeDelta::minutes(20));
    let (admin, budi) = (admin.sign_in_again(&app).await, budi.client.sign_in_again(&app).await);
    start_work(&budi, id).await;
    upload_photo(&budi, id).await;
    let _: Job =
        budi.post(&format!("/jobs/{id}/transitions"), &completion_request("Selesai")).await;
    let board: Dashboard = admin.get("/dashboard").await;
    assert_eq!((board.created_today.value, board.created_today.before), (0, 0));
    assert_eq!((board.completed_today.value, board.completed_today.before), (1, 0));
    let [.., before, today] = board.days.as_slice() else { panic!("too few days") };
    assert_eq!(today.day, NaiveDate::from_ymd_opt(2026, 11, 25).unwrap());
    assert_eq!((before.created, before.completed), (1, 0));
    assert_eq!((today.created, today.completed), (0, 1));
    assert_eq!(board.days.len(), 14);
    transition(&admin, id, JobAction::Verify).await;
}

async fn a_technician_has_no_dashboard(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    assert_eq!(budi.client.get_refused("/dashboard").await.code, ErrorCode::Forbidden);
}
