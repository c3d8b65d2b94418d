//! Import report and row faults.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::import::{ImportReport, RowProblem};
use shared::{ErrorCode, Lang, Localized};

use super::cell_parser::{mask_identity_number, mask_identity_numbers, truncate};
use super::columns::Columns;
use super::request::ImportRequest;

/// Maximum number of faults listed in a report; `rejected` counts all rows.
pub const MAX_PROBLEMS: usize = 10_000;

/// A fault of a row, not yet rendered in a language.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFault {
    line: i64,
    column: String,
    value: String,
    code: ErrorCode,
    param: Option<FaultParam>,
}

/// What the message of a fault names.
#[derive(Debug, Clone, PartialEq)]
enum FaultParam {
    Text(String),
    /// The accepted words, in the language of the report.
    Accepted(Localized),
}

/// A text of a row as the report shows it.
fn shown(value: &str) -> String {
    mask_identity_numbers(&truncate(value))
}

impl RowFault {
    /// A fault in the column of this field.
    pub fn new(line: i64, columns: &Columns, field: &str, value: &str, code: ErrorCode) -> Self {
        let value = if field == "nik" { mask_identity_number(value) } else { truncate(value) };
        Self { line, column: columns.heading(field).to_owned(), value, code, param: None }
    }

    /// A fault outside the columns of the heading.
    pub fn overflow(line: i64, value: &str) -> Self {
        let code = ErrorCode::TooManyCells;
        Self { line, column: String::new(), value: shown(value), code, param: None }
    }

    /// A row that is no data.
    pub fn not_a_record(line: i64, value: &str) -> Self {
        let code = ErrorCode::NotARecord;
        Self { line, column: String::new(), value: shown(value), code, param: None }
    }

    /// A row in which a quotation mark is never closed.
    pub fn unclosed_quote(line: i64, value: &str) -> Self {
        let code = ErrorCode::UnclosedQuote;
        Self { line, column: String::new(), value: shown(value), code, param: None }
    }

    /// Sets the parameter of the message.
    pub fn with_param(self, param: Option<impl ToString>) -> Self {
        Self { param: param.map(|param| FaultParam::Text(param.to_string())), ..self }
    }

    /// Sets the words that the column accepts.
    pub fn with_accepted(self, words: Localized) -> Self {
        Self { param: Some(FaultParam::Accepted(words)), ..self }
    }

    /// The fault in words.
    pub fn render(&self, lang: Lang) -> RowProblem {
        let param = self.param.as_ref().map(|param| match param {
            FaultParam::Text(text) => text.as_str(),
            FaultParam::Accepted(words) => words.in_lang(lang),
        });
        RowProblem {
            line: self.line,
            column: self.column.clone(),
            value: self.value.clone(),
            code: self.code,
            message: self.code.message(lang, param),
        }
    }
}

/// Numbers of rows created, updated and left unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImportCounts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
}

impl ImportCounts {
    /// Adds the counts of a batch.
    pub fn plus(self, piece: Self) -> Self {
        Self {
            created: self.created + piece.created,
            updated: self.updated + piece.updated,
            unchanged: self.unchanged + piece.unchanged,
        }
    }

    /// Whether anything was, or would be, written.
    pub fn changes(self) -> bool {
        self.created + self.updated > 0
    }
}

/// The faults so far by line, and the rows that are no data.
#[derive(Debug)]
pub struct RowFaults {
    faults: Vec<RowFault>,
    warnings: Vec<RowFault>,
    skipped: i64,
    /// Maximum number of faults and of warnings.
    limit: usize,
}

impl Default for RowFaults {
    fn default() -> Self {
        Self::with_limit(MAX_PROBLEMS)
    }
}

impl RowFaults {
    /// With another limit on the number of faults.
    pub fn with_limit(limit: usize) -> Self {
        Self { faults: Vec::new(), warnings: Vec::new(), skipped: 0, limit }
    }

    /// Adds the faults of the next batch.
    pub fn extend(&mut self, mut of_piece: Vec<RowFault>) {
        of_piece.sort_by_key(|fault| fault.line);
        let left = self.limit - self.faults.len();
        self.skipped = self.skipped_with(&of_piece);
        self.faults.extend(of_piece.into_iter().take(left));
    }

