//! Lists of jobs: orders, pages, searches, and the jobs of one technician.

use chrono::TimeDelta;
use db::schema::{job_technicians, jobs};
use diesel::prelude::*;
use shared::customer::Customer;
use shared::job::{AssignRequest, Job, JobPriority, JobType, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::technician::Technician;
use shared::{ErrorCode, JobId, Page, Role, TechnicianId};

use crate::harness::client::field_error;
use crate::harness::{
    Client, TestApp, assign_job, completion_request, create_customer, create_job,
    create_technician, customer_input, job_request, start_work, upload_photo,
};
use crate::on_both_databases;

on_both_databases!(
    pagination_in_every_sort_order_returns_each_job_once,
    a_job_is_found_by_part_of_the_customers_phone_number,
    the_pages_of_a_technicians_jobs_hold_each_matching_job_once,
    what_a_technician_has_to_do_follows_every_change_of_status,
);

async fn pagination_in_every_sort_order_returns_each_job_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    for index in 0..11 {
        let mut request = job_request(&siti, JobType::Repair);
        request.priority = Some(JobPriority::ALL[index % 4]);
        let _: Job = cs.post("/jobs", &request).await;
        // Some share their time of creation: only the id tells them apart.
        if index % 3 == 0 {
            app.clock.advance(TimeDelta::minutes(1));
        }
    }
    for sort in ["-created_at", "created_at", "due_at", "-due_at", "number", "-number"] {
        let whole: Page<Job> = cs.get(&format!("/jobs?limit=200&sort={sort}")).await;
        let paged = in_pages_of(3, &cs, &format!("/jobs?sort={sort}")).await;
        assert_eq!(paged.len(), 11, "{sort}");
        assert_eq!(paged, whole.items, "{sort}");
    }
    assert_eq!(cs.get_refused("/jobs?cursor=nonsense").await.code, ErrorCode::InvalidCursor);
    assert_eq!(field_error(&cs.get_refused("/jobs?limit=0").await, "limit"), ErrorCode::OutOfRange);
    assert_eq!(
        field_error(&cs.get_refused("/jobs?colour=red").await, "colour"),
        ErrorCode::UnknownField
    );
    assert_eq!(
        field_error(&cs.get_refused("/jobs?status=lost").await, "status"),
        ErrorCode::WrongType
    );
}

/// A whole list, read in pages of this size.
async fn in_pages_of(limit: usize, client: &Client, path: &str) -> Vec<Job> {
    let (mut jobs, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mark = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page: Page<Job> = client.get(&format!("{path}&limit={limit}{mark}")).await;
        jobs.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return jobs;
        }
    }
}

async fn a_job_is_found_by_part_of_the_customers_phone_number(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut input = customer_input("Joko Susilo");
    input.phone = "0813-9876-5432".into();
    let joko: Customer = cs.post("/customers", &input).await;
    let wanted: Job = cs.post("/jobs", &job_request(&joko, JobType::Repair)).await;
    create_job(&cs, JobType::Repair).await;
    for query in [
        "9876",
        "0813-9876",
        "+62 813 9876 5432",
        "susilo",
        "JOKO+sus",
        "GGN-202611-0001",
        "usilo",
        "%25",
    ] {
        let found: Page<Job> = cs.get(&format!("/jobs?q={}", query.replace('+', "%2B"))).await;
        let ids: Vec<JobId> = found.items.iter().map(|job| job.id).collect();
        let expected = if query.contains('%') { vec![] } else { vec![wanted.id] };
        assert_eq!(ids, expected, "{query}");
    }
    input.name = "Joko Widodo Susanto".into();
    let _: Customer = cs.put(&format!("/customers/{}", joko.id), joko.version, &input).await;
    let found: Page<Job> = cs.get("/jobs?q=susanto").await;
    assert_eq!(found.items.len(), 1);
}

