//! Movements: receipts, issues, usages, transfers and their validation.

use shared::inventory::{
    Item, ItemInput, ItemUnit, Line, MAX_QUANTITY, MovementKind, MovementsResponse, ReceiptRequest,
};
use shared::job::{TimelineEntry, TimelineKind};
use shared::job_state_machine::JobAction;
use shared::live::LiveEvent;
use shared::{ErrorCode as E, ItemId, JobId, LocationId, Page};

use super::fixtures::{
    Fixture, error_code, field_and_code, first_movement, item_input, movement_line, serial_line,
};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_receipt_may_count_packs,
    a_fraction_of_a_metre_is_refused_with_the_reason,
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
    let fixture = Fixture::new(app).await;
    let received = first_movement(fixture.receive(vec![movement_line(fixture.cable, 1_000)]).await);
    assert_eq!((received.kind, received.quantity), (MovementKind::Receipt, 1_000));
    assert_eq!(received.from_location_id, fixture.supplier);
    assert_eq!(received.to_location_name, "Gudang Utama");
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await;
    let used = first_movement(
        fixture.consume(&fixture.siti.client, job.id, vec![movement_line(fixture.cable, 35)]).await,
    );
    assert_eq!(used.job_number.as_deref(), Some(job.number.as_str()));
    assert_eq!(used.created_by, "Siti");
    fixture
        .return_stock(&fixture.admin, &fixture.siti, vec![movement_line(fixture.cable, 60)])
        .await
        .unwrap();
    assert_eq!(fixture.on_hand(fixture.cable).await, 960);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 5);
    assert_eq!(fixture.balance(fixture.cable, fixture.customer).await, 35);
    assert_eq!(fixture.balance(fixture.cable, fixture.supplier).await, -1_000);
    let timeline: Page<TimelineEntry> =
        fixture.admin.get(&format!("/jobs/{}/timeline", job.id)).await;
    let entry = timeline.items.last().unwrap();
    assert_eq!(entry.kind, TimelineKind::Material);
    assert_eq!(entry.detail.as_deref(), Some("35 m Barang DW-1C"));
    fixture.assert_ledger_sound().await;
}

async fn movements_cannot_exceed_the_stock(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![movement_line(fixture.cable, 10), movement_line(fixture.connector, 5)])
        .await
        .unwrap();
    let lines = vec![movement_line(fixture.connector, 5), movement_line(fixture.cable, 11)];
    let problem = fixture.issue(&fixture.siti, lines).await.unwrap_err();
    assert_eq!(problem.code, E::InsufficientStock);
    assert_eq!(problem.detail, "Not enough stock: only 10 m DW-1C available.");
    assert_eq!(problem.errors[0].field, "lines[1].quantity");
    assert_eq!(fixture.on_hand(fixture.connector).await, 5, "nothing is stored partially");
    let back = fixture
        .return_stock(&fixture.admin, &fixture.siti, vec![movement_line(fixture.cable, 1)])
        .await;
    assert_eq!(error_code(back), E::InsufficientStock);
    let lost = fixture.adjust(fixture.warehouse, vec![movement_line(fixture.cable, -11)]).await;
    assert_eq!(error_code(lost), E::InsufficientStock);
    fixture.assert_ledger_sound().await;
}

async fn of_twenty_concurrent_issues_ten_get_the_last_ten_metres(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 10)]).await.unwrap();
    let takers = (0..20).map(|number| {
        let to = if number % 2 == 0 { &fixture.siti } else { &fixture.agus };
        fixture.issue(to, vec![movement_line(fixture.cable, 1)])
    });
    let outcomes = futures_util::future::join_all(takers).await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 10);
    let losers = outcomes.into_iter().filter_map(Result::err);
    assert!(losers.into_iter().all(|problem| problem.code == E::InsufficientStock));
    assert_eq!(fixture.on_hand(fixture.cable).await, 0);
    fixture.assert_ledger_sound().await;
}

async fn of_twenty_concurrent_usages_ten_get_the_last_ten_metres(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 10)]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await;
    let users = (0..20).map(|_| {
        fixture.consume(&fixture.siti.client, job.id, vec![movement_line(fixture.cable, 3)])
    });
    let outcomes = futures_util::future::join_all(users).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 1);
    assert_eq!(fixture.balance(fixture.cable, fixture.customer).await, 9);
    fixture.assert_ledger_sound().await;
}

