//! Review of technician registrations over the API.

use chrono::TimeDelta;
use db::Tx;
use diesel::prelude::*;
use services::Error;
use services::technician_registrations::{self, Applicant};
use shared::live::{LiveEvent, RegistrationEvent};
use shared::technician::{SkillKind, Technician};
use shared::technician_registration::{
    RegistrationRejection, RegistrationStatus, TechnicianApplication, TechnicianRegistration,
};
use shared::{ChatId, ErrorCode, Lang, Page, RegistrationId, Role};

use crate::harness::client::field_error;
use crate::harness::{TestApp, create_technician};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    an_approval_creates_technician_account_bag_and_link,
    of_two_concurrent_decisions_one_wins,
    a_rejection_needs_a_reason_and_frees_the_chat,
    invalid_registrations_are_rejected,
    namesakes_get_different_usernames,
    the_initial_password_is_unusable_in_a_database_copy,
);

fn application(phone: &str) -> TechnicianApplication {
    TechnicianApplication {
        name: "Budi Santoso".into(),
        phone: phone.into(),
        area: Some("Depok".into()),
        place: None,
        skills: vec![SkillKind::Installation, SkillKind::Splicing],
    }
}

async fn submit(app: &TestApp, chat: i64, phone: &str) -> Result<RegistrationId, ErrorCode> {
    let application = application(phone);
    let work = move |tx: &mut Tx<'_>| {
        let applicant = Applicant {
            chat: ChatId(chat),
            telegram_name: "Budi di HP",
            lang: Lang::Id,
            replaced_reason: |_| "diganti",
        };
        technician_registrations::submit(tx, &applicant, &application, None)
    };
    match app.db.write(work).await {
        Ok(id) => Ok(id),
        Err(Error::Refused(refusal)) => {
            Err(refusal.faults.first().map_or(refusal.code, |fault| fault.code))
        }
        Err(error) => panic!("{error}"),
    }
}

fn approve(id: RegistrationId) -> String {
    format!("/technician-registrations/{id}/approve")
}

fn reject(id: RegistrationId) -> String {
    format!("/technician-registrations/{id}/reject")
}

async fn an_approval_creates_technician_account_bag_and_link(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let mut office = Socket::open(&admin, None).await;
    office.wait_until_ready().await;
    let id = submit(&app, 70_001, "081234500011").await.unwrap();
    let message = office.next().await.unwrap();
    let status = RegistrationStatus::Pending;
    assert_eq!(message.event, LiveEvent::TechnicianRegistered(RegistrationEvent { id, status }));
    let path = "/technician-registrations?status=pending&with_total=true";
    let waiting: Page<TechnicianRegistration> = admin.get(path).await;
    assert_eq!((waiting.total, waiting.items[0].phone.as_str()), (Some(1), "+6281234500011"));
    let after: TechnicianRegistration = admin.post(&approve(id), &()).await;
    assert_eq!(after.status, RegistrationStatus::Approved);
    let technician = after.technician_id.unwrap();
    let made: Technician = admin.get(&format!("/technicians/{technician}")).await;
    assert_eq!((made.username.as_str(), made.skills.len()), ("budi.santoso", 2));
    assert!(made.active && made.telegram_linked);
    let places: Page<shared::inventory::Location> = admin.get("/locations").await;
    assert!(places.items.iter().any(|place| place.technician_id == Some(technician)));
    assert_eq!(admin.get::<Page<TechnicianRegistration>>(path).await.total, Some(0));
    let again = admin.post_refused(&approve(id), &()).await;
    assert_eq!(again.code, ErrorCode::RegistrationDecided);
    assert_eq!(submit(&app, 70_002, "081234500011").await, Err(ErrorCode::Taken));
}

async fn of_two_concurrent_decisions_one_wins(app: TestApp) {
    let (ani, boss) = (app.sign_in_as(Role::Admin).await, app.sign_in_as(Role::Superadmin).await);
    for round in 0..5 {
        let id = submit(&app, 70_010 + round, &format!("08123450002{round}")).await.unwrap();
        let (path, body) = (approve(id), ());
        let (one, other) = tokio::join!(
            ani.try_post::<TechnicianRegistration>(&path, &body),
            boss.try_post::<TechnicianRegistration>(&path, &body),
        );
        let refused: Vec<_> =
            [&one, &other].into_iter().filter_map(|it| it.as_ref().err()).collect();
        assert_eq!(refused.len(), 1, "{one:?} {other:?}");
        assert_eq!(refused[0].code, ErrorCode::RegistrationDecided);
    }
    let all: Page<Technician> = ani.get("/technicians").await;
    assert_eq!(all.items.len(), 5);
}

