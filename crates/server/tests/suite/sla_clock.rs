//! The SLA clock: appointments and changed settings.

use chrono::TimeDelta;
use shared::job::{Job, JobCreate, JobType, JobUpdate, TimelineEntry, TimelineKind};
use shared::settings::Settings;
use shared::{Page, Role};

use crate::harness::{TestApp, create_customer, create_job, job_request};
use crate::on_both_databases;

on_both_databases!(
    the_clock_of_a_job_with_an_appointment_starts_with_it,
    a_moved_appointment_moves_the_due_time_and_keeps_the_used_time,
    a_holiday_moves_the_due_times_of_open_jobs_at_once,
);

async fn the_clock_of_a_job_with_an_appointment_starts_with_it(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let customer = create_customer(&cs, "Siti").await;
    let start = app.db.clock().now() + TimeDelta::days(10);
    let request =
        JobCreate { scheduled_start: Some(start), ..job_request(&customer, JobType::Installation) };
    let job: Job = cs.post("/jobs", &request).await;
    assert_eq!(job.due_at - start, TimeDelta::hours(72));
    app.clock.set(start - TimeDelta::hours(1));
    let alerts = app.db.write(services::jobs::send_sla_alerts).await.unwrap();
    assert_eq!(alerts, 0, "nobody is warned before the appointment");
}

async fn a_moved_appointment_moves_the_due_time_and_keeps_the_used_time(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let job = create_job(&cs, JobType::Repair).await;
    app.clock.advance(TimeDelta::hours(4));
    let cs = cs.sign_in_again(&app).await;
    let start = app.db.clock().now() + TimeDelta::days(2);
    let change = JobUpdate {
        priority: job.priority,
        title: job.title.clone(),
        description: job.description.clone(),
        address: job.address.clone(),
        latitude: job.latitude,
        longitude: job.longitude,
        scheduled_start: Some(start),
        scheduled_end: None,
    };
    let moved: Job = cs.put(&format!("/jobs/{}", job.id), job.version, &change).await;
    // Of 24 hours four were used before the appointment was made.
    assert_eq!(moved.due_at - start, TimeDelta::hours(20));
}

async fn a_holiday_moves_the_due_times_of_open_jobs_at_once(app: TestApp) {
    let superadmin = app.sign_in_as(Role::Superadmin).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let job = create_job(&cs, JobType::Repair).await;
    let mut settings: Settings = superadmin.get("/settings").await;
    let tomorrow = (app.db.clock().now() + TimeDelta::days(1)).date_naive();
    settings.calendar.holidays.push(tomorrow);
    let _: Settings = superadmin.put("/settings", settings.version, &settings).await;
    let moved: Job = cs.get(&format!("/jobs/{}", job.id)).await;
    assert_eq!(moved.due_at - job.due_at, TimeDelta::days(1));
    let timeline: Page<TimelineEntry> = cs.get(&format!("/jobs/{}/timeline", job.id)).await;
    let last = timeline.items.last().unwrap();
    assert_eq!((last.kind, last.detail.as_deref()), (TimelineKind::Edited, Some("due_at")));
}
