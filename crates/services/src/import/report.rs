//! What an import says about a file.

use serde::Serialize;
use shared::import::{ImportReport, RowProblem};
use shared::{ErrorCode, Lang};

use super::cells::{hidden, shortened};
use super::columns::Columns;

/// Most problems that a report lists; `rejected` counts all rows all the same.
pub const MAX_PROBLEMS: usize = 10_000;

/// A problem of a row, before it is put into words.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    line: i64,
    column: String,
    value: String,
    code: ErrorCode,
    param: Option<String>,
}

impl Fault {
    /// A problem with what stands in the column of this field.
    pub fn new(line: i64, columns: &Columns, field: &str, value: &str, code: ErrorCode) -> Self {
        let value = if field == "nik" { hidden(value) } else { shortened(value) };
        Self { line, column: columns.heading(field).to_owned(), value, code, param: None }
    }

    /// A problem outside the columns of the heading.
    pub fn beyond(line: i64, value: &str) -> Self {
        let code = ErrorCode::TooManyCells;
        Self { line, column: String::new(), value: shortened(value), code, param: None }
    }

    /// With what fills the gap of the message.
    pub fn with(self, param: Option<impl ToString>) -> Self {
        Self { param: param.map(|param| param.to_string()), ..self }
    }

    fn render(&self, lang: Lang) -> RowProblem {
        RowProblem {
            line: self.line,
            column: self.column.clone(),
            value: self.value.clone(),
            code: self.code,
            message: self.code.message(lang, self.param.as_deref()),
        }
    }
}

/// A checked file: what can be written, and what can not.
#[derive(Debug)]
pub struct Checked<R> {
    pub(super) rows: Vec<R>,
    pub(super) faults: Vec<Fault>,
    pub(super) total: i64,
    pub(super) columns: Columns,
}

/// What was, or would be, done with the good rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
}

impl<R> Checked<R> {
    /// The report; `late` are the problems that only the database could tell.
    pub(super) fn report(
        &self,
        late: Vec<Fault>,
        tally: Tally,
        dry_run: bool,
        lang: Lang,
    ) -> ImportReport {
        let mut faults: Vec<&Fault> = self.faults.iter().chain(&late).collect();
        faults.sort_by_key(|fault| fault.line);
        let Tally { created, updated, unchanged } = tally;
        ImportReport {
            dry_run,
            rows: self.total,
            created,
            updated,
            unchanged,
            rejected: self.total - created - updated - unchanged,
            ignored_columns: self.columns.ignored.clone(),
            problems: faults.iter().take(MAX_PROBLEMS).map(|fault| fault.render(lang)).collect(),
        }
    }
}