async fn opposite_transfers_do_not_deadlock(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![movement_line(fixture.cable, 500), movement_line(fixture.connector, 500)])
        .await
        .unwrap();
    for technician in [&fixture.siti, &fixture.agus] {
        fixture
            .issue(
                technician,
                vec![movement_line(fixture.cable, 100), movement_line(fixture.connector, 100)],
            )
            .await
            .unwrap();
    }
    let crossing = (0..24).map(|number| {
        let (from, to) = if number % 2 == 0 {
            (fixture.siti_bag, fixture.agus_bag)
        } else {
            (fixture.agus_bag, fixture.siti_bag)
        };
        let lines = if number % 3 == 0 {
            vec![movement_line(fixture.cable, 1), movement_line(fixture.connector, 1)]
        } else {
            vec![movement_line(fixture.connector, 1), movement_line(fixture.cable, 1)]
        };
        fixture.transfer(from, to, lines)
    });
    let outcomes = futures_util::future::join_all(crossing).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 100);
    fixture.assert_ledger_sound().await;
}

async fn invalid_transfers_are_rejected(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    for (from, to, field) in [
        (fixture.warehouse, fixture.warehouse, "to_location_id"),
        (fixture.warehouse, fixture.siti_bag, "to_location_id"),
        (fixture.warehouse, fixture.customer, "to_location_id"),
        (fixture.supplier, fixture.warehouse, "from_location_id"),
        (fixture.siti_bag, fixture.warehouse, "to_location_id"),
    ] {
        let refused =
            field_and_code(fixture.transfer(from, to, vec![movement_line(fixture.cable, 1)]).await);
        assert_eq!(refused, (field.into(), E::WrongLocationKind));
    }
    fixture
        .transfer(fixture.warehouse, fixture.damaged, vec![movement_line(fixture.cable, 10)])
        .await
        .unwrap();
    assert_eq!(fixture.on_hand(fixture.cable).await, 90);
    fixture
        .transfer(fixture.damaged, fixture.warehouse, vec![movement_line(fixture.cable, 4)])
        .await
        .unwrap();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 10)]).await.unwrap();
    fixture
        .transfer(fixture.siti_bag, fixture.agus_bag, vec![movement_line(fixture.cable, 3)])
        .await
        .unwrap();
    assert_eq!(fixture.balance(fixture.cable, fixture.agus_bag).await, 3);
    let outside = fixture.adjust(fixture.supplier, vec![movement_line(fixture.cable, 1)]).await;
    assert_eq!(field_and_code(outside), ("location_id".into(), E::WrongLocationKind));
    fixture.assert_ledger_sound().await;
}

async fn invalid_lines_are_rejected_with_their_index(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let two = |line: Line| Line { quantity: 2, ..line };
    let cases = [
        (vec![movement_line(fixture.cable, -1)], "lines[0].quantity", E::NotPositive),
        (vec![movement_line(fixture.cable, 0)], "lines[0].quantity", E::NotPositive),
        (vec![movement_line(fixture.cable, MAX_QUANTITY + 1)], "lines[0].quantity", E::OutOfRange),
        (vec![movement_line(ItemId(999), 1)], "lines[0].item_id", E::UnknownReference),
        (
            vec![movement_line(fixture.cable, 1), movement_line(fixture.cable, 1)],
            "lines[1].item_id",
            E::Taken,
        ),
        (vec![], "lines", E::Required),
        (
            vec![two(serial_line(fixture.modem, &["A-01"]))],
            "lines[0].serial_numbers",
            E::SerialsRequired,
        ),
        (vec![movement_line(fixture.modem, 1)], "lines[0].serial_numbers", E::SerialsRequired),
        (
            vec![serial_line(fixture.modem, &["A-01", "a-01"])],
            "lines[0].serial_numbers[1]",
            E::Taken,
        ),
        (
            vec![serial_line(fixture.cable, &["X-01"])],
            "lines[0].serial_numbers",
            E::SerialsNotAllowed,
        ),
    ];
    for (lines, field, code) in cases {
        assert_eq!(field_and_code(fixture.receive(lines).await), (field.to_owned(), code));
    }
    assert_eq!(
        field_and_code(
            fixture.adjust(fixture.warehouse, vec![movement_line(fixture.cable, 0)]).await
        )
        .1,
        E::NotPositive
    );
    assert_eq!(fixture.on_hand(fixture.cable).await, 0);
}

