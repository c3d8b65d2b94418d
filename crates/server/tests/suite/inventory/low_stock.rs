//! Low stock alerts.

use shared::Page;
use shared::inventory::{Item, ItemUnit};

use super::fixtures::{Fixture, item_input, movement_line};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    low_stock_is_notified_once_until_it_recovers,
    a_minimum_raised_above_the_stock_is_notified,
    low_stock_items_are_listed,
);

async fn low_stock_is_notified_once_until_it_recovers(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let issue =
        |quantity| fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, quantity)]);
    let back = |quantity| {
        fixture.return_stock(
            &fixture.admin,
            &fixture.siti,
            vec![movement_line(fixture.cable, quantity)],
        )
    };
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    issue(79).await.unwrap();
    assert!(fixture.messages("low_stock").await.is_empty());
    issue(1).await.unwrap();
    let reported = fixture.messages("low_stock").await;
    assert_eq!(reported.len(), 1);
    assert!(reported[0].contains("\"on_hand\":20"), "{}", reported[0]);
    issue(5).await.unwrap();
    back(5).await.unwrap();
    assert_eq!(fixture.messages("low_stock").await.len(), 1, "not repeated");
    back(1).await.unwrap();
    issue(10).await.unwrap();
    assert_eq!(fixture.messages("low_stock").await.len(), 2, "recovered and fell again");
    fixture.assert_ledger_sound().await;
}

async fn a_minimum_raised_above_the_stock_is_notified(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let path = format!("/inventory/{}", fixture.cable);
    let raised = item_input("DW-1C", ItemUnit::Metre, false, 100);
    let item: Item = fixture.admin.put(&path, 1, &raised).await;
    assert_eq!(fixture.messages("low_stock").await.len(), 1);
    let _: Item = fixture.admin.put(&path, item.version, &raised).await;
    assert_eq!(fixture.messages("low_stock").await.len(), 1);
}

async fn low_stock_items_are_listed(app: TestApp) {
    let fixture = Fixture::new(app).await;
    fixture
        .receive(vec![movement_line(fixture.cable, 20), movement_line(fixture.connector, 1)])
        .await
        .unwrap();
    let low: Page<Item> = fixture.admin.get("/inventory/low-stock?with_total=true").await;
    let codes: Vec<&str> = low.items.iter().map(|item| item.code.as_str()).collect();
    assert_eq!(codes, ["DW-1C", "ONT-ZTE"], "at the minimum; none there and none needed");
    assert_eq!(low.total, Some(2));
}
