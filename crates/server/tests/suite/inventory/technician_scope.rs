//! Scope of technicians in the inventory, and permissions of the other roles.

use shared::inventory::{
    AdjustmentRequest, Item, ItemDetail, Location, LocationInput, Movement, Stock, Unit,
};
use shared::{ErrorCode as E, Page, Role};

use super::fixtures::{Fixture, error_code, field_and_code, movement_line, serial_line};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_technician_uses_only_own_goods_and_books_no_return,
    a_technician_sees_only_the_own_bag,
    a_technician_learns_neither_stock_nor_price_nor_minimum_of_the_warehouse,
    a_technician_cannot_change_the_warehouse,
    read_only_roles_cannot_write,
);

async fn a_technician_uses_only_own_goods_and_books_no_return(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![movement_line(fixture.cable, 100), movement_line(fixture.connector, 100)])
        .await
        .unwrap();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 50)]).await.unwrap();
    fixture.issue(&fixture.agus, vec![movement_line(fixture.connector, 50)]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    let lines = || vec![movement_line(fixture.cable, 1)];
    let foreign_job = fixture.consume(&fixture.agus.client, job, lines()).await;
    assert_eq!(field_and_code(foreign_job), ("job_id".into(), E::UnknownReference));
    let foreign_bag =
        fixture.consume_from(&fixture.siti.client, job, Some(fixture.agus.id), lines()).await;
    assert_eq!(field_and_code(foreign_bag), ("technician_id".into(), E::UnknownReference));
    let not_counted = fixture.return_stock(&fixture.siti.client, &fixture.siti, lines()).await;
    assert_eq!(error_code(not_counted), E::Forbidden, "only the warehouse takes goods in");
    let gudang = fixture.app.sign_in_as(Role::Gudang).await;
    fixture.consume(&gudang, job, lines()).await.unwrap();
    assert_eq!(fixture.balance(fixture.cable, fixture.siti_bag).await, 49, "from the lead's bag");
    fixture.assert_ledger_sound().await;
}

async fn a_technician_sees_only_the_own_bag(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let modems = serial_line(fixture.modem, &["SN-1", "SN-2"]);
    fixture
        .receive(vec![
            movement_line(fixture.cable, 100),
            movement_line(fixture.connector, 100),
            modems,
        ])
        .await
        .unwrap();
    let out = vec![movement_line(fixture.cable, 50), serial_line(fixture.modem, &["SN-1"])];
    fixture.issue(&fixture.siti, out).await.unwrap();
    fixture.issue(&fixture.agus, vec![movement_line(fixture.connector, 50)]).await.unwrap();
    let siti = &fixture.siti.client;
    let items: Page<Item> = siti.get("/inventory?with_total=true").await;
    let ids: Vec<_> = items.items.iter().map(|item| item.id).collect();
    assert_eq!((ids, items.total), (vec![fixture.cable, fixture.modem], Some(2)));
    let in_bag: Vec<_> = items.items.iter().map(|item| item.in_bag).collect();
    assert_eq!(in_bag, [Some(50), Some(1)]);
    let detail: ItemDetail = siti.get(&format!("/inventory/{}", fixture.cable)).await;
    assert_eq!((detail.balances.len(), detail.item.in_bag), (1, Some(50)));
    let hidden = siti.get_refused(&format!("/inventory/{}", fixture.connector)).await;
    assert_eq!(hidden.code, E::NotFound);
    let found: Page<Unit> = siti.get(&format!("/inventory/{}/units", fixture.modem)).await;
    let serials: Vec<_> = found.items.iter().map(|unit| unit.serial_number.as_str()).collect();
    assert_eq!(serials, ["SN-1"]);
    let moved: Page<Movement> = siti.get("/inventory/movements?with_total=true").await;
    assert_eq!((moved.items.len(), moved.total), (2, Some(2)));
    let foreign = format!("/inventory/movements?location_id={}", fixture.agus_bag);
    assert!(siti.get::<Page<Movement>>(&foreign).await.items.is_empty());
    let places: Page<Location> = siti.get("/locations").await;
    let ids: Vec<_> = places.items.iter().map(|place| place.id).collect();
    assert_eq!(ids, [fixture.warehouse, fixture.siti_bag]);
    let own: Page<Stock> = siti.get(&format!("/locations/{}/stock", fixture.siti_bag)).await;
    assert_eq!(own.items.len(), 2);
    for place in [fixture.warehouse, fixture.agus_bag] {
        let hidden = siti.get_refused(&format!("/locations/{place}/stock")).await;
        assert_eq!(hidden.code, E::NotFound);
    }
}

async fn a_technician_learns_neither_stock_nor_price_nor_minimum_of_the_warehouse(app: TestApp) {
    let fixture = Fixture::new(app).await;
    // At the minimum of 20 in the warehouse, so that the item is low.
    fixture.receive(vec![movement_line(fixture.cable, 70)]).await.unwrap();
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 50)]).await.unwrap();
    let low: Page<Item> = fixture.admin.get("/inventory/low-stock").await;
    assert!(low.items.iter().any(|item| item.id == fixture.cable && item.in_bag.is_none()));

    let siti = &fixture.siti.client;
    let listed: Page<Item> = siti.get("/inventory").await;
    let detail: ItemDetail = siti.get(&format!("/inventory/{}", fixture.cable)).await;
    for item in listed.items.iter().chain([&detail.item]) {
        assert_eq!((item.on_hand, item.min_stock, item.price), (None, None, None));
    }
    for path in ["/inventory/low-stock", "/inventory?low=true&with_total=true"] {
        assert!(siti.get::<Page<Item>>(path).await.items.is_empty(), "{path}");
    }
}

async fn a_technician_cannot_change_the_warehouse(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let adjustment = AdjustmentRequest {
        location_id: fixture.siti_bag,
        reason: "Coba".into(),
        lines: vec![movement_line(fixture.cable, 5)],
    };
    let refused = fixture.siti.client.post_refused("/inventory/adjustments", &adjustment).await;
    assert_eq!(refused.code, E::Forbidden);
}

async fn read_only_roles_cannot_write(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let input = LocationInput { code: "gudang-2".into(), name: "Gudang Bekasi".into() };
    for role in [Role::Manager, Role::Cs] {
        let reader = fixture.app.sign_in_as(role).await;
        let moved: Page<Movement> = reader.get("/inventory/movements").await;
        assert_eq!(moved.items.len(), 1);
        assert_eq!(reader.post_refused("/locations", &input).await.code, E::Forbidden);
        let back = fixture
            .return_stock(&reader, &fixture.siti, vec![movement_line(fixture.cable, 1)])
            .await;
        assert_eq!(back.unwrap_err().code, E::Forbidden);
    }
    let gudang = fixture.app.sign_in_as(Role::Gudang).await;
    let second: Location = gudang.post("/locations", &input).await;
    assert_eq!(second.code, "GUDANG-2");
    assert_eq!(gudang.post_refused("/locations", &input).await.errors[0].code, E::Taken);
    fixture
        .transfer(fixture.warehouse, second.id, vec![movement_line(fixture.cable, 60)])
        .await
        .unwrap();
    assert_eq!(fixture.on_hand(fixture.cable).await, 100, "both warehouses together");
    fixture.assert_ledger_sound().await;
}
