//! Lists by appointment.

use chrono::{DateTime, Utc};
use shared::job::{Job, JobCreate, JobType};
use shared::{ErrorCode, Page, Role};

use crate::harness::client::field_error;
use crate::harness::{Client, TestApp, create_customer, job_request};
use crate::on_both_databases;

on_both_databases!(
    the_appointments_of_a_day_are_those_of_the_organisations_zone_in_their_order,
    pages_by_appointment_return_each_job_with_one_once,
);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Creates a job for a new customer of this name.
async fn appointment(cs: &Client, name: &str, start: Option<&str>) -> Job {
    let customer = create_customer(cs, name).await;
    let request = JobCreate {
        scheduled_start: start.map(at),
        ..job_request(&customer, JobType::Installation)
    };
    cs.post("/jobs", &request).await
}

fn names(page: &Page<Job>) -> Vec<&str> {
    page.items.iter().map(|job| job.customer_name.as_str()).collect()
}

async fn the_appointments_of_a_day_are_those_of_the_organisations_zone_in_their_order(
    app: TestApp,
) {
    // In Jakarta it is three o'clock in the morning of the 24th, in UTC still the 23rd.
    app.clock.set(at("2026-11-23T20:00:00Z"));
    let cs = app.sign_in_as(Role::Cs).await;
    for (name, start) in [
        ("Malam", Some("2026-11-24T16:59:00Z")),
        ("Pagi", Some("2026-11-24T02:00:00Z")),
        ("Besok", Some("2026-11-24T17:00:00Z")),
        ("Lusa", Some("2026-11-25T17:00:00Z")),
        ("Kapan saja", None),
    ] {
        appointment(&cs, name, start).await;
    }
    let today: Page<Job> = cs.get("/jobs?appointment=today&with_total=true").await;
    assert_eq!((names(&today), today.total), (vec!["Pagi", "Malam"], Some(2)));
    let tomorrow: Page<Job> = cs.get("/jobs?appointment=tomorrow").await;
    assert_eq!(names(&tomorrow), ["Besok"]);
    let late_first: Page<Job> = cs.get("/jobs?appointment=today&sort=created_at").await;
    assert_eq!(names(&late_first), ["Malam", "Pagi"]);
    let wrong = cs.get_refused("/jobs?appointment=yesterday").await;
    assert_eq!(field_error(&wrong, "appointment"), ErrorCode::WrongType);
}

async fn pages_by_appointment_return_each_job_with_one_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let start = app.db.clock().now() + chrono::TimeDelta::days(1);
    for (index, hours) in [3, 1, 2, 1, 1].into_iter().enumerate() {
        let start = (start + chrono::TimeDelta::hours(hours)).to_rfc3339();
        appointment(&cs, &format!("{hours} {index}"), Some(&start)).await;
    }
    appointment(&cs, "tanpa", None).await;
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/jobs?sort=scheduled_start&limit=2{cursor}");
        let page: Page<Job> = cs.get(&path).await;
        paged.extend(names(&page).into_iter().map(str::to_owned));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, ["1 1", "1 3", "1 4", "2 2", "3 0"]);
}
