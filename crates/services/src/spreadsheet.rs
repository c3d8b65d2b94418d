//! In-memory table: all cell texts in one string, because a string per cell would take ten times
//! the memory.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use shared::ErrorCode;
use shared::import::OtherSheet;
use shared::validate::FieldFault;

use crate::error::{Error, Result};

/// Maximum rows of one file.
pub const MAX_ROWS: usize = 200_000;
/// Further columns are ignored.
pub const MAX_COLUMNS: usize = 256;
/// Maximum bytes of text in all cells.
pub const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;
/// Rows in which the heading is looked for.
const HEADING_ROWS: usize = 30;
/// Maximum cells, counting empty ones before the last filled one of a row.
const MAX_CELLS: usize = 8_000_000;
/// Maximum time to read a file. An unoptimised build is several times slower.
const MAX_READ_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });

/// The moment at which reading a file is aborted.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline for a file that starts to be read now.
    pub fn start() -> Self {
        Self(Instant::now() + MAX_READ_TIME)
    }

    /// Whether the deadline has passed.
    pub fn is_over(self) -> bool {
        Instant::now() > self.0
    }

    /// Fails once the deadline has passed.
    pub fn check(self) -> Result<()> {
        if self.is_over() { Err(too_long()) } else { Ok(()) }
    }
}

/// A table whose heading is the first filled row, until another row is chosen. Empty rows are dropped.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Name of the sheet in a workbook.
    name: Option<String>,
    /// Other sheets of the workbook that hold something.
    other_sheets: Vec<OtherSheet>,
    heading: Vec<String>,
    heading_line: i64,
    /// Line and text of the rows above the heading.
    preamble: Vec<(i64, String)>,
    /// Index in `ends` of the cells that the spreadsheet program holds as a date or time.
    dates: HashSet<u32>,
    /// Lines in which a quotation mark is opened and never closed.
    unclosed_quotes: HashSet<i64>,
    text: String,
    /// End of each cell in `text`; a cell begins where the one before it ends.
    ends: Vec<u32>,
    rows: Vec<RowSpan>,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    line: i64,
    /// Index in `ends` of the first cell, and of the one after the last.
    cells: (u32, u32),
}

/// A row below the heading.
#[derive(Debug, Clone, Copy)]
pub struct SheetRow<'sheet> {
    /// Line number as shown by an editor.
    pub line: i64,
    sheet: &'sheet Sheet,
    cells: (u32, u32),
}

impl<'sheet> SheetRow<'sheet> {
    /// The text of a cell; `None` beyond the last filled one.
    pub fn cell(&self, index: usize) -> Option<&'sheet str> {
        let place = self.cells.0 as usize + index;
        if place >= self.cells.1 as usize {
            return None;
        }
        let start = place.checked_sub(1).map_or(0, |before| self.sheet.ends[before] as usize);
        self.sheet.text.get(start..self.sheet.ends[place] as usize)
    }

    /// Whether the spreadsheet program holds the cell as a date or time.
    pub fn is_date(&self, index: usize) -> bool {
        self.sheet.dates.contains(&(self.cells.0 + to_offset(index)))
    }

    /// Whether a quotation mark is opened in this row and never closed.
    pub fn has_unclosed_quote(&self) -> bool {
        self.sheet.unclosed_quotes.contains(&self.line)
    }

    /// The cells starting with this one.
    pub fn cells_from(&self, index: usize) -> impl Iterator<Item = &'sheet str> {
        let row = *self;
        (index..).map_while(move |index| row.cell(index))
    }
}

impl Sheet {
    /// A table with this heading and no rows.
    #[cfg(test)]
    pub fn with_heading(heading: &[&str]) -> Self {
        let heading = heading.iter().map(|&text| text.to_owned()).collect();
        Self { heading, ..Self::default() }
    }

