//! Mistakes are undone by their opposite.

use shared::inventory::{Item, ItemUnit, Movement, MovementKind, ReversalRequest, UnitState};
use shared::{ErrorCode as E, MovementId, Page};

use super::fixtures::{World, first, item_input, line, refusal, units};
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
    let w = World::new(app).await;
    let receipt = first(w.receive(vec![line(w.cable, 100)]).await);
    let issued = first(w.issue(&w.siti, vec![line(w.cable, 40)]).await);
    assert_eq!(refusal(w.reverse(receipt.id).await), E::InsufficientStock, "no longer there");
    let reversal = first(w.reverse(issued.id).await);
    assert_eq!(reversal.kind, MovementKind::Reversal);
    assert_eq!(reversal.from_location_id, w.siti_bag);
    assert_eq!(reversal.to_location_id, w.warehouse);
    assert_eq!(reversal.reason.as_deref(), Some("Salah ketik"));
    assert_eq!(refusal(w.reverse(issued.id).await), E::Duplicate);
    assert_eq!(refusal(w.reverse(reversal.id).await), E::NotReversible);
    assert_eq!(refusal(w.reverse(MovementId(9_999)).await), E::NotFound);
    w.reverse(receipt.id).await.unwrap();
    assert_eq!(w.on_hand(w.cable).await, 0);
    let ledger: Page<Movement> = w.admin.get("/inventory/movements").await;
    let undone = ledger.items.iter().filter(|movement| movement.reversed).map(|m| m.id);
    assert_eq!(undone.collect::<Vec<_>>(), [issued.id, receipt.id]);
    let blank = ReversalRequest { reason: " ".into() };
    let path = format!("/inventory/movements/{}/reversal", receipt.id);
    let problem = w.admin.post_refused(&path, &blank).await;
    assert_eq!(problem.errors[0].code, E::Required);
    w.proves().await;
}

async fn of_twenty_concurrent_reversals_one_wins(app: TestApp) {
    let w = World::new(app).await;
    let receipt = first(w.receive(vec![line(w.cable, 100)]).await);
    w.receive(vec![line(w.cable, 5_000)]).await.unwrap();
    let outcomes = futures_util::future::join_all((0..20).map(|_| w.reverse(receipt.id))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let losers = outcomes.into_iter().filter_map(Result::err);
    assert!(losers.into_iter().all(|problem| problem.code == E::Duplicate));
    assert_eq!(w.on_hand(w.cable).await, 5_000);
    w.proves().await;
}

async fn reversing_a_usage_returns_the_goods_to_the_bag(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![units(w.modem, &["SN-1"])]).await.unwrap();
    w.issue(&w.siti, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    let job = w.job_for(&w.siti).await.id;
    let used = first(w.use_up(&w.siti.client, job, vec![units(w.modem, &["SN-1"])]).await);
    assert_eq!(w.materials(job).await[0].used, 1);
    w.reverse(used.id).await.unwrap();
    assert_eq!(w.unit("SN-1").await.state, UnitState::WithTechnician);
    let row = w.materials(job).await.remove(0);
    assert_eq!((row.used, row.serial_numbers), (0, vec![]));
    w.proves().await;
}

async fn a_reversed_receipt_can_be_booked_again(app: TestApp) {
    let w = World::new(app).await;
    let mistake = first(w.receive(vec![units(w.modem, &["SN-1"])]).await);
    w.reverse(mistake.id).await.unwrap();
    let input = item_input("ONT-HW", ItemUnit::Pieces, true, 0);
    let right: Item = w.admin.post("/inventory", &input).await;
    w.receive(vec![units(right.id, &["SN-1"])]).await.unwrap();
    assert_eq!((w.on_hand(w.modem).await, w.on_hand(right.id).await), (0, 1));
    w.proves().await;
}

async fn a_movement_of_a_unit_that_moved_on_cannot_be_reversed(app: TestApp) {
    let w = World::new(app).await;
    let receipt = first(w.receive(vec![units(w.modem, &["SN-1"])]).await);
    w.receive(vec![units(w.modem, &["SN-2"])]).await.unwrap();
    w.issue(&w.siti, vec![units(w.modem, &["SN-1"])]).await.unwrap();
    assert_eq!(refusal(w.reverse(receipt.id).await), E::UnitNotAvailable, "SN-2 is no stand-in");
    w.proves().await;
}

async fn ledger_rows_cannot_be_changed(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    for sql in ["UPDATE movements SET quantity = 1", "DELETE FROM movements"] {
        let change = move |tx: &mut db::Tx<'_>| {
            use diesel::connection::SimpleConnection;
            Ok::<_, db::DbError>(tx.conn().batch_execute(sql)?)
        };
        let error = w.app.db.write(change).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    w.proves().await;
}
