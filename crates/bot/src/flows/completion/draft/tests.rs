use super::*;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::inventory::{ItemUnit, Line};

fn bag() -> Vec<JobStockItem> {
    let ont = TechnicianStockItem {
        item_id: ItemId(1),
        name: "Modem ONT".into(),
        unit: ItemUnit::Pieces,
        serialized: true,
        quantity: 2,
        serial_numbers: vec!["ZTEG0001".into(), "ZTEG0002".into()],
    };
    let cable = TechnicianStockItem {
        item_id: ItemId(2),
        name: "Kabel dropcore".into(),
        unit: ItemUnit::Metre,
        serialized: false,
        quantity: 60,
        serial_numbers: Vec::new(),
    };
    vec![JobStockItem { stock: ont, for_job: 1 }, JobStockItem { stock: cable, for_job: 50 }]
}

fn evidence() -> CompletionRequirements {
    CompletionRequirements {
        needs_ont_serial_number: true,
        needs_attenuation: true,
        min_photos: 1,
        photos: Vec::new(),
    }
}

#[test]
fn parts_are_asked_for_in_order() {
    let mut draft = ReportDraft::new(JobId(1), &bag());
    let mut evidence = evidence();
    assert_eq!(draft.next_part(&evidence), ReportPart::Report);
    draft.report = Some("Beres".into());
    assert_eq!(draft.next_part(&evidence), ReportPart::Photos);
    evidence.photos.push((PhotoKind::After, 1));
    assert_eq!(draft.next_part(&evidence), ReportPart::Serial);
    draft.serial = Some("ZTEG0001".into());
    assert_eq!(draft.next_part(&evidence), ReportPart::Attenuation);
    draft.attenuation = Some(-21.5);
    assert_eq!(draft.next_part(&evidence), ReportPart::Material);
    draft.material_checked = true;
    assert_eq!(draft.next_part(&evidence), ReportPart::Summary);
}

#[test]
fn material_issued_for_the_job_counts_as_used() {
    let draft = ReportDraft::new(JobId(1), &bag());
    let ont =
        Line { item_id: ItemId(1), quantity: 1, serial_numbers: Some(vec!["ZTEG0001".into()]) };
    let cable = Line { item_id: ItemId(2), quantity: 50, serial_numbers: None };
    assert_eq!(draft.used.to_lines(), [ont, cable]);
}

#[test]
fn another_modem_replaces_the_issued_one() {
    let mut draft = ReportDraft::new(JobId(1), &bag());
    draft.set_serial("ZTEG0002".into(), &bag());
    assert_eq!(draft.used.to_lines()[0].serial_numbers, Some(vec!["ZTEG0002".to_owned()]));
    draft.set_serial("ZTEG0001".into(), &bag());
    assert_eq!(draft.used.to_lines()[0].serial_numbers, Some(vec!["ZTEG0001".to_owned()]));
    draft.set_serial("LAIN12345".into(), &bag());
    assert_eq!(draft.used.to_lines()[0].serial_numbers, Some(vec!["ZTEG0001".to_owned()]));
}

#[test]
fn a_scanned_serial_in_the_bag_is_offered_first() {
    let mut draft = ReportDraft::new(JobId(1), &bag());
    draft.found = vec!["ASING123".into(), "ZTEG0002".into()];
    let all = draft.serial_candidates(&bag());
    assert_eq!(all, ["ZTEG0002", "ZTEG0001", "ASING123"]);
}

#[test]
fn material_no_longer_in_the_bag_is_not_used() {
    let mut draft = ReportDraft::new(JobId(1), &bag());
    draft.used.toggle(ItemId(1), "ZTEG0002");
    let mut less = bag();
    less[0].stock.serial_numbers.remove(0);
    draft.retain_available(&less);
    assert_eq!(draft.used.to_lines()[0].serial_numbers, Some(vec!["ZTEG0002".to_owned()]));
}