    /// Appends a row, or the heading if there is none yet. Empty rows are skipped.
    ///
    /// # Errors
    /// `TooMany` (rows), `PayloadTooLarge` (cells or text).
    pub fn push<'cell>(
        &mut self,
        line: i64,
        cells: impl Iterator<Item = &'cell str> + Clone,
    ) -> Result<()> {
        let cells = cells.take(MAX_COLUMNS);
        let filled = |cell: &str| !cell.trim().is_empty();
        let count = cells.clone().enumerate().filter(|(_, cell)| filled(cell)).last();
        let Some((last, _)) = count else { return Ok(()) };
        if self.heading.is_empty() {
            self.heading = cells.map(str::to_owned).collect();
            self.heading_line = line;
            return Ok(());
        }
        if self.rows.len() == MAX_ROWS {
            return Err(fault(ErrorCode::TooMany, Some(MAX_ROWS.to_string())));
        }
        if self.ends.len() + last >= MAX_CELLS {
            return Err(too_large(format!("{MAX_CELLS} × [A1]")));
        }
        let first = self.ends.len();
        for cell in cells.take(last + 1) {
            if self.text.len() + cell.len() > MAX_TEXT_BYTES {
                return Err(too_large(format!("{} MB UTF-8", MAX_TEXT_BYTES / 1024 / 1024)));
            }
            self.text.push_str(cell);
            self.ends.push(to_offset(self.text.len()));
        }
        self.rows.push(RowSpan { line, cells: (to_offset(first), to_offset(self.ends.len())) });
        Ok(())
    }

    /// Appends a row of which some columns hold dates or times, like [`Sheet::push`].
    ///
    /// # Errors
    /// As [`Sheet::push`].
    pub fn push_with_dates<'cell>(
        &mut self,
        line: i64,
        cells: impl Iterator<Item = &'cell str> + Clone,
        dates: &[usize],
    ) -> Result<()> {
        let before = self.rows.len();
        self.push(line, cells)?;
        if let Some(row) = self.rows.get(before) {
            let cells = dates.iter().map(|&column| row.cells.0 + to_offset(column));
            self.dates.extend(cells.filter(|&cell| cell < row.cells.1));
        }
        Ok(())
    }

    /// Marks a line in which a quotation mark is never closed.
    pub fn mark_unclosed_quote(&mut self, line: i64) {
        self.unclosed_quotes.insert(line);
    }

    /// Makes that row the heading which `score` rates highest, the first one of equals, or behind titles the
    /// first one of some width if all are rated zero. The rows above it become the preamble.
    pub fn choose_heading(&mut self, score: impl Fn(&mut dyn Iterator<Item = &str>) -> usize) {
        let mut best = score(&mut self.heading.iter().map(String::as_str));
        let mut chosen = None;
        for (index, row) in self.rows(0, HEADING_ROWS).enumerate() {
            let rating = score(&mut row.cells_from(0));
            if rating > best {
                (best, chosen) = (rating, Some(index));
            }
        }
        let chosen = chosen.or_else(|| if best == 0 { self.first_wide_row() } else { None });
        let Some(chosen) = chosen else { return };
        let texts =
            |row: SheetRow<'_>| -> Vec<String> { row.cells_from(0).map(str::to_owned).collect() };
        let above: Vec<(i64, String)> =
            self.rows(0, chosen).map(|row| (row.line, joined(&texts(row)))).collect();
        let heading = self.rows(chosen, 1).next().map(|row| (row.line, texts(row)));
        self.preamble.push((self.heading_line, joined(&self.heading)));
        self.preamble.extend(above);
        if let Some((line, heading)) = heading {
            (self.heading_line, self.heading) = (line, heading);
        }
        self.rows.drain(..=chosen);
    }

    /// The first row with most of the columns, if the first row of all has few of them: it is a title then.
    fn first_wide_row(&self) -> Option<usize> {
        let filled = |cells: &mut dyn Iterator<Item = &str>| {
            cells.filter(|cell| !cell.trim().is_empty()).count()
        };
        let widths: Vec<usize> =
            self.rows(0, HEADING_ROWS).map(|row| filled(&mut row.cells_from(0))).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        let own = filled(&mut self.heading.iter().map(String::as_str));
        if widest < 2 || own * 2 > widest {
            return None;
        }
        widths.iter().position(|&width| width * 2 > widest)
    }

    /// Makes the heading a row like the others: the table has none.
    pub fn without_heading(&mut self) {
        let cells = std::mem::take(&mut self.heading);
        let last = cells.iter().rposition(|cell| !cell.trim().is_empty());
        let filled = last.map_or(0, |last| last + 1);
        let first = self.ends.len();
        for cell in &cells[..filled] {
            self.text.push_str(cell);
            self.ends.push(to_offset(self.text.len()));
        }
        let row = RowSpan {
            line: self.heading_line,
            cells: (to_offset(first), to_offset(self.ends.len())),
        };
        self.rows.insert(0, row);
        let width = self.rows.iter().map(|row| row.cells.1 - row.cells.0).max().unwrap_or(0);
        self.heading = vec![String::new(); width as usize];
    }

    /// Sets the name of the sheet in its workbook.
    pub fn set_name(&mut self, name: String) {
        self.name = Some(name);
    }

    /// The name of the sheet in its workbook.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Sets the other sheets of the workbook.
    pub fn set_other_sheets(&mut self, others: Vec<OtherSheet>) {
        self.other_sheets = others;
    }

    /// The other visible sheets of the workbook that hold something.
    pub fn other_sheets(&self) -> &[OtherSheet] {
        &self.other_sheets
    }

    /// Line and text of the rows above the heading.
    pub fn preamble(&self) -> &[(i64, String)] {
        &self.preamble
    }

    /// The heading; empty while there is none.
    pub fn heading(&self) -> &[String] {
        &self.heading
    }

    /// Number of rows below the heading.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Up to `count` rows below the heading, starting with this one.
    pub fn rows(&self, from: usize, count: usize) -> impl Iterator<Item = SheetRow<'_>> {
        let row = |place: &RowSpan| SheetRow { line: place.line, sheet: self, cells: place.cells };
        self.rows.iter().skip(from).take(count).map(row)
    }
}

