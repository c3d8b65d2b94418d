//! Candidates for an assignment, and automatic assignment.

use shared::job::{AssignRequest, Candidate, IneligibilityReason, Job, JobType};
use shared::job_state_machine::JobStatus;
use shared::technician::{Skill, SkillKind, Technician, TechnicianUpdate};
use shared::{ErrorCode, JobId, Page, Role};

use crate::harness::{Client, TestApp, TestTechnician, assign_job, create_job, create_technician};
use crate::on_both_databases;

on_both_databases!(
    near_and_skilled_technicians_rank_first,
    a_technician_without_the_skill_ranks_below_everyone_who_has_it,
    busy_technicians_rank_lower,
    automatic_assignment_takes_the_best_technician_on_duty,
    without_a_technician_on_duty_nothing_is_assigned,
);

/// Jobs of the tests are at -7.7101, 110.4075.
const NEAR: f64 = -7.72;
const FAR: f64 = -8.50;

async fn set(admin: &Client, one: &TestTechnician, level: u8, latitude: f64, on_duty: bool) {
    let path = format!("/technicians/{}", one.id);
    let record: Technician = admin.get(&path).await;
    let update = TechnicianUpdate {
        name: record.name,
        phone: record.phone,
        skills: vec![Skill { skill: SkillKind::Repair, level }],
        base_latitude: Some(latitude),
        base_longitude: Some(110.4075),
        on_duty,
        active: true,
    };
    let _: Technician = admin.put(&path, record.version, &update).await;
}

async fn candidates(client: &Client, id: JobId) -> Vec<Candidate> {
    let page: Page<Candidate> = client.get(&format!("/jobs/{id}/candidates")).await;
    page.items
}

fn auto() -> AssignRequest {
    AssignRequest { auto: true, ..AssignRequest::default() }
}

async fn near_and_skilled_technicians_rank_first(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let andi = create_technician(&app, &admin, "Andi").await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let citra = create_technician(&app, &admin, "Citra").await;
    set(&admin, &andi, 1, FAR, true).await;
    set(&admin, &budi, 5, NEAR, true).await;
    set(&admin, &citra, 5, NEAR, false).await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let all = candidates(&admin, id).await;
    let order: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.eligible)).collect();
    assert_eq!(order, [("Budi", true), ("Andi", true), ("Citra", false)]);
    assert_eq!(all[2].reasons, [IneligibilityReason::OffDuty]);
    let budi = &all[0];
    let f = &budi.factors;
    assert!(budi.distance_km.is_some_and(|km| (1.0..1.2).contains(&km)));
    assert_eq!((f.skill.value, f.workload.value, f.fairness.value), (1.0, 1.0, 1.0));
    assert_eq!(f.performance.value, 0.5);
    let parts = [f.distance, f.skill, f.workload, f.performance, f.fairness];
    let weights: f64 = parts.iter().map(|part| part.weight).sum();
    let sum: f64 = parts.iter().map(|part| part.contribution).sum();
    assert!((weights - 1.0).abs() < 1e-9 && (sum - budi.score).abs() < 1e-9);
    assert_eq!(
        budi.explanation,
        "1.1 km · skill 5/5 · 0 open jobs · no history yet · received 0 in 7 days"
    );
    assert_eq!(all[1].factors.distance.value, 0.0);
}

async fn a_technician_without_the_skill_ranks_below_everyone_who_has_it(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let andi = create_technician(&app, &admin, "Andi").await;
    let budi = create_technician(&app, &admin, "Budi").await;
    // Next door and idle, but a repair needs a skill that Andi has not; Budi is far, busy and a beginner.
    set(&admin, &andi, 5, NEAR, true).await;
    set(&admin, &budi, 1, FAR, true).await;
    let record: Technician = admin.get(&format!("/technicians/{}", andi.id)).await;
    let wireless = vec![Skill { skill: SkillKind::Wireless, level: 5 }];
    let update = TechnicianUpdate {
        name: record.name,
        phone: record.phone,
        skills: wireless,
        base_latitude: Some(NEAR),
        base_longitude: Some(110.4075),
        on_duty: true,
        active: true,
    };
    let path = format!("/technicians/{}", andi.id);
    let _: Technician = admin.put(&path, record.version, &update).await;
    let busy = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, busy, &[budi.id]).await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let all = candidates(&admin, id).await;
    let order: Vec<_> = all
        .iter()
        .map(|one| (one.name.as_str(), one.skill_level, one.open_jobs, one.eligible))
        .collect();
    assert_eq!(order, [("Budi", 1, 1, true), ("Andi", 0, 0, true)]);
    assert!(all[0].score < all[1].score, "the skill comes before the score");
    assert_eq!(all[0].username, budi.record.username);
}

async fn busy_technicians_rank_lower(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let andi = create_technician(&app, &admin, "Andi").await;
    let budi = create_technician(&app, &admin, "Budi").await;
    for one in [&andi, &budi] {
        set(&admin, one, 3, NEAR, true).await;
    }
    let first = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, first, &[andi.id]).await;
    let second = create_job(&admin, JobType::Repair).await.id;
    let all = candidates(&admin, second).await;
    assert_eq!(all[0].name, "Budi");
    let factors = all[1].factors;
    assert_eq!((factors.workload.value, factors.fairness.value), (0.8, 0.0));
    let of_first = candidates(&admin, first).await;
    assert_eq!(of_first[1].reasons, [IneligibilityReason::OnJob]);
}

async fn automatic_assignment_takes_the_best_technician_on_duty(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let andi = create_technician(&app, &admin, "Andi").await;
    let budi = create_technician(&app, &admin, "Budi").await;
    set(&admin, &andi, 5, NEAR, false).await;
    set(&admin, &budi, 1, FAR, true).await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let given: Job = admin.post(&format!("/jobs/{id}/assign"), &auto()).await;
    assert_eq!(given.status, JobStatus::Assigned);
    assert_eq!(given.technicians[0].technician_id, budi.id);
    let both = AssignRequest { auto: true, ..AssignRequest::for_technicians(vec![budi.id]) };
    let refused = admin.post_refused(&format!("/jobs/{id}/assign"), &both).await;
    assert_eq!(refused.code, ErrorCode::InvalidFields);
}

async fn without_a_technician_on_duty_nothing_is_assigned(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let andi = create_technician(&app, &admin, "Andi").await;
    set(&admin, &andi, 5, NEAR, false).await;
    let id = create_job(&admin, JobType::Repair).await.id;
    let refused = admin.post_refused(&format!("/jobs/{id}/assign"), &auto()).await;
    assert_eq!(refused.code, ErrorCode::NoCandidate);
    let cs = app.sign_in_as(Role::Cs).await;
    let refused = cs.get_refused(&format!("/jobs/{id}/candidates")).await;
    assert_eq!(refused.code, ErrorCode::Forbidden);
}
