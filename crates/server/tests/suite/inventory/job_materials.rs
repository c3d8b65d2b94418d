//! Materials of a job: issue on acceptance, usage on completion.

use shared::ErrorCode as E;
use shared::inventory::UnitState;
use shared::job::{Job, JobType, TimelineEntry, TimelineKind, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::settings::{MaterialLine, Settings};
use shared::{ItemId, Page, Problem, Role};

use super::fixtures::{Fixture, movement_line, serial_line};
use crate::harness::{TestApp, completion_request, start_work, upload_photo};
use crate::on_both_databases;

on_both_databases!(
    accepting_a_job_issues_the_available_materials,
    each_claiming_technician_gets_one_full_set,
    completion_moves_used_materials_to_the_customer,
    completion_moves_an_unlisted_ont_to_the_customer,
    a_rejected_completion_changes_nothing,
    the_default_materials_name_existing_items,
);

async fn accepting_a_job_issues_the_available_materials(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let modems = serial_line(fixture.modem, &["SN-1", "SN-2"]);
    fixture
        .receive(vec![
            movement_line(fixture.cable, 30),
            movement_line(fixture.connector, 10),
            modems,
        ])
        .await
        .unwrap();
    fixture
        .plan_repairs_with(&[(fixture.cable, 50), (fixture.connector, 2), (fixture.modem, 1)])
        .await;
    let job = fixture.job_for(&fixture.siti).await.id;
    let accepted = fixture.step(&fixture.siti.client, job, JobAction::Accept).await;
    assert_eq!(accepted.status, JobStatus::Accepted, "short stock never blocks");
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 30);
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::WithTechnician, "the oldest one");
    assert_eq!(fixture.unit("SN-2").await.state, UnitState::InStock);
    let mut messages = fixture.messages("short_stock").await;
    messages.dedup();
    assert_eq!(messages.len(), 1, "every admin gets the same message");
    assert!(messages[0].contains("\"quantity\":20"), "{}", messages[0]);
    let timeline: Page<TimelineEntry> = fixture.admin.get(&format!("/jobs/{job}/timeline")).await;
    assert!(timeline.items.iter().any(|entry| entry.kind == TimelineKind::ShortStock));
    let rows = fixture.materials(job).await;
    let shown: Vec<_> =
        rows.iter().map(|row| (row.code.as_str(), row.planned, row.issued, row.used)).collect();
    assert_eq!(shown, [("DW-1C", 50, 30, 0), ("FC-SCUPC", 2, 2, 0), ("ONT-ZTE", 1, 1, 0)]);
    assert_eq!(rows[2].serial_numbers, ["SN-1"]);
    fixture.assert_ledger_sound().await;
}

async fn each_claiming_technician_gets_one_full_set(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 1_000)]).await.unwrap();
    fixture.plan_repairs_with(&[(fixture.cable, 50)]).await;
    let job = fixture.job_for(&fixture.siti).await.id;
    fixture.step(&fixture.siti.client, job, JobAction::Accept).await;
    fixture.step(&fixture.siti.client, job, JobAction::Decline).await;
    fixture.step(&fixture.siti.client, job, JobAction::Claim).await;
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 50, "has it already");
    fixture.step(&fixture.siti.client, job, JobAction::Decline).await;
    fixture.step(&fixture.agus.client, job, JobAction::Claim).await;
    assert_eq!(fixture.balance(fixture.cable, fixture.agus_bag).await, 50);
    fixture.assert_ledger_sound().await;
}

async fn completion_moves_used_materials_to_the_customer(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![movement_line(fixture.cable, 100), serial_line(fixture.modem, &["SN-1"])])
        .await
        .unwrap();
    fixture
        .issue(
            &fixture.siti,
            vec![movement_line(fixture.cable, 50), serial_line(fixture.modem, &["SN-1"])],
        )
        .await
        .unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    start_work(&fixture.siti.client, job).await;
    upload_photo(&fixture.siti.client, job).await;
    let materials =
        Some(vec![serial_line(fixture.modem, &["SN-1"]), movement_line(fixture.cable, 35)]);
    let request = TransitionRequest { materials, ..completion_request("Modem diganti") };
    let done: Job = fixture.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
    assert_eq!(done.status, JobStatus::Completed);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 15);
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::Installed);
    let timeline: Page<TimelineEntry> = fixture.admin.get(&format!("/jobs/{job}/timeline")).await;
    let used = timeline.items.iter().find(|entry| entry.kind == TimelineKind::Material).unwrap();
    let detail = "1 pcs Barang ONT-ZTE (SN-1), 35 m Barang DW-1C";
    assert_eq!(used.detail.as_deref(), Some(detail));
    fixture.assert_ledger_sound().await;
}

