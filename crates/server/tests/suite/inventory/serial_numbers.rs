//! Serial units: each is in exactly one location.

use shared::ErrorCode as E;
use shared::inventory::{Line, UnitState};

use super::fixtures::{
    Fixture, error_code, field_and_code, first_movement, movement_line, serial_line,
};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_unit_moves_from_receipt_to_customer,
    a_serial_number_is_received_once,
    a_unit_moves_only_from_its_location,
    of_twenty_concurrent_receipts_of_a_serial_number_one_wins,
    of_twenty_concurrent_issues_of_a_unit_one_wins,
    a_written_off_unit_can_be_restored,
    the_stock_of_a_bag_lists_its_units,
);

async fn a_unit_moves_from_receipt_to_customer(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["sn-1", "SN-2"])]).await.unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::InStock, "upper case");
    let issued = first_movement(
        fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &["SN-1", "SN-2"])]).await,
    );
    assert_eq!(issued.serial_numbers, ["SN-1", "SN-2"]);
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::WithTechnician);
    let job = fixture.job_for(&fixture.siti).await;
    fixture
        .consume(&fixture.siti.client, job.id, vec![serial_line(fixture.modem, &["SN-1"])])
        .await
        .unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::Installed);
    fixture
        .return_stock(&fixture.admin, &fixture.siti, vec![serial_line(fixture.modem, &["SN-2"])])
        .await
        .unwrap();
    assert_eq!(fixture.unit("SN-2").await.state, UnitState::InStock);
    fixture
        .transfer(fixture.customer, fixture.warehouse, vec![serial_line(fixture.modem, &["SN-1"])])
        .await
        .unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::Returned);
    fixture
        .transfer(fixture.warehouse, fixture.damaged, vec![serial_line(fixture.modem, &["SN-1"])])
        .await
        .unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::Damaged);
    assert_eq!(fixture.on_hand(fixture.modem).await, 1);
    fixture.assert_ledger_sound().await;
}

async fn a_serial_number_is_received_once(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    let again = fixture
        .receive(vec![
            movement_line(fixture.cable, 5),
            serial_line(fixture.modem, &["SN-2", "SN-1"]),
        ])
        .await;
    assert_eq!(field_and_code(again), ("lines[1].serial_numbers[1]".into(), E::Taken));
    assert_eq!(fixture.on_hand(fixture.cable).await, 0, "nothing is stored partially");
    assert_eq!(fixture.on_hand(fixture.modem).await, 1);
    fixture.assert_ledger_sound().await;
}

async fn a_unit_moves_only_from_its_location(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1", "SN-2"])]).await.unwrap();
    fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    let problem = fixture
        .issue(&fixture.agus, vec![serial_line(fixture.modem, &["SN-1"])])
        .await
        .unwrap_err();
    assert_eq!(problem.code, E::UnitNotAvailable);
    assert_eq!(problem.errors[0].field, "lines[0].serial_numbers[0]");
    let unknown = fixture.issue(&fixture.agus, vec![serial_line(fixture.modem, &["SN-9"])]).await;
    assert_eq!(error_code(unknown), E::UnitNotAvailable);
    let job = fixture.job_for(&fixture.siti).await;
    let other = fixture
        .consume(&fixture.siti.client, job.id, vec![serial_line(fixture.modem, &["SN-2"])])
        .await;
    assert_eq!(error_code(other), E::UnitNotAvailable);
    fixture.assert_ledger_sound().await;
}

async fn of_twenty_concurrent_receipts_of_a_serial_number_one_wins(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let receipts = (0..20).map(|_| fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]));
    let outcomes = futures_util::future::join_all(receipts).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for problem in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(problem.errors[0].code, E::Taken);
    }
    fixture.assert_ledger_sound().await;
}

async fn of_twenty_concurrent_issues_of_a_unit_one_wins(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1", "SN-2", "SN-3"])]).await.unwrap();
    let takers = (0..20).map(|number| {
        let to = if number % 2 == 0 { &fixture.siti } else { &fixture.agus };
        fixture.issue(to, vec![serial_line(fixture.modem, &["SN-1"])])
    });
    let outcomes = futures_util::future::join_all(takers).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(fixture.on_hand(fixture.modem).await, 2);
    fixture.assert_ledger_sound().await;
}

async fn a_written_off_unit_can_be_restored(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    let gone = Line { quantity: -1, ..serial_line(fixture.modem, &["SN-1"]) };
    fixture.adjust(fixture.warehouse, vec![gone]).await.unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::Lost);
    fixture
        .adjust(fixture.warehouse, vec![serial_line(fixture.modem, &["SN-1", "SN-99"])])
        .await
        .unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::InStock);
    assert_eq!(fixture.on_hand(fixture.modem).await, 2);
    fixture.assert_ledger_sound().await;
}

async fn the_stock_of_a_bag_lists_its_units(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![
            serial_line(fixture.modem, &["SN-1", "SN-2"]),
            movement_line(fixture.cable, 10),
        ])
        .await
        .unwrap();
    fixture
        .issue(
            &fixture.siti,
            vec![serial_line(fixture.modem, &["SN-2"]), movement_line(fixture.cable, 4)],
        )
        .await
        .unwrap();
    let bag = fixture.stock(fixture.siti_bag).await;
    let shown: Vec<_> = bag.iter().map(|row| (row.code.as_str(), row.quantity)).collect();
    assert_eq!(shown, [("DW-1C", 4), ("ONT-ZTE", 1)]);
    assert_eq!(bag[1].serial_numbers, ["SN-2"]);
    assert_eq!(fixture.stock(fixture.warehouse).await.len(), 2);
}
