//! Reversal of movements.

use shared::inventory::{Item, ItemUnit, Movement, MovementKind, ReversalRequest, UnitState};
use shared::{ErrorCode as E, MovementId, Page};

use super::fixtures::{
    Fixture, error_code, first_movement, item_input, movement_line, serial_line,
};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_movement_is_reversed_once,
    of_twenty_concurrent_reversals_one_wins,
    reversing_a_usage_returns_the_goods_to_the_bag,
    a_reversed_receipt_can_be_booked_again,
    a_movement_of_a_unit_that_moved_on_cannot_be_reversed,
    ledger_rows_cannot_be_changed,
);

async fn a_movement_is_reversed_once(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let receipt = first_movement(fixture.receive(vec![movement_line(fixture.cable, 100)]).await);
    let issued =
        first_movement(fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 40)]).await);
    assert_eq!(
        error_code(fixture.reverse(receipt.id).await),
        E::InsufficientStock,
        "no longer there"
    );
    let reversal = first_movement(fixture.reverse(issued.id).await);
    assert_eq!(reversal.kind, MovementKind::Reversal);
    assert_eq!(reversal.from_location_id, fixture.siti_bag);
    assert_eq!(reversal.to_location_id, fixture.warehouse);
    assert_eq!(reversal.reason.as_deref(), Some("Salah ketik"));
    assert_eq!(error_code(fixture.reverse(issued.id).await), E::Duplicate);
    assert_eq!(error_code(fixture.reverse(reversal.id).await), E::NotReversible);
    assert_eq!(error_code(fixture.reverse(MovementId(9_999)).await), E::NotFound);
    fixture.reverse(receipt.id).await.unwrap();
    assert_eq!(fixture.on_hand(fixture.cable).await, 0);
    let ledger: Page<Movement> = fixture.admin.get("/inventory/movements").await;
    let undone = ledger.items.iter().filter(|movement| movement.reversed).map(|m| m.id);
    assert_eq!(undone.collect::<Vec<_>>(), [issued.id, receipt.id]);
    let blank = ReversalRequest { reason: " ".into() };
    let path = format!("/inventory/movements/{}/reversal", receipt.id);
    let problem = fixture.admin.post_refused(&path, &blank).await;
    assert_eq!(problem.errors[0].code, E::Required);
    fixture.assert_ledger_sound().await;
}

async fn of_twenty_concurrent_reversals_one_wins(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let receipt = first_movement(fixture.receive(vec![movement_line(fixture.cable, 100)]).await);
    fixture.receive(vec![movement_line(fixture.cable, 5_000)]).await.unwrap();
    let outcomes =
        futures_util::future::join_all((0..20).map(|_| fixture.reverse(receipt.id))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let losers = outcomes.into_iter().filter_map(Result::err);
    assert!(losers.into_iter().all(|problem| problem.code == E::Duplicate));
    assert_eq!(fixture.on_hand(fixture.cable).await, 5_000);
    fixture.assert_ledger_sound().await;
}

async fn reversing_a_usage_returns_the_goods_to_the_bag(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    let used = first_movement(
        fixture
            .consume(&fixture.siti.client, job, vec![serial_line(fixture.modem, &["SN-1"])])
            .await,
    );
    assert_eq!(fixture.materials(job).await[0].used, 1);
    fixture.reverse(used.id).await.unwrap();
    assert_eq!(fixture.unit("SN-1").await.state, UnitState::WithTechnician);
    let row = fixture.materials(job).await.remove(0);
    assert_eq!((row.used, row.serial_numbers), (0, vec![]));
    fixture.assert_ledger_sound().await;
}

async fn a_reversed_receipt_can_be_booked_again(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let mistake =
        first_movement(fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]).await);
    fixture.reverse(mistake.id).await.unwrap();
    let input = item_input("ONT-HW", ItemUnit::Pieces, true, 0);
    let right: Item = fixture.admin.post("/inventory", &input).await;
    fixture.receive(vec![serial_line(right.id, &["SN-1"])]).await.unwrap();
    assert_eq!((fixture.on_hand(fixture.modem).await, fixture.on_hand(right.id).await), (0, 1));
    fixture.assert_ledger_sound().await;
}

async fn a_movement_of_a_unit_that_moved_on_cannot_be_reversed(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let receipt =
        first_movement(fixture.receive(vec![serial_line(fixture.modem, &["SN-1"])]).await);
    fixture.receive(vec![serial_line(fixture.modem, &["SN-2"])]).await.unwrap();
    fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &["SN-1"])]).await.unwrap();
    assert_eq!(
        error_code(fixture.reverse(receipt.id).await),
        E::UnitNotAvailable,
        "SN-2 is no stand-in"
    );
    fixture.assert_ledger_sound().await;
}

async fn ledger_rows_cannot_be_changed(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    for sql in ["UPDATE movements SET quantity = 1", "DELETE FROM movements"] {
        let change = move |tx: &mut db::Tx<'_>| {
            use diesel::connection::SimpleConnection;
            Ok::<_, db::DbError>(tx.conn().batch_execute(sql)?)
        };
        let error = fixture.app.db.write(change).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    fixture.assert_ledger_sound().await;
}
