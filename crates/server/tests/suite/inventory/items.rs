//! Items.

use shared::ErrorCode as E;
use shared::inventory::{Item, ItemDetail, ItemInput, ItemUnit};

use super::fixtures::{Fixture, item_input, movement_line};
use crate::harness::TestApp;
use crate::harness::client::field_error;
use crate::on_both_databases;

on_both_databases!(
    an_item_is_stored_as_given,
    unit_and_serialization_of_an_item_in_use_are_fixed,
    a_stale_update_is_rejected,
);

async fn an_item_is_stored_as_given(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let input = ItemInput { code: " spl-1-8 ".into(), ..item_input("", ItemUnit::Pieces, true, 3) };
    let input = ItemInput { name: "Splitter 1:8".into(), category: "ODP".into(), ..input };
    let item: Item = fixture.admin.post("/inventory", &input).await;
    assert_eq!((item.code.as_str(), item.category.as_str()), ("SPL-1-8", "odp"));
    assert_eq!((item.on_hand, item.version, item.min_stock), (Some(0), 1, Some(3)));
    let detail: ItemDetail = fixture.admin.get(&format!("/inventory/{}", item.id)).await;
    assert_eq!((detail.item, detail.balances.len()), (item, 0));
    let again = fixture.admin.post_refused("/inventory", &input).await;
    assert_eq!(field_error(&again, "code"), E::Taken);
    let negative = ItemInput { min_stock: -1, code: "X".into(), ..input.clone() };
    let refused = fixture.admin.post_refused("/inventory", &negative).await;
    assert_eq!(field_error(&refused, "min_stock"), E::OutOfRange);
    let cable = ItemInput { unit: ItemUnit::Metre, code: "X".into(), ..input };
    let refused = fixture.admin.post_refused("/inventory", &cable).await;
    assert_eq!(field_error(&refused, "unit"), E::SerialsNotAllowed);
}

async fn unit_and_serialization_of_an_item_in_use_are_fixed(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let path = format!("/inventory/{}", fixture.cable);
    let pieces = item_input("DW-1C", ItemUnit::Pieces, false, 20);
    let item: Item = fixture.admin.put(&path, 1, &pieces).await;
    assert_eq!(item.unit, ItemUnit::Pieces, "nothing has moved yet");
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let metres = item_input("DW-1C", ItemUnit::Metre, false, 20);
    let refused = fixture.admin.put_refused(&path, 2, &metres).await;
    assert_eq!(field_error(&refused, "unit"), E::ItemInUse);
    let serialized = item_input("DW-1C", ItemUnit::Pieces, true, 20);
    let refused = fixture.admin.put_refused(&path, 2, &serialized).await;
    assert_eq!(field_error(&refused, "serialized"), E::ItemInUse);
}

async fn a_stale_update_is_rejected(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let path = format!("/inventory/{}", fixture.cable);
    let input = item_input("DW-1C", ItemUnit::Metre, false, 30);
    let _: Item = fixture.admin.put(&path, 1, &input).await;
    assert_eq!(fixture.admin.put_refused(&path, 1, &input).await.code, E::VersionMismatch);
    fixture.receive(vec![movement_line(fixture.cable, 100)]).await.unwrap();
    let item: Item = fixture.admin.put(&path, 2, &input).await;
    assert_eq!(item.on_hand, Some(100), "movements do not count as somebody's edit");
}