    /// Number of rows that are no data, those of these faults included.
    pub fn skipped_with(&self, of_piece: &[RowFault]) -> i64 {
        let skipped = of_piece.iter().filter(|fault| fault.code == ErrorCode::NotARecord);
        self.skipped + skipped.count() as i64
    }

    /// The faults of each rejected row, by its line.
    pub fn of_rejected_rows(&self) -> BTreeMap<i64, Vec<&RowFault>> {
        let mut rows: BTreeMap<i64, Vec<&RowFault>> = BTreeMap::new();
        for fault in self.faults.iter().filter(|fault| fault.code != ErrorCode::NotARecord) {
            rows.entry(fault.line).or_default().push(fault);
        }
        rows
    }

    /// Adds values that are left out of imported rows.
    pub fn warn(&mut self, warnings: Vec<RowFault>) {
        let left = self.limit - self.warnings.len();
        self.warnings.extend(warnings.into_iter().take(left));
    }

    /// Builds the report.
    pub fn report(
        &self,
        rows: usize,
        tally: ImportCounts,
        columns: &Columns,
        order: &ImportRequest,
    ) -> ImportReport {
        let ImportCounts { created, updated, unchanged } = tally;
        let rows = rows as i64;
        ImportReport {
            id: None,
            dry_run: order.dry_run,
            rows,
            created,
            updated,
            unchanged,
            rejected: rows - created - updated - unchanged - self.skipped,
            skipped: self.skipped,
            other_sheets: Vec::new(),
            ignored_columns: columns.ignored.clone(),
            unknown_values: Vec::new(),
            problems: self.faults.iter().map(|fault| fault.render(order.lang)).collect(),
            warnings: self.warnings.iter().map(|fault| fault.render(order.lang)).collect(),
            preview: None,
        }
    }
}

/// Maximum size of a report that is stored for repeated requests.
const MAX_STORED_BYTES: usize = 64 * 1024;

/// The report as stored for repeated requests: with as many problems as fit.
pub fn stored_body(report: &ImportReport) -> String {
    let mut kept = ImportReport { preview: None, warnings: Vec::new(), ..report.clone() };
    loop {
        let body = serde_json::to_string(&kept).unwrap_or_default();
        if body.len() <= MAX_STORED_BYTES || kept.problems.is_empty() {
            return body;
        }
        kept.problems.truncate(
            kept.problems.len() * MAX_STORED_BYTES / (body.len() + MAX_STORED_BYTES / 64),
        );
    }
}

#[cfg(test)]
mod tests {
    use shared::import::ImportMapping;

    use super::*;
    use crate::import::customer_columns;
    use crate::spreadsheet::Sheet;

    #[test]
    fn reports_and_their_stored_form_are_bounded() {
        let heading = Sheet::with_heading(&["nama", "hp", "alamat"]);
        let mapping = ImportMapping::default();
        let columns = Columns::map(&heading, customer_columns::COLUMNS, &mapping).unwrap();
        let mut faults = RowFaults::default();
        for line in 0..MAX_PROBLEMS as i64 + 100 {
            faults.extend(vec![RowFault::overflow(line, &"x".repeat(100))]);
        }
        let order = ImportRequest {
            file_name: "a".into(),
            lang: Lang::Id,
            mapping: ImportMapping::default(),
            dry_run: false,
            replace_customers: false,
            request: None,
        };
        let report = faults.report(200_000, ImportCounts::default(), &columns, &order);
        assert_eq!((report.problems.len(), report.rejected), (MAX_PROBLEMS, 200_000));
        let body = stored_body(&report);
        assert!((MAX_STORED_BYTES / 2..=MAX_STORED_BYTES).contains(&body.len()), "{}", body.len());
        let again: ImportReport = serde_json::from_str(&body).unwrap();
        assert_eq!(again.rejected, 200_000);
        assert_eq!(again.problems[..], report.problems[..again.problems.len()]);
    }
}
