//! Lists of movements, items, units and locations.

use serde::de::DeserializeOwned;
use shared::inventory::{Item, ItemSort, Location, Movement, MovementKind, Unit};
use shared::{ErrorCode as E, Page};

use super::fixtures::{Fixture, movement_line, serial_line};
use crate::harness::{Client, TestApp};
use crate::on_both_databases;

on_both_databases!(
    movements_are_listed_newest_first,
    items_are_sorted_in_every_order,
    items_are_found_by_part_of_code_and_name,
    units_are_paged_and_filtered,
    locations_are_paged_and_filtered,
);

/// Reads all pages of a list.
async fn whole<T: DeserializeOwned>(client: &Client, path: &str, limit: i64) -> Vec<T> {
    let (mut rows, mut mark) = (Vec::new(), String::new());
    loop {
        let page: Page<T> = client.get(&format!("{path}limit={limit}{mark}")).await;
        assert!(page.items.len() as i64 <= limit);
        rows.extend(page.items);
        match page.next_cursor {
            Some(cursor) => mark = format!("&cursor={cursor}"),
            None => return rows,
        }
    }
}

async fn movements_are_listed_newest_first(app: TestApp) {
    let fixture = Fixture::new(app).await;
    for _ in 0..5 {
        fixture
            .receive(vec![movement_line(fixture.cable, 10), movement_line(fixture.connector, 3)])
            .await
            .unwrap();
    }
    fixture.issue(&fixture.siti, vec![movement_line(fixture.cable, 5)]).await.unwrap();
    let (warehouse, bag, cable) = (fixture.warehouse, fixture.siti_bag, fixture.cable);
    for (filter, count) in [
        (String::new(), 11),
        (format!("location_id={warehouse}&"), 11),
        (format!("location_id={bag}&item_id={cable}&"), 1),
        (format!("kind=receipt&item_id={cable}&"), 5),
        ("kind=issue,receipt&".to_owned(), 11),
        ("kind=issue&".to_owned(), 1),
    ] {
        let path = format!("/inventory/movements?{filter}");
        let rows: Vec<Movement> = whole(&fixture.admin, &path, 3).await;
        assert_eq!(rows.len(), count, "{filter}");
        assert!(rows.windows(2).all(|pair| pair[0].id > pair[1].id), "{filter}");
        let counted: Page<Movement> = fixture.admin.get(&format!("{path}with_total=true")).await;
        assert_eq!(counted.total, Some(count as i64), "{filter}");
    }
    let issued: Vec<Movement> = whole(&fixture.admin, "/inventory/movements?kind=issue&", 1).await;
    assert_eq!(issued[0].kind, MovementKind::Issue);
    let bad = fixture.admin.get_refused("/inventory/movements?cursor=%3F").await;
    assert_eq!(bad.code, E::InvalidCursor);
}

async fn items_are_sorted_in_every_order(app: TestApp) {
    let fixture = Fixture::new(app).await;
    for sort in ItemSort::ALL {
        let path = format!("/inventory?sort={sort}&");
        let rows: Vec<Item> = whole(&fixture.admin, &path, 1).await;
        let mut codes: Vec<_> = rows.iter().map(|item| item.code.as_str()).collect();
        if sort.as_str().starts_with('-') {
            codes.reverse();
        }
        assert_eq!(codes, ["DW-1C", "FC-SCUPC", "ONT-ZTE"], "{sort}");
    }
}

async fn items_are_found_by_part_of_code_and_name(app: TestApp) {
    let fixture = Fixture::new(app).await;
    for (query, count) in
        [("q=dw-1", 1), ("q=barang", 3), ("q=barang%20ont", 1), ("q=%25", 0), ("category=UJI", 3)]
    {
        let found: Page<Item> =
            fixture.admin.get(&format!("/inventory?{query}&with_total=true")).await;
        assert_eq!((found.items.len(), found.total), (count, Some(count as i64)), "{query}");
    }
}

async fn units_are_paged_and_filtered(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let serials = ["ZTE-1", "ZTE-2", "ZTE-3", "HW_4"];
    fixture.receive(vec![serial_line(fixture.modem, &serials)]).await.unwrap();
    fixture.issue(&fixture.siti, vec![serial_line(fixture.modem, &["ZTE-2"])]).await.unwrap();
    let path = format!("/inventory/{}/units?", fixture.modem);
    let rows: Vec<Unit> = whole(&fixture.admin, &path, 1).await;
    let shown: Vec<_> = rows.iter().map(|unit| unit.serial_number.as_str()).collect();
    assert_eq!(shown, serials);
    for (filter, count) in [
        ("q=zte".to_owned(), 3),
        ("q=_4".to_owned(), 1),
        ("state=in_stock".to_owned(), 3),
        (format!("location_id={}", fixture.siti_bag), 1),
    ] {
        let found: Page<Unit> = fixture.admin.get(&format!("{path}{filter}")).await;
        assert_eq!(found.items.len(), count, "{filter}");
    }
    let unknown = fixture.admin.get_refused("/inventory/999/units").await;
    assert_eq!(unknown.code, E::NotFound);
}

async fn locations_are_paged_and_filtered(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let rows: Vec<Location> = whole(&fixture.admin, "/locations?", 3).await;
    assert_eq!(rows.len(), 8);
    let bags: Page<Location> = fixture.admin.get("/locations?kind=technician").await;
    assert_eq!(bags.items.len(), 2);
    let path = format!("/locations?technician_id={}", fixture.agus.id);
    let bag: Page<Location> = fixture.admin.get(&path).await;
    let ids: Vec<_> = bag.items.iter().map(|place| place.id).collect();
    assert_eq!(ids, [fixture.agus_bag]);
}
