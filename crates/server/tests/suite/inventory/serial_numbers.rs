//! Units with serial numbers: each is in exactly one place.

use shared::ErrorCode as E;
use shared::inventory::{Line, UnitState};

use super::fixtures::{World, fault, first, line, refusal, units};
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
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["sn-1", "SN-2"])]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::InStock, "upper case");
    let issued = first(w.issue(&w.siti, vec![units(w.modem, &["SN-1", "SN-2"])]).await);
    assert_eq!(issued.serial_numbers, ["SN-1", "SN-2"]);
    assert_eq!(w.unit("SN-1").await.state, UnitState::WithTechnician);
    let job = w.job_for(&w.siti).await;
    w.use_up(&w.siti.client, job.id, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::Installed);
    w.bring_back(&w.admin, &w.siti, vec![units(w.modem, &["SN-2"])]).await.unwrap();
    assert_eq!(w.unit("SN-2").await.state, UnitState::InStock);
    w.transfer(w.customer, w.warehouse, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::Returned);
    w.transfer(w.warehouse, w.damaged, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::Damaged);
    assert_eq!(w.on_hand(w.modem).await, 1);
    w.proves().await;
}

async fn a_serial_number_is_received_once(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1"])]).await.unwrap();
    let again = w.receive(vec![line(w.cable, 5), units(w.modem, &["SN-2", "SN-1"])]).await;
    assert_eq!(fault(again), ("lines[1].serial_numbers[1]".into(), E::Taken));
    assert_eq!(w.on_hand(w.cable).await, 0, "nothing half done");
    assert_eq!(w.on_hand(w.modem).await, 1);
    w.proves().await;
}

async fn a_unit_moves_only_from_its_location(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1", "SN-2"])]).await.unwrap();
    w.issue(&w.siti, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    let problem = w.issue(&w.agus, vec![units(w.modem, &["SN-1"])]).await.unwrap_err();
    assert_eq!(problem.code, E::UnitNotAvailable);
    assert_eq!(problem.errors[0].field, "lines[0].serial_numbers[0]");
    let unknown = w.issue(&w.agus, vec![units(w.modem, &["SN-9"])]).await;
    assert_eq!(refusal(unknown), E::UnitNotAvailable);
    let job = w.job_for(&w.siti).await;
    let other = w.use_up(&w.siti.client, job.id, vec![units(w.modem, &["SN-2"])]).await;
    assert_eq!(refusal(other), E::UnitNotAvailable);
    w.proves().await;
}

async fn of_twenty_concurrent_receipts_of_a_serial_number_one_wins(app: TestApp) {
    let w = World::new(app).await;
    let receipts = (0..20).map(|_| w.receive(vec![units(w.modem, &["SN-1"])]));
    let outcomes = futures_util::future::join_all(receipts).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for problem in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(problem.errors[0].code, E::Taken);
    }
    w.proves().await;
}

async fn of_twenty_concurrent_issues_of_a_unit_one_wins(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1", "SN-2", "SN-3"])]).await.unwrap();
    let takers = (0..20).map(|number| {
        let to = if number % 2 == 0 { &w.siti } else { &w.agus };
        w.issue(to, vec![units(w.modem, &["SN-1"])])
    });
    let outcomes = futures_util::future::join_all(takers).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(w.on_hand(w.modem).await, 2);
    w.proves().await;
}

async fn a_written_off_unit_can_be_restored(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1"])]).await.unwrap();
    let gone = Line { quantity: -1, ..units(w.modem, &["SN-1"]) };
    w.adjust(w.warehouse, vec![gone]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::Lost);
    w.adjust(w.warehouse, vec![units(w.modem, &["SN-1", "SN-NEW"])]).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::InStock);
    assert_eq!(w.on_hand(w.modem).await, 2);
    w.proves().await;
}

async fn the_stock_of_a_bag_lists_its_units(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1", "SN-2"]), line(w.cable, 10)]).await.unwrap();
    w.issue(&w.siti, vec![units(w.modem, &["SN-2"]), line(w.cable, 4)]).await.unwrap();
    let bag = w.stock(w.siti_bag).await;
    let shown: Vec<_> = bag.iter().map(|row| (row.code.as_str(), row.quantity)).collect();
    assert_eq!(shown, [("DW-1C", 4), ("ONT-ZTE", 1)]);
    assert_eq!(bag[1].serial_numbers, ["SN-2"]);
    assert_eq!(w.stock(w.warehouse).await.len(), 2);
}
