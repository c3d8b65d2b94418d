//! Goods on their way, and requests that make no sense.

use shared::inventory::{Line, MAX_QUANTITY, MovementKind, ReceiptRequest};
use shared::job::{TimelineEntry, TimelineKind};
use shared::job_state_machine::JobAction;
use shared::live::LiveEvent;
use shared::{ErrorCode as E, ItemId, JobId, LocationId, Page};

use super::fixtures::{World, fault, first, line, refusal, units};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    goods_move_from_supplier_to_customer,
    movements_cannot_exceed_the_stock,
    of_twenty_concurrent_issues_ten_get_the_last_ten_metres,
    of_twenty_concurrent_usages_ten_get_the_last_ten_metres,
    opposite_transfers_do_not_deadlock,
    invalid_transfers_are_rejected,
    invalid_lines_are_rejected_with_their_index,
    invalid_locations_are_rejected_with_their_field,
    a_movement_is_announced_to_everyone_who_may_read_it,
);

async fn goods_move_from_supplier_to_customer(app: TestApp) {
    let w = World::new(app).await;
    let received = first(w.receive(vec![line(w.cable, 1_000)]).await);
    assert_eq!((received.kind, received.quantity), (MovementKind::Receipt, 1_000));
    assert_eq!(received.from_location_id, w.supplier);
    assert_eq!(received.to_location_name, "Gudang Utama");
    w.issue(&w.siti, vec![line(w.cable, 100)]).await.unwrap();
    let job = w.job_for(&w.siti).await;
    let used = first(w.use_up(&w.siti.client, job.id, vec![line(w.cable, 35)]).await);
    assert_eq!(used.job_number.as_deref(), Some(job.number.as_str()));
    assert_eq!(used.created_by, "Siti");
    w.bring_back(&w.admin, &w.siti, vec![line(w.cable, 60)]).await.unwrap();
    assert_eq!(w.on_hand(w.cable).await, 960);
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 5);
    assert_eq!(w.balance(w.cable, w.customer).await, 35);
    assert_eq!(w.balance(w.cable, w.supplier).await, -1_000);
    let timeline: Page<TimelineEntry> = w.admin.get(&format!("/jobs/{}/timeline", job.id)).await;
    let told = timeline.items.last().unwrap();
    assert_eq!(told.kind, TimelineKind::Material);
    assert_eq!(told.detail.as_deref(), Some("35 m Barang DW-1C"));
    w.proves().await;
}

async fn movements_cannot_exceed_the_stock(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 10), line(w.connector, 5)]).await.unwrap();
    let lines = vec![line(w.connector, 5), line(w.cable, 11)];
    let problem = w.issue(&w.siti, lines).await.unwrap_err();
    assert_eq!(problem.code, E::InsufficientStock);
    assert_eq!(problem.detail, "Not enough stock: only 10 m DW-1C available.");
    assert_eq!(problem.errors[0].field, "lines[1].quantity");
    assert_eq!(w.on_hand(w.connector).await, 5, "nothing half done");
    let back = w.bring_back(&w.admin, &w.siti, vec![line(w.cable, 1)]).await;
    assert_eq!(refusal(back), E::InsufficientStock);
    let lost = w.adjust(w.warehouse, vec![line(w.cable, -11)]).await;
    assert_eq!(refusal(lost), E::InsufficientStock);
    w.proves().await;
}

async fn of_twenty_concurrent_issues_ten_get_the_last_ten_metres(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 10)]).await.unwrap();
    let takers = (0..20).map(|number| {
        let to = if number % 2 == 0 { &w.siti } else { &w.agus };
        w.issue(to, vec![line(w.cable, 1)])
    });
    let outcomes = futures_util::future::join_all(takers).await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 10);
    let losers = outcomes.into_iter().filter_map(Result::err);
    assert!(losers.into_iter().all(|problem| problem.code == E::InsufficientStock));
    assert_eq!(w.on_hand(w.cable).await, 0);
    w.proves().await;
}

async fn of_twenty_concurrent_usages_ten_get_the_last_ten_metres(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 10)]).await.unwrap();
    let job = w.job_for(&w.siti).await;
    let users = (0..20).map(|_| w.use_up(&w.siti.client, job.id, vec![line(w.cable, 3)]));
    let outcomes = futures_util::future::join_all(users).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 1);
    assert_eq!(w.balance(w.cable, w.customer).await, 9);
    w.proves().await;
}

async fn opposite_transfers_do_not_deadlock(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 500), line(w.connector, 500)]).await.unwrap();
    for technician in [&w.siti, &w.agus] {
        w.issue(technician, vec![line(w.cable, 100), line(w.connector, 100)]).await.unwrap();
    }
    let crossing = (0..24).map(|number| {
        let (from, to) =
            if number % 2 == 0 { (w.siti_bag, w.agus_bag) } else { (w.agus_bag, w.siti_bag) };
        let lines = if number % 3 == 0 {
            vec![line(w.cable, 1), line(w.connector, 1)]
        } else {
            vec![line(w.connector, 1), line(w.cable, 1)]
        };
        w.transfer(from, to, lines)
    });
    let outcomes = futures_util::future::join_all(crossing).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 100);
    w.proves().await;
}