async fn a_rejection_needs_a_reason_and_frees_the_chat(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let id = submit(&app, 70_001, "081234500011").await.unwrap();
    let none = RegistrationRejection { reason: "  ".into() };
    let refused = admin.post_refused(&reject(id), &none).await;
    assert_eq!(field_error(&refused, "reason"), ErrorCode::Required);
    let why = RegistrationRejection { reason: " Area belum kami layani ".into() };
    let after: TechnicianRegistration = admin.post(&reject(id), &why).await;
    assert_eq!(after.reason.as_deref(), Some("Area belum kami layani"));
    assert_eq!(admin.post_refused(&reject(id), &why).await.code, ErrorCode::RegistrationDecided);
    assert_eq!(admin.post_refused(&approve(id), &()).await.code, ErrorCode::RegistrationDecided);
    assert!(submit(&app, 70_001, "081234500011").await.is_ok());
    let unknown = admin.post_refused(&approve(RegistrationId(9_999)), &()).await;
    assert_eq!(unknown.code, ErrorCode::NotFound);
}

async fn invalid_registrations_are_rejected(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    submit(&app, 70_001, "081234500011").await.unwrap();
    assert_eq!(submit(&app, 70_001, "081234500012").await, Err(ErrorCode::Duplicate));
    let budi = create_technician(&app, &admin, "Budi").await;
    let record: Technician = admin.get(&format!("/technicians/{}", budi.id)).await;
    assert_eq!(submit(&app, 70_002, &record.phone).await, Err(ErrorCode::Taken));
    assert_eq!(submit(&app, 70_002, "12").await, Err(ErrorCode::InvalidPhone));
    for chat in 1..200 {
        submit(&app, 71_000 + chat, &format!("08123460{chat:04}")).await.unwrap();
    }
    assert_eq!(submit(&app, 72_000, "081234500013").await, Err(ErrorCode::RegistrationClosed));
}

async fn namesakes_get_different_usernames(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let mut names = Vec::new();
    for round in 0..3 {
        let id = submit(&app, 70_001 + round, &format!("08123450001{round}")).await.unwrap();
        let after: TechnicianRegistration = admin.post(&approve(id), &()).await;
        let path = format!("/technicians/{}", after.technician_id.unwrap());
        names.push(admin.get::<Technician>(&path).await.username);
        app.clock.advance(TimeDelta::seconds(1));
    }
    assert_eq!(names, ["budi.santoso", "budi.santoso2", "budi.santoso3"]);
}

async fn the_initial_password_is_unusable_in_a_database_copy(app: TestApp) {
    use db::schema::outbox::dsl;
    let admin = app.sign_in_as(Role::Admin).await;
    let id = submit(&app, 70_001, "081234500011").await.unwrap();
    let _: TechnicianRegistration = admin.post(&approve(id), &()).await;
    let read = |conn: &mut db::Conn| {
        let rows = dsl::outbox.filter(dsl::payload.like("%encrypted_password%"));
        Ok::<String, Error>(rows.select(dsl::payload).first(conn)?)
    };
    let payload = app.db.read(read).await.unwrap();
    let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
    let encrypted = payload["encrypted_password"].as_str().unwrap();
    let password = technician_registrations::decrypt_password(&app.cipher, id, encrypted).unwrap();
    app.sign_in("budi.santoso", &password).await;
    // It is bound to the registration and to the key of the server.
    assert!(
        technician_registrations::decrypt_password(
            &app.cipher,
            RegistrationId(id.0 + 1),
            encrypted
        )
        .is_err()
    );
    let other = services::encryption::Cipher::new([9; 32], &[]);
    assert!(technician_registrations::decrypt_password(&other, id, encrypted).is_err());
    assert!(!payload.to_string().contains(&password));
}
