//! Demo data: a small provider with a history.

use std::collections::BTreeMap;

use services::demo;
use services::photos;
use shared::customer::Customer;
use shared::inventory::{BagReturn, Item};
use shared::job::{Job, JobMaterial, TimelineEntry};
use shared::job_state_machine::JobStatus;
use shared::photo::Photo;
use shared::technician::Technician;
use shared::{Page, Role};

use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(the_demo_is_complete_and_never_touches_an_existing_database,);

async fn filled(app: &TestApp) -> bool {
    let photos = photos::open_folder(&app.db, &app.uploads).await.unwrap();
    demo::seed(&app.db, &photos, &app.cipher).await.unwrap()
}

async fn all_jobs(client: &Client) -> Vec<Job> {
    let (mut jobs, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page<Job> = client.get(&format!("/jobs?limit=200{cursor}")).await;
        jobs.extend(page.items);
        let Some(next) = page.next_cursor else { return jobs };
        cursor = format!("&cursor={next}");
    }
}

async fn the_demo_is_complete_and_never_touches_an_existing_database(app: TestApp) {
    assert!(filled(&app).await);
    assert!(!filled(&app).await);
    let mut roles = Vec::new();
    for login in demo::ACCOUNTS {
        let client = app.sign_in(login.username, demo::PASSWORD).await;
        let user = client.user.unwrap();
        assert!(!user.must_change_password);
        roles.push(user.role);
    }
    assert_eq!(roles, Role::ALL);
    let admin = app.sign_in("admin", demo::PASSWORD).await;
    let customers: Page<Customer> = admin.get("/customers?with_total=true").await;
    assert_eq!(customers.total, Some(300));
    let technicians: Page<Technician> = admin.get("/technicians?with_total=true").await;
    assert_eq!(technicians.total, Some(12));
    let waiting: Page<BagReturn> =
        admin.get("/inventory/bag-returns?status=requested&with_total=true").await;
    assert_eq!(waiting.total, Some(2));
    let low: Page<Item> = admin.get("/inventory/low-stock").await;
    assert!(!low.items.is_empty());

    let jobs = all_jobs(&admin).await;
    let mut by_status: BTreeMap<JobStatus, usize> = BTreeMap::new();
    for job in &jobs {
        *by_status.entry(job.status).or_default() += 1;
    }
    assert!(JobStatus::ALL.iter().all(|status| by_status[status] >= 3), "{by_status:?}");
    let now = db::Clock::now(&app.clock);
    assert!(jobs.iter().all(|job| job.created_at < now));
    let waits = |job: &&Job| job.status == JobStatus::Open && job.due_at < now;
    assert!(jobs.iter().filter(waits).count() >= 2, "overdue jobs");
    check_finished(&admin, jobs.iter().find(|job| job.status == JobStatus::Closed).unwrap()).await;
}

async fn check_finished(admin: &Client, job: &Job) {
    let part = |name: &str| format!("/jobs/{}/{name}", job.id);
    let timeline: Page<TimelineEntry> = admin.get(&part("timeline")).await;
    assert!(timeline.items.is_sorted_by_key(|entry| entry.at));
    assert!(timeline.items.last().unwrap().to_status == Some(JobStatus::Closed));
    let photos: Page<Photo> = admin.get(&part("photos")).await;
    let path = photos.items[0].url.trim_start_matches("/api");
    let file = admin.request(reqwest::Method::GET, path).send().await.unwrap();
    assert!(image::load_from_memory(&file.bytes().await.unwrap()).is_ok());
    let materials: Page<JobMaterial> = admin.get(&part("materials")).await;
    assert!(materials.items.iter().all(|material| material.used <= material.issued));
}
