use super::*;
use crate::import::{customer_columns, item_columns};

fn map(headings: &[&str], mapping: &ImportMapping) -> Result<Columns> {
    Columns::map(&Sheet::with_heading(headings), customer_columns::COLUMNS, mapping)
}

fn faults(refused: Result<impl std::fmt::Debug>) -> Vec<FieldFault> {
    match refused.unwrap_err() {
        crate::Error::Refused(refusal) => refusal.faults,
        other => panic!("{other}"),
    }
}

#[test]
fn headings_of_both_languages_mean_the_same() {
    let id = ["NO. PELANGGAN", "Nama", "No HP", "Alamat", "Lintang", "Bujur", "Paket"];
    let en = ["number", "Name", "phone", "Address", "LATITUDE", "longitude", "plan"];
    for headings in [id, en] {
        let columns = map(&headings, &ImportMapping::default()).unwrap();
        columns.check_complete().unwrap();
        let found: Vec<_> =
            columns.found.iter().map(|(field, column)| (*field, column.index)).collect();
        let order = ["number", "name", "phone", "address", "latitude", "longitude", "plan"];
        let expected: Vec<_> = order.into_iter().enumerate().map(|(i, f)| (f, i)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn duplicate_and_unknown_headings_are_left_out() {
    let headings = ["nama", "Nomor Telepon", "Telp.", "alamat", "Warna rumah", "", "Telp."];
    let columns = map(&headings, &ImportMapping::default()).unwrap();
    assert_eq!(columns.heading("phone"), "Nomor Telepon");
    assert_eq!(columns.ignored, ["Telp.", "Warna rumah", "Telp. (2)"]);
}

#[test]
fn a_missing_required_column_is_reported() {
    let columns = map(&["nama", "alamat"], &ImportMapping::default()).unwrap();
    let missing = FieldFault::new("No HP", ErrorCode::MissingColumn);
    assert_eq!(faults(columns.check_complete()), [missing]);
}

#[test]
fn a_mapping_is_stronger_than_the_headings() {
    let mapping: ImportMapping = serde_json::from_str(
        r#"{"columns": {"Orang": {"field": "name"}, "Nama": "note", "Ket": "leave_out"}}"#,
    )
    .unwrap();
    let columns = map(&["Orang", "Nama", "HP", "Alamat", "Ket"], &mapping).unwrap();
    columns.check_complete().unwrap();
    assert_eq!(columns.heading("name"), "Orang");
    assert_eq!(columns.notes[0].heading, "Nama");
    assert_eq!(columns.ignored, ["Ket"]);
}

#[test]
fn a_mapping_that_fits_neither_file_nor_fields_is_refused() {
    let mapping: ImportMapping = serde_json::from_str(
        r#"{"columns": {"A": {"field": "name"}, "B": {"field": "name"}, "C": {"field": "umur"},
            "D": "note"}}"#,
    )
    .unwrap();
    let found: Vec<_> = faults(map(&["A", "B", "C"], &mapping))
        .into_iter()
        .map(|fault| (fault.field, fault.code))
        .collect();
    let place = |heading: &str| format!("mapping.columns[{heading}]");
    assert_eq!(
        found,
        [
            (place("B"), ErrorCode::TooMany),
            (place("C"), ErrorCode::NotOneOf),
            (place("D"), ErrorCode::UnknownReference),
        ]
    );
}

#[test]
fn no_two_fields_share_a_heading_and_every_label_is_one() {
    for specs in [customer_columns::COLUMNS, item_columns::COLUMNS] {
        let mut all: Vec<String> = specs
            .iter()
            .flat_map(|spec| spec.headings)
            .map(|name| normalize_heading(name))
            .collect();
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
        for spec in specs {
            let english = field_of_heading(spec.english, specs).map(|found| found.field);
            assert_eq!(english, Some(spec.field), "{}", spec.english);
        }
    }
}

#[test]
fn columns_have_the_letters_of_a_spreadsheet() {
    let letters = [0, 25, 26, 51, 52, 701, 702].map(column_letters);
    assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}