async fn invalid_transfers_are_rejected(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    for (from, to, field) in [
        (w.warehouse, w.warehouse, "to_location_id"),
        (w.warehouse, w.siti_bag, "to_location_id"),
        (w.warehouse, w.customer, "to_location_id"),
        (w.supplier, w.warehouse, "from_location_id"),
        (w.siti_bag, w.warehouse, "to_location_id"),
    ] {
        let refused = fault(w.transfer(from, to, vec![line(w.cable, 1)]).await);
        assert_eq!(refused, (field.into(), E::WrongLocationKind));
    }
    w.transfer(w.warehouse, w.damaged, vec![line(w.cable, 10)]).await.unwrap();
    assert_eq!(w.on_hand(w.cable).await, 90);
    w.transfer(w.damaged, w.warehouse, vec![line(w.cable, 4)]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 10)]).await.unwrap();
    w.transfer(w.siti_bag, w.agus_bag, vec![line(w.cable, 3)]).await.unwrap();
    assert_eq!(w.balance(w.cable, w.agus_bag).await, 3);
    let outside = w.adjust(w.supplier, vec![line(w.cable, 1)]).await;
    assert_eq!(fault(outside), ("location_id".into(), E::WrongLocationKind));
    w.proves().await;
}

async fn invalid_lines_are_rejected_with_their_index(app: TestApp) {
    let w = World::new(app).await;
    let two = |line: Line| Line { quantity: 2, ..line };
    let cases = [
        (vec![line(w.cable, -1)], "lines[0].quantity", E::NotPositive),
        (vec![line(w.cable, 0)], "lines[0].quantity", E::NotPositive),
        (vec![line(w.cable, MAX_QUANTITY + 1)], "lines[0].quantity", E::OutOfRange),
        (vec![line(ItemId(999), 1)], "lines[0].item_id", E::UnknownReference),
        (vec![line(w.cable, 1), line(w.cable, 1)], "lines[1].item_id", E::Taken),
        (vec![], "lines", E::Required),
        (vec![two(units(w.modem, &["A"]))], "lines[0].serial_numbers", E::SerialsRequired),
        (vec![line(w.modem, 1)], "lines[0].serial_numbers", E::SerialsRequired),
        (vec![units(w.modem, &["A", "a"])], "lines[0].serial_numbers[1]", E::Taken),
        (vec![units(w.cable, &["X"])], "lines[0].serial_numbers", E::SerialsNotAllowed),
    ];
    for (lines, field, code) in cases {
        assert_eq!(fault(w.receive(lines).await), (field.to_owned(), code));
    }
    assert_eq!(fault(w.adjust(w.warehouse, vec![line(w.cable, 0)]).await).1, E::NotPositive);
    assert_eq!(w.on_hand(w.cable).await, 0);
}

async fn invalid_locations_are_rejected_with_their_field(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 50)]).await.unwrap();
    for (location_id, code) in
        [(w.siti_bag, E::WrongLocationKind), (LocationId(999), E::UnknownReference)]
    {
        let lines = vec![line(w.cable, 1)];
        let request = ReceiptRequest { location_id, lines, supplier: None, invoice_number: None };
        let refused = w.admin.try_post("/inventory/receipts", &request).await;
        assert_eq!(fault(refused), ("location_id".into(), code));
    }
    let lines = || vec![line(w.cable, 1)];
    let nowhere = w.use_up(&w.admin, JobId(999), lines()).await;
    assert_eq!(fault(nowhere), ("job_id".into(), E::UnknownReference));
    let job = w.job_for(&w.siti).await;
    w.step(&w.admin, job.id, JobAction::Cancel).await;
    assert_eq!(refusal(w.use_up(&w.siti.client, job.id, lines()).await), E::JobNotEditable);
    w.proves().await;
}

async fn a_movement_is_announced_to_everyone_who_may_read_it(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    let mut events = w.app.db.live().subscribe();
    w.issue(&w.siti, vec![line(w.cable, 90)]).await.unwrap();
    let (mut moved, mut low) = (None, None);
    while moved.is_none() || low.is_none() {
        let next = tokio::time::timeout(std::time::Duration::from_secs(10), events.recv());
        match &next.await.unwrap().unwrap().event {
            // On PostgreSQL the receipt's own event may still be on its way.
            LiveEvent::InventoryMoved(event) if event.to_location_id == w.siti_bag => {
                moved = Some(event.clone());
            }
            LiveEvent::LowStock(event) => low = Some(event.clone()),
            _ => {}
        }
    }
    let moved = moved.unwrap();
    assert_eq!((moved.item_id, moved.on_hand), (w.cable, 10));
    assert_eq!(moved.technician_ids, [w.siti.id]);
    assert_eq!(low.unwrap().on_hand, 10);
}
