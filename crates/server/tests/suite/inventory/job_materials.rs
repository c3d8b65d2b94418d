//! What a job gets when it is accepted, and what it leaves at the customer.

use shared::ErrorCode as E;
use shared::inventory::UnitState;
use shared::job::{Job, TimelineEntry, TimelineKind, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::settings::{MaterialLine, Settings};
use shared::{ItemId, Page, Problem, Role};

use super::fixtures::{World, line, units};
use crate::harness::{TestApp, begin, completion, photo};
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
    let w = World::new(app).await;
    let modems = units(w.modem, &["SN-1", "SN-2"]);
    w.receive(vec![line(w.cable, 30), line(w.connector, 10), modems]).await.unwrap();
    w.plan_repairs_with(&[(w.cable, 50), (w.connector, 2), (w.modem, 1)]).await;
    let job = w.job_for(&w.siti).await.id;
    let accepted = w.step(&w.siti.client, job, JobAction::Accept).await;
    assert_eq!(accepted.status, JobStatus::Accepted, "short stock never blocks");
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 30);
    assert_eq!(w.unit("SN-1").await.state, UnitState::WithTechnician, "the oldest one");
    assert_eq!(w.unit("SN-2").await.state, UnitState::InStock);
    let mut messages = w.messages("short_stock").await;
    messages.dedup();
    assert_eq!(messages.len(), 1, "every admin is told the same");
    assert!(messages[0].contains("\"quantity\":20"), "{}", messages[0]);
    let timeline: Page<TimelineEntry> = w.admin.get(&format!("/jobs/{job}/timeline")).await;
    assert!(timeline.items.iter().any(|entry| entry.kind == TimelineKind::ShortStock));
    let rows = w.materials(job).await;
    let shown: Vec<_> =
        rows.iter().map(|row| (row.code.as_str(), row.planned, row.issued, row.used)).collect();
    assert_eq!(shown, [("DW-1C", 50, 30, 0), ("FC-SCUPC", 2, 2, 0), ("ONT-ZTE", 1, 1, 0)]);
    assert_eq!(rows[2].serial_numbers, ["SN-1"]);
    w.proves().await;
}

async fn each_claiming_technician_gets_one_full_set(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 1_000)]).await.unwrap();
    w.plan_repairs_with(&[(w.cable, 50)]).await;
    let job = w.job_for(&w.siti).await.id;
    w.step(&w.siti.client, job, JobAction::Accept).await;
    w.step(&w.siti.client, job, JobAction::Decline).await;
    w.step(&w.siti.client, job, JobAction::Claim).await;
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 50, "has it already");
    w.step(&w.siti.client, job, JobAction::Decline).await;
    w.step(&w.agus.client, job, JobAction::Claim).await;
    assert_eq!(w.balance(w.cable, w.agus_bag).await, 50);
    w.proves().await;
}

async fn completion_moves_used_materials_to_the_customer(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100), units(w.modem, &["SN-1"])]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 50), units(w.modem, &["SN-1"])]).await.unwrap();
    let job = w.job_for(&w.siti).await.id;
    begin(&w.siti.client, job).await;
    photo(&w.siti.client, job).await;
    let materials = Some(vec![units(w.modem, &["SN-1"]), line(w.cable, 35)]);
    let request = TransitionRequest { materials, ..completion("Modem diganti") };
    let done: Job = w.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
    assert_eq!(done.status, JobStatus::Completed);
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 15);
    assert_eq!(w.unit("SN-1").await.state, UnitState::Installed);
    let timeline: Page<TimelineEntry> = w.admin.get(&format!("/jobs/{job}/timeline")).await;
    let used = timeline.items.iter().find(|entry| entry.kind == TimelineKind::Material).unwrap();
    let detail = "1 pcs Barang ONT-ZTE (SN-1), 35 m Barang DW-1C";
    assert_eq!(used.detail.as_deref(), Some(detail));
    w.proves().await;
}

async fn completion_moves_an_unlisted_ont_to_the_customer(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1", "SN-2", "SN-3"])]).await.unwrap();
    w.issue(&w.siti, vec![units(w.modem, &["SN-1", "SN-2"])]).await.unwrap();
    for (serial, listed) in [("SN-1", None), ("SN-2", Some(vec![units(w.modem, &["SN-2"])]))] {
        let job = w.job_for(&w.siti).await.id;
        begin(&w.siti.client, job).await;
        photo(&w.siti.client, job).await;
        let request = TransitionRequest {
            ont_serial_number: Some(serial.into()),
            materials: listed,
            ..completion("Modem diganti")
        };
        let _: Job = w.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
        assert_eq!(w.unit(serial).await.state, UnitState::Installed);
        assert_eq!(w.materials(job).await[0].serial_numbers, [serial]);
    }
    // One that lies elsewhere is only noted: it is not this technician's to give away.
    let job = w.job_for(&w.siti).await.id;
    begin(&w.siti.client, job).await;
    photo(&w.siti.client, job).await;
    let request =
        TransitionRequest { ont_serial_number: Some("SN-3".into()), ..completion("Modem lama") };
    let _: Job = w.siti.client.post(&format!("/jobs/{job}/transitions"), &request).await;
    assert_eq!(w.unit("SN-3").await.state, UnitState::InStock);
    w.proves().await;
}

async fn a_rejected_completion_changes_nothing(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100), units(w.modem, &["SN-1", "SN-2"])]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 50), units(w.modem, &["SN-1"])]).await.unwrap();
    let job = w.job_for(&w.siti).await.id;
    begin(&w.siti.client, job).await;
    photo(&w.siti.client, job).await;
    for (materials, code, field) in [
        (
            vec![units(w.modem, &["SN-1"]), line(w.cable, 51)],
            E::InsufficientStock,
            "materials[1].quantity",
        ),
        (
            vec![line(w.cable, 5), units(w.modem, &["SN-2"])],
            E::UnitNotAvailable,
            "materials[1].serial_numbers[0]",
        ),
        (vec![line(ItemId(999), 1)], E::InvalidFields, "materials[0].item_id"),
        (vec![line(w.cable, -5)], E::InvalidFields, "materials[0].quantity"),
    ] {
        let request = TransitionRequest { materials: Some(materials), ..completion("Selesai") };
        let path = format!("/jobs/{job}/transitions");
        let problem: Problem = w.siti.client.post_refused(&path, &request).await;
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (code, field));
    }
    let job: Job = w.admin.get(&format!("/jobs/{job}")).await;
    assert_eq!((job.status, job.report), (JobStatus::InProgress, None));
    assert_eq!(w.unit("SN-1").await.state, UnitState::WithTechnician);
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 50);
    w.proves().await;
}

async fn the_default_materials_name_existing_items(app: TestApp) {
    let w = World::new(app).await;
    let boss = w.app.login(Role::Superadmin).await;
    let mut settings: Settings = boss.get("/settings").await;
    settings.installation.materials = vec![MaterialLine { item_id: ItemId(999), quantity: 1 }];
    let problem = boss.put_refused("/settings", settings.version, &settings).await;
    assert_eq!(problem.errors[0].field, "installation.materials[0].item_id");
    assert_eq!(problem.errors[0].code, E::UnknownReference);
}