async fn invalid_locations_are_rejected_with_their_field(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 50)]).await.unwrap();
    for (location_id, code) in
        [(fixture.siti_bag, E::WrongLocationKind), (LocationId(999), E::UnknownReference)]
    {
        let lines = vec![movement_line(fixture.cable, 1)];
        let request = ReceiptRequest {
            location_id,
            lines,
            in_packs: Vec::new(),
            supplier: None,
            invoice_number: None,
        };
        let refused = fixture.admin.try_post("/inventory/receipts", &request).await;
        assert_eq!(field_and_code(refused), ("location_id".into(), code));
    }
    let lines = || vec![movement_line(fixture.cable, 1)];
    let nowhere = fixture.consume(&fixture.admin, JobId(999), lines()).await;
    assert_eq!(field_and_code(nowhere), ("job_id".into(), E::UnknownReference));
    let job = fixture.job_for(&fixture.siti).await;
    fixture.step(&fixture.admin, job.id, JobAction::Cancel).await;
    assert_eq!(
        error_code(fixture.consume(&fixture.siti.client, job.id, lines()).await),
        E::JobNotEditable
    );
    fixture.assert_ledger_sound().await;
}

async fn a_movement_is_announced_to_everyone_who_may_read_it(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let mut events = fixture.app.db.live().subscribe();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 90)]).await.unwrap();
    let (mut moved, mut low) = (None, None);
    while moved.is_none() || low.is_none() {
        let next = tokio::time::timeout(std::time::Duration::from_secs(10), events.recv());
        match &next.await.unwrap().unwrap().event {
            // On PostgreSQL the event of the receipt may arrive late.
            LiveEvent::InventoryMoved(event) if event.to_location_id == fixture.siti_bag => {
                moved = Some(event.clone());
            }
            LiveEvent::LowStock(event) => low = Some(event.clone()),
            _ => {}
        }
    }
    let moved = moved.unwrap();
    assert_eq!(moved.item_id, fixture.cable);
    assert_eq!(moved.technician_ids, [fixture.siti.id]);
    assert_eq!(low.unwrap().on_hand, 10);
}

async fn a_receipt_may_count_packs(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let path = format!("/inventory/{}", fixture.cable);
    let input =
        ItemInput { pack_size: Some(1_000), ..item_input("DW-1C", ItemUnit::Metre, false, 20) };
    let cable: Item = fixture.admin.put(&path, 1, &input).await;
    assert_eq!(cable.pack_size, Some(1_000));
    let request = |in_packs: Vec<ItemId>| ReceiptRequest {
        location_id: fixture.warehouse,
        lines: vec![movement_line(fixture.cable, 3), movement_line(fixture.connector, 50)],
        in_packs,
        supplier: None,
        invoice_number: None,
    };
    let answer: MovementsResponse =
        fixture.admin.post("/inventory/receipts", &request(vec![fixture.cable])).await;
    assert_eq!(answer.movements[0].quantity, 3_000, "the ledger has metres");
    assert_eq!(fixture.on_hand(fixture.connector).await, 50);
    let without =
        fixture.admin.try_post("/inventory/receipts", &request(vec![fixture.connector])).await;
    assert_eq!(field_and_code(without), ("lines[1].quantity".into(), E::NoPackSize));
    let unknown =
        fixture.admin.try_post("/inventory/receipts", &request(vec![fixture.modem])).await;
    assert_eq!(field_and_code(unknown), ("in_packs[0]".into(), E::UnknownReference));
    assert_eq!(fixture.on_hand(fixture.cable).await, 3_000);
}

async fn a_fraction_of_a_metre_is_refused_with_the_reason(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let lines = serde_json::json!([{ "item_id": fixture.cable, "quantity": 35.5 }]);
    let request = serde_json::json!({ "location_id": fixture.warehouse, "lines": lines });
    let refused = fixture.admin.try_post("/inventory/receipts", &request).await;
    assert_eq!(field_and_code(refused), ("lines[0].quantity".into(), E::NotWhole));
}