async fn completion_moves_an_unlisted_ont_to_the_customer(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1", "SN-2", "SN-3"])]).await.unwrap();
    fixture
        .issue(&fixture.siti, vec![serial_line(fixture.modem, &["SN-1", "SN-2"])])
        .await
        .unwrap();
    for (serial, listed) in
        [("SN-1", None), ("SN-2", Some(vec![serial_line(fixture.modem, &["SN-2"])]))]
    {
        let job = fixture.job_for(&fixture.siti).await.id;
        start_work(&fixture.siti.client, job).await;
        upload_photo(&fixture.siti.client, job).await;
        let request = TransitionRequest {
            ont_serial_number: Some(serial.into()),
            materials: listed,
            ..completion_request("Modem diganti")
        };
        let _: Job = fixture.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
        assert_eq!(fixture.unit(serial).await.state, UnitState::Installed);
        assert_eq!(fixture.materials(job).await[0].serial_numbers, [serial]);
    }
    // A modem in another location is only recorded: it is not in this technician's bag.
    let job = fixture.job_for(&fixture.siti).await.id;
    start_work(&fixture.siti.client, job).await;
    upload_photo(&fixture.siti.client, job).await;
    let request = TransitionRequest {
        ont_serial_number: Some("SN-3".into()),
        ..completion_request("Modem lama")
    };
    let _: Job = fixture.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
    assert_eq!(fixture.unit("SN-3").await.state, UnitState::InStock);
    fixture.assert_ledger_sound().await;
}

async fn a_rejected_completion_changes_nothing(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![
            movement_line(fixture.cable, 100),
            serial_line(fixture.modem, &["SN-1", "SN-2"]),
        ])
        .await
        .unwrap();
    fixture
        .issue(
            &fixture.siti,
            vec![movement_line(fixture.cable, 50), serial_line(fixture.modem, &["SN-1"])],
        )
        .await
        .unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    start_work(&fixture.siti.client, job).await;
    upload_photo(&fixture.siti.client, job).await;
    for (materials, code, field) in [
        (
            vec![serial_line(fixture.modem, &["SN-1"]), movement_line(fixture.cable, 51)],
            E::InsufficientStock,
            "materials[1].quantity",
        ),
        (
            vec![movement_line(fixture.cable, 5), serial_line(fixture.modem, &["SN-2"])],
            E::UnitNotAvailable,
            "materials[1].serial_numbers[0]",
        ),
        (vec![movement_line(ItemId(999), 1)], E::InvalidFields, "materials[0].item_id"),
        (vec![movement_line(fixture.cable, -5)], E::InvalidFields, "materials[0].quantity"),
    ] {
        let request =
            TransitionRequest { materials: Some(materials), ..completion_request("Selesai") };
        let path = format!("/jobs/{job}/transitions");
        let problem: Problem = fixture.siti.client.post_refused(&path, &request).await;
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (code, field));
    }
    let job: Job = fixture.admin.get(&format!("/jobs/{job}")).await;
    assert_eq!((job.status, job.report), (JobStatus::InProgress, None));
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::WithTechnician);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 50);
    fixture.assert_ledger_sound().await;
}

async fn the_default_materials_name_existing_items(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = fixture.app.sign_in_as(Role::Superadmin).await;
    let mut settings: Settings = superadmin.get("/settings").await;
    settings.for_job_type_mut(JobType::Installation).materials =
        vec![MaterialLine { item_id: ItemId(999), quantity: 1 }];
    let problem = superadmin.put_refused("/settings", settings.version, &settings).await;
    assert_eq!(problem.errors[0].field, "job_types.installation.materials[0].item_id");
    assert_eq!(problem.errors[0].code, E::UnknownReference);
}
