//! Technicians: creation, search, deactivation and permissions.

use shared::inventory::{Location, LocationKind};
use shared::job::{Job, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::session::LoginRequest;
use shared::technician::{Skill, SkillKind, Technician, TechnicianCreate, TechnicianUpdate};
use shared::{ErrorCode, Page, Role};

use crate::auth::until_refused;
use crate::harness::client::field_error;
use crate::harness::{PASSWORD, TestApp, assign_job, create_job, create_technician, unique};
use crate::on_both_databases;

on_both_databases!(
    a_new_technician_has_an_account_skills_and_a_bag,
    a_used_phone_or_username_is_rejected_and_stores_nothing,
    invalid_skills_and_locations_are_reported,
    technicians_are_searched_filtered_and_paged,
    unfinished_jobs_are_counted,
    deactivation_requires_no_open_jobs_and_disables_the_account,
    a_stale_update_is_rejected,
    only_admins_manage_technicians,
    the_last_location_comes_from_job_transitions,
);

fn request(name: &str) -> TechnicianCreate {
    TechnicianCreate {
        name: name.into(),
        phone: format!("0857{:08}", unique()),
        username: format!("teknisi.{}", unique()),
        password: "Pertama-123".into(),
        skills: Vec::new(),
        base_latitude: None,
        base_longitude: None,
    }
}

fn change(technician: &Technician) -> TechnicianUpdate {
    TechnicianUpdate {
        name: technician.name.clone(),
        phone: technician.phone.clone(),
        skills: technician.skills.clone(),
        base_latitude: technician.base_latitude,
        base_longitude: technician.base_longitude,
        on_duty: technician.on_duty,
        active: technician.active,
    }
}

fn path(technician: &Technician) -> String {
    format!("/technicians/{}", technician.id)
}

async fn a_new_technician_has_an_account_skills_and_a_bag(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let request = TechnicianCreate {
        phone: "0857 1111 2222".into(),
        username: "Joko.S".into(),
        skills: vec![
            Skill { skill: SkillKind::Repair, level: 2 },
            Skill { skill: SkillKind::Installation, level: 5 },
        ],
        base_latitude: Some(-7.7164),
        base_longitude: Some(110.3553),
        ..request("Joko Susilo")
    };
    let made: Technician = admin.post("/technicians", &request).await;
    assert_eq!((made.username.as_str(), made.phone.as_str()), ("joko.s", "+6285711112222"));
    assert_eq!(made.skills[0], Skill { skill: SkillKind::Installation, level: 5 });
    assert_eq!((made.base_latitude, made.base_longitude), (Some(-7.7164), Some(110.3553)));
    assert!(made.on_duty && made.active && !made.telegram_linked);
    let login = app.sign_in("joko.s", "Pertama-123").await;
    let user = login.user.clone().unwrap();
    assert_eq!((user.role, user.technician_id), (Role::User, Some(made.id)));
    assert!(user.must_change_password);
    let refused = login.get_refused("/jobs").await;
    assert_eq!(refused.code, ErrorCode::PasswordChangeRequired);
    let places: Page<Location> = admin.get("/locations").await;
    let bag = places.items.iter().find(|place| place.technician_id == Some(made.id)).unwrap();
    assert_eq!(bag.kind, LocationKind::Technician);
    assert!(bag.name.contains("Joko Susilo"));
    let renamed = TechnicianUpdate { name: "Joko S.".into(), ..change(&made) };
    let renamed: Technician = admin.put(&path(&made), made.version, &renamed).await;
    let places: Page<Location> = admin.get("/locations").await;
    assert!(places.items.iter().any(|place| place.name.contains(&renamed.name)));
}

async fn a_used_phone_or_username_is_rejected_and_stores_nothing(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let first = request("Joko");
    let made: Technician = admin.post("/technicians", &first).await;
    let same_phone = TechnicianCreate { phone: made.phone.clone(), ..request("Budi") };
    let problem = admin.post_refused("/technicians", &same_phone).await;
    assert_eq!(field_error(&problem, "phone"), ErrorCode::Taken);
    let same_name = TechnicianCreate { username: first.username.clone(), ..request("Budi") };
    let problem = admin.post_refused("/technicians", &same_name).await;
    assert_eq!(field_error(&problem, "username"), ErrorCode::Taken);
    // The rejected request left no account behind, so its username is free.
    let free = TechnicianCreate { username: same_phone.username, ..request("Budi") };
    let budi: Technician = admin.post("/technicians", &free).await;
    let taken = TechnicianUpdate { phone: made.phone, ..change(&budi) };
    let problem = admin.put_refused(&path(&budi), budi.version, &taken).await;
    assert_eq!(field_error(&problem, "phone"), ErrorCode::Taken);
    let weak = TechnicianCreate { password: "abc".into(), ..request("Citra") };
    assert_eq!(admin.post_refused("/technicians", &weak).await.errors[0].field, "password");
}

async fn invalid_skills_and_locations_are_reported(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let wrong = TechnicianCreate {
        skills: vec![
            Skill { skill: SkillKind::Repair, level: 6 },
            Skill { skill: SkillKind::Repair, level: 1 },
        ],
        base_latitude: Some(91.0),
        base_longitude: Some(110.0),
        ..request("Joko")
    };
    let problem = admin.post_refused("/technicians", &wrong).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("skills[0].level", ErrorCode::OutOfRange),
            ("skills[1].skill", ErrorCode::Taken),
            ("base_latitude", ErrorCode::InvalidCoordinates),
        ]
    );
}