fn joined(cells: &[String]) -> String {
    let filled: Vec<&str> = cells.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
    filled.join(" ")
}

/// Always fits, because texts and cells are limited by [`MAX_TEXT_BYTES`] and [`MAX_CELLS`].
fn to_offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn fault(code: ErrorCode, param: Option<String>) -> Error {
    vec![FieldFault { field: "file".into(), code, param }].into()
}

/// Error for a file that is neither CSV nor XLSX.
pub fn unsupported() -> Error {
    Error::refuse_with(ErrorCode::UnsupportedMediaType, "CSV, XLSX")
}

/// Error for a damaged file; `why` is the parser's message.
pub fn unreadable(why: impl ToString) -> Error {
    let why: String = why.to_string().chars().take(200).collect();
    fault(ErrorCode::UnreadableFile, Some(why))
}

/// Error for a file that exceeds a limit.
pub fn too_large(limit: impl ToString) -> Error {
    Error::refuse_with(ErrorCode::PayloadTooLarge, limit)
}

/// Error for a file that takes too long to read.
pub fn too_long() -> Error {
    too_large(format!("{} s", MAX_READ_TIME.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_without_trailing_empty_cells() {
        let mut sheet = Sheet::default();
        sheet.push(1, ["", " "].into_iter()).unwrap();
        sheet.push(2, ["a", "", "c", ""].into_iter()).unwrap();
        sheet.push(3, ["", "zwei", "", " "].into_iter()).unwrap();
        sheet.push(4, [""; 3].into_iter()).unwrap();
        sheet.push(9, ["é"].into_iter()).unwrap();
        assert_eq!(sheet.heading(), ["a", "", "c", ""]);
        let rows: Vec<(i64, Vec<&str>)> =
            sheet.rows(0, 9).map(|row| (row.line, row.cells_from(0).collect())).collect();
        assert_eq!(rows, [(3, vec!["", "zwei"]), (9, vec!["é"])]);
        assert_eq!(sheet.rows(1, 1).next().unwrap().cell(1), None);
    }

    #[test]
    fn a_table_without_heading_keeps_its_first_row() {
        let mut sheet = Sheet::default();
        sheet.push(2, ["Siti", "0812", ""].into_iter()).unwrap();
        sheet.push(3, ["Budi", "", "Jl. A"].into_iter()).unwrap();
        sheet.without_heading();
        assert_eq!(sheet.heading(), ["", "", ""]);
        let rows: Vec<(i64, Vec<&str>)> =
            sheet.rows(0, 9).map(|row| (row.line, row.cells_from(0).collect())).collect();
        assert_eq!(rows, [(2, vec!["Siti", "0812"]), (3, vec!["Budi", "", "Jl. A"])]);
    }

    #[test]
    fn rows_cells_and_text_are_bounded() {
        let full = |cells: usize, rows: usize| Sheet {
            ends: vec![0; cells],
            rows: vec![RowSpan { line: 2, cells: (0, 0) }; rows],
            ..Sheet::with_heading(&["a"])
        };
        let one = || ["x"].into_iter();
        assert!(full(0, MAX_ROWS - 1).push(2, one()).is_ok());
        assert!(full(0, MAX_ROWS).push(2, one()).is_err());
        let wide = [""; MAX_COLUMNS - 1].into_iter().chain(["x"]);
        assert!(full(MAX_CELLS - MAX_COLUMNS, 0).push(2, wide.clone()).is_ok());
        assert!(full(MAX_CELLS - MAX_COLUMNS + 1, 0).push(2, wide).is_err());
        let mut sheet = full(0, 0);
        let long = "x".repeat(MAX_TEXT_BYTES / 4);
        let fitting = (0..9).take_while(|_| sheet.push(2, [long.as_str()].into_iter()).is_ok());
        assert_eq!(fitting.count(), 4);
    }
}
