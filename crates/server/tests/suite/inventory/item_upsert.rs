//! Creation and update of items by the importer.

use services::inventory::imported_items::{
    UpsertOutcome, UpsertResult, compare_for_import, upsert_for_import,
};
use services::{Error, users};
use shared::inventory::{Item, ItemInput, ItemUnit, UnitState};
use shared::{ErrorCode as E, ItemId, Page, Rupiah};

use super::fixtures::{Fixture, error_code, first_movement, item_input, serial_line};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    importing_twice_changes_nothing,
    invalid_fields_are_rejected,
    opening_units_get_their_serial_number_at_first_use,
);

async fn import(
    fixture: &Fixture,
    input: &ItemInput,
    opening: i64,
) -> services::Result<UpsertResult> {
    let input = input.clone();
    let run = move |tx: &mut db::Tx<'_>| {
        let actor = users::system_actor(tx)?;
        let expected = compare_for_import(tx.conn(), &input, opening)?;
        let done = upsert_for_import(tx, &actor, &input, opening)?;
        let unchanged = done == UpsertOutcome::Unchanged;
        assert_eq!(unchanged, expected == UpsertResult::Unchanged, "as a dry run says");
        Ok::<_, Error>(expected)
    };
    fixture.app.db.write(run).await
}

async fn by_code(fixture: &Fixture, code: &str) -> Item {
    let mut page: Page<Item> = fixture.admin.get(&format!("/inventory?q={code}")).await;
    page.items.remove(0)
}

async fn importing_twice_changes_nothing(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let input = item_input("ROS-1", ItemUnit::Pieces, false, 60);
    assert_eq!(import(&fixture, &input, 220).await.unwrap(), UpsertResult::Created);
    assert_eq!(import(&fixture, &input, 220).await.unwrap(), UpsertResult::Unchanged);
    let dearer = ItemInput { price: Rupiah(9_000), ..input };
    assert_eq!(import(&fixture, &dearer, 500).await.unwrap(), UpsertResult::Updated);
    let item = by_code(&fixture, "ROS-1").await;
    assert_eq!((item.on_hand, item.price, item.version), (Some(220), Some(Rupiah(9_000)), 2));
    assert!(fixture.messages("low_stock").await.is_empty());
    fixture.assert_ledger_sound().await;
}

async fn invalid_fields_are_rejected(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let input = item_input("ROS-1", ItemUnit::Pieces, false, 60);
    import(&fixture, &input, 5).await.unwrap();
    for (input, opening, field, code) in [
        (ItemInput { serialized: true, ..input.clone() }, 0, "serialized", E::ItemInUse),
        (ItemInput { code: "BARU".into(), ..input.clone() }, -5, "opening_stock", E::OutOfRange),
        (ItemInput { code: "A B".into(), ..input.clone() }, 1, "code", E::InvalidCode),
    ] {
        let Err(Error::Refused(refusal)) = import(&fixture, &input, opening).await else {
            panic!()
        };
        assert_eq!((refusal.faults[0].field.as_str(), refusal.faults[0].code), (field, code));
    }
    fixture.assert_ledger_sound().await;
}

async fn opening_units_get_their_serial_number_at_first_use(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let input = item_input("OPM", ItemUnit::Pieces, true, 0);
    import(&fixture, &input, 2).await.unwrap();
    let opm: ItemId = by_code(&fixture, "OPM").await.id;
    assert_eq!(fixture.unit_of(opm, "OPM-AWAL-0002").await.state, UnitState::InStock);
    let issued =
        first_movement(fixture.issue(&fixture.siti, vec![serial_line(opm, &["JDSU-77"])]).await);
    assert_eq!(issued.serial_numbers, ["JDSU-77"]);
    fixture.issue(&fixture.siti, vec![serial_line(opm, &["OPM-AWAL-0002"])]).await.unwrap();
    let job = fixture.job_for(&fixture.siti).await.id;
    fixture.consume(&fixture.siti.client, job, vec![serial_line(opm, &["JDSU-78"])]).await.unwrap();
    assert_eq!(fixture.unit_of(opm, "JDSU-78").await.state, UnitState::Installed);
    let unknown =
        fixture.consume(&fixture.siti.client, job, vec![serial_line(opm, &["JDSU-79"])]).await;
    assert_eq!(
        error_code(unknown),
        E::UnitNotAvailable,
        "only provisional units take a new number"
    );
    fixture.assert_ledger_sound().await;
}