async fn the_pages_of_a_technicians_jobs_hold_each_matching_job_once(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let agus = create_technician(&app, &admin, "Agus").await;
    let siti = create_customer(&admin, "Siti").await;
    for index in 0..30 {
        let job_type = if index % 7 == 0 { JobType::Dismantle } else { JobType::Repair };
        let job: Job = admin.post("/jobs", &job_request(&siti, job_type)).await;
        let crew = if index % 5 == 0 { vec![agus.id] } else { vec![agus.id, budi.id] };
        assign_job(&admin, job.id, &crew).await;
        if index % 3 == 0 {
            because(&admin, job.id, JobAction::Cancel).await;
            app.clock.advance(TimeDelta::minutes(1));
        }
    }
    let all = in_pages_of(200, &admin, "/jobs?sort=-created_at").await;
    let of_budi = |job: &&Job| job.technicians.iter().any(|one| one.technician_id == budi.id);
    type Matches = fn(&Job) -> bool;
    let filters: [(&str, Matches); 5] = [
        ("", |_| true),
        ("&status=assigned", |job| job.status == JobStatus::Assigned),
        ("&status=cancelled", |job| job.status == JobStatus::Cancelled),
        ("&type=dismantle", |job| job.job_type == JobType::Dismantle),
        ("&q=siti&type=repair", |job| job.job_type == JobType::Repair),
    ];
    for (filter, matches) in filters {
        let mut expected: Vec<JobId> =
            all.iter().filter(of_budi).filter(|job| matches(job)).map(|job| job.id).collect();
        assert!(!expected.is_empty(), "{filter}");
        for sort in ["-created_at", "created_at"] {
            let path = format!("/jobs?technician_id={}{filter}&sort={sort}", budi.id);
            for limit in [1, 2, 200] {
                let paged = in_pages_of(limit, &admin, &path).await;
                let ids: Vec<JobId> = paged.iter().map(|job| job.id).collect();
                assert_eq!(ids, expected, "{path} {limit}");
            }
            expected.reverse();
        }
    }
    let own: Vec<JobId> = all.iter().filter(of_budi).map(|job| job.id).collect();
    let at_siti = in_pages_of(4, &budi.client, &format!("/customers/{}/jobs?", siti.id)).await;
    assert_eq!(at_siti.iter().map(|job| job.id).collect::<Vec<_>>(), own);
}

async fn what_a_technician_has_to_do_follows_every_change_of_status(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let agus = create_technician(&app, &admin, "Agus").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    check_unfinished(&app, &admin, budi.id, 0).await;
    assign_job(&admin, id, &[budi.id, agus.id]).await;
    check_unfinished(&app, &admin, budi.id, 1).await;
    start_work(&budi.client, id).await;
    upload_photo(&budi.client, id).await;
    let _: Job =
        budi.client.post(&format!("/jobs/{id}/transitions"), &completion_request("Selesai")).await;
    check_unfinished(&app, &admin, budi.id, 0).await;
    let reopened = because(&admin, id, JobAction::Reopen).await;
    check_unfinished(&app, &admin, agus.id, i64::from(!reopened.technicians.is_empty())).await;
    let request = AssignRequest::for_technicians(vec![agus.id]);
    let _: Job = admin.post(&format!("/jobs/{id}/assign"), &request).await;
    check_unfinished(&app, &admin, budi.id, 0).await;
    check_unfinished(&app, &admin, agus.id, 1).await;
    because(&agus.client, id, JobAction::Decline).await;
    check_unfinished(&app, &admin, agus.id, 0).await;
}

async fn because(client: &Client, job: JobId, action: JobAction) -> Job {
    let reason = Some("Permintaan pelanggan".into());
    let request = TransitionRequest { reason, ..TransitionRequest::for_action(action) };
    client.post(&format!("/jobs/{job}/transitions"), &request).await
}

/// Checks how many unfinished jobs a technician has, and that every assignment knows whether its job is unfinished.
async fn check_unfinished(app: &TestApp, admin: &Client, technician: TechnicianId, count: i64) {
    let shown: Technician = admin.get(&format!("/technicians/{technician}")).await;
    assert_eq!(shown.open_jobs, count);
    let assignments: Vec<(JobStatus, bool)> = app
        .db
        .read(|conn| {
            let rows = job_technicians::table
                .inner_join(jobs::table)
                .select((jobs::status, job_technicians::unfinished));
            rows.load(conn).map_err(db::DbError::from)
        })
        .await
        .unwrap();
    for (status, unfinished) in assignments {
        assert_eq!(unfinished, status.is_unfinished(), "{status}");
    }
}
