//! CSV export of the audit.

use std::borrow::Cow;

use db::tables::audit::AuditRow;

use crate::error::{Error, Result};

/// The header line, after a byte-order mark that makes spreadsheets read UTF-8. Columns are
/// separated by semicolons, which Indonesian spreadsheets expect.
pub const CSV_HEADER: &str = "\u{feff}id;at;actor_id;actor_name;action;entity;entity_id;before;after;\
                            ip;request_id\r\n";

/// Formats entries as CSV lines.
pub fn csv_rows(rows: &[AuditRow]) -> Result<Vec<u8>> {
    let failed = |error: String| Error::Internal(format!("audit export: {error}"));
    let mut lines = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        let cells = [
            Some(row.id.to_string()),
            Some(row.at.and_utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
            number(row.actor_id.map(|id| id.0)),
            Some(row.actor_name.clone()),
            Some(row.action.clone()),
            Some(row.entity.clone()),
            number(row.entity_id),
            row.before.clone(),
            row.after.clone(),
            row.ip.clone(),
            row.request_id.clone(),
        ];
        let cells = cells.iter().map(|cell| escape_formula(cell.as_deref().unwrap_or_default()));
        lines
            .write_record(cells.map(|cell| cell.into_owned()))
            .map_err(|error| failed(error.to_string()))?;
    }
    lines.into_inner().map_err(|error| failed(error.to_string()))
}

/// Prefixes cells that a spreadsheet would execute as a formula (CSV injection).
fn escape_formula(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_look_like_formulas_are_escaped() {
        for text in ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(escape_formula(text), format!("'{text}"));
        }
        assert_eq!(escape_formula("Siti = Rahayu"), "Siti = Rahayu");
    }

    #[test]
    fn a_csv_reader_restores_the_row() {
        let row = AuditRow {
            id: 1,
            at: chrono::NaiveDateTime::default(),
            actor_id: None,
            actor_name: "=HYPERLINK(\"x\"); \"Siti\"\r\nRahayu".into(),
            action: "plan.create".into(),
            entity: "plan".into(),
            entity_id: Some(4),
            before: None,
            after: Some("{\"a\":\"b;c\"}".into()),
            ip: Some("10.0.0.1".into()),
            request_id: None,
            key_id: 1,
            mac: Vec::new(),
        };
        let text = [CSV_HEADER.as_bytes(), &csv_rows(&[row]).unwrap()].concat();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_slice());
        assert_eq!(reader.headers().unwrap().len(), 11);
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[3], "'=HYPERLINK(\"x\"); \"Siti\"\r\nRahayu");
        assert_eq!((&record[1], &record[8]), ("1970-01-01T00:00:00.000000Z", "{\"a\":\"b;c\"}"));
    }
}
