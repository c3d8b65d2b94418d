//! A technician sees and touches the own bag only; other roles as the table of roles says.

use shared::inventory::{
    AdjustmentRequest, Item, ItemDetail, Location, LocationInput, Movement, Stock, Unit,
};
use shared::{ErrorCode as E, Page, Role};

use super::fixtures::{World, fault, line, refusal, units};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_technician_uses_only_own_goods_and_books_no_return,
    a_technician_sees_only_the_own_bag,
    a_technician_cannot_change_the_warehouse,
    read_only_roles_cannot_write,
);

async fn a_technician_uses_only_own_goods_and_books_no_return(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100), line(w.connector, 100)]).await.unwrap();
    w.issue(&w.siti, vec![line(w.cable, 50)]).await.unwrap();
    w.issue(&w.agus, vec![line(w.connector, 50)]).await.unwrap();
    let job = w.job_for(&w.siti).await.id;
    let lines = || vec![line(w.cable, 1)];
    let foreign_job = w.use_up(&w.agus.client, job, lines()).await;
    assert_eq!(fault(foreign_job), ("job_id".into(), E::UnknownReference));
    let foreign_bag = w.use_from(&w.siti.client, job, Some(w.agus.id), lines()).await;
    assert_eq!(fault(foreign_bag), ("technician_id".into(), E::UnknownReference));
    let not_counted = w.bring_back(&w.siti.client, &w.siti, lines()).await;
    assert_eq!(refusal(not_counted), E::Forbidden, "only the warehouse takes goods in");
    let gudang = w.app.login(Role::Gudang).await;
    w.use_up(&gudang, job, lines()).await.unwrap();
    assert_eq!(w.balance(w.cable, w.siti_bag).await, 49, "from the lead's bag");
    w.proves().await;
}

async fn a_technician_sees_only_the_own_bag(app: TestApp) {
    let w = World::new(app).await;
    let modems = units(w.modem, &["SN-1", "SN-2"]);
    w.receive(vec![line(w.cable, 100), line(w.connector, 100), modems]).await.unwrap();
    let out = vec![line(w.cable, 50), units(w.modem, &["SN-1"])];
    w.issue(&w.siti, out).await.unwrap();
    w.issue(&w.agus, vec![line(w.connector, 50)]).await.unwrap();
    let siti = &w.siti.client;
    let items: Page<Item> = siti.get("/inventory?with_total=true").await;
    let ids: Vec<_> = items.items.iter().map(|item| item.id).collect();
    assert_eq!((ids, items.total), (vec![w.cable, w.modem], Some(2)));
    let detail: ItemDetail = siti.get(&format!("/inventory/{}", w.cable)).await;
    assert_eq!(detail.balances.len(), 1);
    let hidden = siti.get_refused(&format!("/inventory/{}", w.connector)).await;
    assert_eq!(hidden.code, E::NotFound);
    let found: Page<Unit> = siti.get(&format!("/inventory/{}/units", w.modem)).await;
    let serials: Vec<_> = found.items.iter().map(|unit| unit.serial_number.as_str()).collect();
    assert_eq!(serials, ["SN-1"]);
    let moved: Page<Movement> = siti.get("/inventory/movements?with_total=true").await;
    assert_eq!((moved.items.len(), moved.total), (2, Some(2)));
    let foreign = format!("/inventory/movements?location_id={}", w.agus_bag);
    assert!(siti.get::<Page<Movement>>(&foreign).await.items.is_empty());
    let places: Page<Location> = siti.get("/locations").await;
    let ids: Vec<_> = places.items.iter().map(|place| place.id).collect();
    assert_eq!(ids, [w.warehouse, w.siti_bag]);
    let own: Page<Stock> = siti.get(&format!("/locations/{}/stock", w.siti_bag)).await;
    assert_eq!(own.items.len(), 2);
    for place in [w.warehouse, w.agus_bag] {
        let hidden = siti.get_refused(&format!("/locations/{place}/stock")).await;
        assert_eq!(hidden.code, E::NotFound);
    }
}

async fn a_technician_cannot_change_the_warehouse(app: TestApp) {
    let w = World::new(app).await;
    let adjustment = AdjustmentRequest {
        location_id: w.siti_bag,
        reason: "Coba".into(),
        lines: vec![line(w.cable, 5)],
    };
    let refused = w.siti.client.post_refused("/inventory/adjustments", &adjustment).await;
    assert_eq!(refused.code, E::Forbidden);
}

async fn read_only_roles_cannot_write(app: TestApp) {
    let w = World::new(app).await;
    w.receive(vec![line(w.cable, 100)]).await.unwrap();
    let input = LocationInput { code: "gudang-2".into(), name: "Gudang Bekasi".into() };
    for role in [Role::Manager, Role::Cs] {
        let reader = w.app.login(role).await;
        let moved: Page<Movement> = reader.get("/inventory/movements").await;
        assert_eq!(moved.items.len(), 1);
        assert_eq!(reader.post_refused("/locations", &input).await.code, E::Forbidden);
        let back = w.bring_back(&reader, &w.siti, vec![line(w.cable, 1)]).await;
        assert_eq!(back.unwrap_err().code, E::Forbidden);
    }
    let gudang = w.app.login(Role::Gudang).await;
    let second: Location = gudang.post("/locations", &input).await;
    assert_eq!(second.code, "GUDANG-2");
    assert_eq!(gudang.post_refused("/locations", &input).await.errors[0].code, E::Taken);
    w.transfer(w.warehouse, second.id, vec![line(w.cable, 60)]).await.unwrap();
    assert_eq!(w.on_hand(w.cable).await, 100, "both warehouses together");
    w.proves().await;
}