async fn technicians_are_searched_filtered_and_paged(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for name in ["Candra", "Anton", "Budi", "Anton"] {
        let _: Technician = admin.post("/technicians", &request(name)).await;
    }
    let list = async |query: &str| -> Page<Technician> {
        admin.get(&format!("/technicians?{query}")).await
    };
    let names = |page: Page<Technician>| -> Vec<String> {
        page.items.into_iter().map(|technician| technician.name).collect()
    };
    assert_eq!(names(list("").await), ["Anton", "Anton", "Budi", "Candra"]);
    assert_eq!(names(list("q=and").await), ["Candra"]);
    let candra = list("q=candra").await.items.remove(0);
    let off = TechnicianUpdate { on_duty: false, ..change(&candra) };
    let _: Technician = admin.put(&path(&candra), candra.version, &off).await;
    assert_eq!(names(list("on_duty=false").await), ["Candra"]);
    assert_eq!(list("active=true&with_total=true").await.total, Some(4));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(&format!("sort=-name&limit=1{cursor}")).await;
        let next = page.next_cursor.clone();
        seen.extend(names(page));
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["Candra", "Budi", "Anton", "Anton"]);
}

async fn unfinished_jobs_are_counted(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let (first, second) =
        (create_job(&admin, JobType::Repair).await, create_job(&admin, JobType::Repair).await);
    for id in [first.id, second.id] {
        assign_job(&admin, id, &[budi.id]).await;
    }
    let now: Technician = admin.get(&path(&budi.record)).await;
    assert_eq!(now.open_jobs, 2);
    cancel(&admin, &first).await;
    let page: Page<Technician> = admin.get("/technicians").await;
    assert_eq!(page.items[0].open_jobs, 1);
}

async fn cancel(admin: &crate::harness::Client, job: &Job) {
    let request = TransitionRequest {
        reason: Some("Dibatalkan pelanggan".into()),
        ..TransitionRequest::for_action(JobAction::Cancel)
    };
    let _: Job = admin.post(&format!("/jobs/{}/transitions", job.id), &request).await;
}

async fn deactivation_requires_no_open_jobs_and_disables_the_account(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let job = create_job(&admin, JobType::Repair).await;
    assign_job(&admin, job.id, &[budi.id]).await;
    let off = TechnicianUpdate { active: false, ..change(&budi.record) };
    let version = budi.record.version;
    let refused = admin.put_refused(&path(&budi.record), version, &off).await;
    assert_eq!(refused.code, ErrorCode::TechnicianBusy);
    assert!(refused.detail.contains('1'), "{}", refused.detail);
    let _: Page<Job> = budi.client.get("/jobs").await;

    cancel(&admin, &job).await;
    let gone: Technician = admin.put(&path(&budi.record), version, &off).await;
    assert!(!gone.active && !gone.on_duty);
    until_refused(&budi.client).await;
    let login =
        LoginRequest { username: gone.username.clone(), password: PASSWORD.into(), otp: None };
    let refused = app.anonymous().post_refused("/auth/login", &login).await;
    assert_eq!(refused.code, ErrorCode::InvalidCredentials);
    let request = shared::job::AssignRequest::for_technicians(vec![budi.id]);
    let other = crate::harness::create_job(&admin, JobType::Repair).await;
    let refused = admin.post_refused(&format!("/jobs/{}/assign", other.id), &request).await;
    assert_eq!(refused.code, ErrorCode::TechnicianInactive);

    let on = TechnicianUpdate { active: true, on_duty: true, ..change(&gone) };
    let _: Technician = admin.put(&path(&gone), gone.version, &on).await;
    let back = app.sign_in(&gone.username, PASSWORD).await;
    let _: Page<Job> = back.get("/jobs").await;
}

async fn a_stale_update_is_rejected(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let made: Technician = admin.post("/technicians", &request("Joko")).await;
    let changed: Technician = admin.put(&path(&made), made.version, &change(&made)).await;
    let refused = admin.put_refused(&path(&made), made.version, &change(&changed)).await;
    assert_eq!(refused.code, ErrorCode::VersionMismatch);
}

async fn only_admins_manage_technicians(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    for role in [Role::Manager, Role::Cs, Role::Gudang] {
        let client = app.sign_in_as(role).await;
        let _: Page<Technician> = client.get("/technicians").await;
        let _: Technician = client.get(&path(&budi.record)).await;
        let refused = client.post_refused("/technicians", &request("Joko")).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
        let refused = client.put_refused(&path(&budi.record), 1, &change(&budi.record)).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
    }
    assert_eq!(budi.client.get_refused("/technicians").await.code, ErrorCode::Forbidden);
    assert_eq!(admin.get_refused("/technicians/4711").await.code, ErrorCode::NotFound);
}

async fn the_last_location_comes_from_job_transitions(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let id = create_job(&admin, JobType::Repair).await.id;
    assign_job(&admin, id, &[budi.id]).await;
    let accept = TransitionRequest {
        latitude: Some(-7.75),
        longitude: Some(110.38),
        ..TransitionRequest::for_action(JobAction::Accept)
    };
    let _: Job = budi.client.post(&format!("/jobs/{id}/transitions"), &accept).await;
    let now: Technician = admin.get(&path(&budi.record)).await;
    assert_eq!((now.last_latitude, now.last_longitude), (Some(-7.75), Some(110.38)));
    assert!(now.last_seen_at.is_some());
    assert_eq!(now.version, budi.record.version);
}
