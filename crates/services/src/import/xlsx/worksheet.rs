//! Cells of a worksheet.

use std::io::BufRead;

use chrono::{Days, NaiveDate};
use quick_xml::events::Event;

use super::shared_strings::SharedStrings;
use super::styles::Styles;
use super::text;
use super::xml::{Xml, attribute};
use crate::error::Result;
use crate::spreadsheet::{MAX_COLUMNS, Sheet, unreadable};

/// Rows that a sheet can have.
const LAST_ROW: u32 = 1_048_576;

/// What cell values refer to.
pub struct Context<'book> {
    pub strings: &'book SharedStrings,
    pub styles: &'book Styles,
    /// Dates count from 1904.
    pub from_1904: bool,
}

/// Reads a sheet. The dimensions that it declares are ignored.
pub fn read<R: BufRead>(xml: &mut Xml<R>, context: &Context<'_>) -> Result<Sheet> {
    let mut rows = Rows::default();
    let mut at = CellPosition { row: 0, column: 0 };
    let mut text = String::new();
    loop {
        let cell = match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    let row = attribute(&tag, "r")?.and_then(|row| row.parse::<u32>().ok());
                    at = CellPosition {
                        row: row.map_or(at.row + 1, |row| row.min(LAST_ROW)),
                        column: 0,
                    };
                    None
                }
                "c" => {
                    let named = attribute(&tag, "r")?.map(|name| CellPosition::parse(&name));
                    at = named.unwrap_or(Some(at)).ok_or_else(|| unreadable("<c r>"))?;
                    let style = attribute(&tag, "s")?.and_then(|style| style.parse().ok());
                    let kind = attribute(&tag, "t")?.unwrap_or_default();
                    Some((kind, style.unwrap_or(0)))
                }
                _ => None,
            },
            Event::End(tag) if tag.local_name().as_ref() == "sheetData" => break,
            Event::Eof => break,
            _ => None,
        };
        if let Some((kind, style)) = cell {
            read_value(xml, context, &kind, style, &mut text)?;
            let number = matches!(kind.as_str(), "" | "n" | "d");
            rows.set_cell(at, &text, number && context.styles.is_date(style))?;
            at.column += 1;
        }
    }
    rows.finish()
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct CellPosition {
    /// Counted from one.
    row: u32,
    column: usize,
}

impl CellPosition {
    /// Parses a reference like `B7`.
    fn parse(name: &str) -> Option<Self> {
        let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (column, row) = name.split_at(letters);
        if letters == 0 || letters > 3 {
            return None;
        }
        let value = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        let column = column.bytes().fold(0, |column, letter| column * 26 + value(letter)) - 1;
        let row = row.parse().ok().filter(|row| (1..=LAST_ROW).contains(row))?;
        Some(Self { row, column })
    }
}

/// The row being filled, and the rows before it.
#[derive(Default)]
struct Rows {
    sheet: Sheet,
    line: u32,
    cells: Vec<String>,
    /// How many of `cells` belong to the row.
    used: usize,
    /// Columns of the row that hold dates or times.
    dates: Vec<usize>,
}

impl Rows {
    fn set_cell(&mut self, at: CellPosition, text: &str, is_date: bool) -> Result<()> {
        if text.is_empty() || at.column >= MAX_COLUMNS {
            return Ok(());
        }
        if at.row != self.line {
            self.end_row()?;
            self.line = at.row;
        }
        while self.used <= at.column {
            match self.cells.get_mut(self.used) {
                Some(cell) => cell.clear(),
                None => self.cells.push(String::new()),
            }
            self.used += 1;
        }
        self.cells[at.column].replace_range(.., text);
        if is_date {
            self.dates.push(at.column);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        let cells = self.cells[..self.used].iter().map(String::as_str);
        self.sheet.push_with_dates(i64::from(self.line), cells, &self.dates)?;
        self.used = 0;
        self.dates.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet> {
        self.end_row()?;
        Ok(self.sheet)
    }
}

/// Reads the cell that was just opened, up to its end, formatted as a person would type it:
/// integers without a fraction, dates as year-month-day, and in scientific notation what the program has
/// rounded.
fn read_value<R: BufRead>(
    xml: &mut Xml<R>,
    context: &Context<'_>,
    kind: &str,
    style: usize,
    into: &mut String,
) -> Result<()> {
    into.clear();
    loop {
        let (value, inline) = match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "v" => (true, false),
                "is" => (false, true),
                _ => (false, false),
            },
            Event::End(tag) if tag.local_name().as_ref() == "c" => return Ok(()),
            Event::Eof => return Err(unreadable("XML: <c>")),
            _ => (false, false),
        };
        if inline {
            text::read_runs(xml, "is", into)?;
        }
        if value {
            into.clear();
            text::read_content(xml, "v", into)?;
            match kind {
                "s" => {
                    let index = into.trim().parse().ok();
                    let string = index.and_then(|index| context.strings.get(index));
                    let string = string.ok_or_else(|| unreadable("sharedStrings"))?;
                    into.replace_range(.., string);
                }
                // As it is shown.
                "b" => *into = if into.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
                "" | "n" => {
                    if let Ok(number) = into.trim().parse::<f64>() {
                        *into =
                            format_value(number, context.styles.is_date(style), context.from_1904);
                    }
                }
                _ => {}
            }
        }
    }
}

fn format_value(number: f64, is_date: bool, from_1904: bool) -> String {
    match is_date.then(|| date(number, from_1904)).flatten() {
        Some(date) => date.format("%Y-%m-%d").to_string(),
        // The program has rounded the number to 15 digits.
        None if number.abs() >= 1e15 => format!("{number:E}"),
        None => number.to_string(),
    }
}

/// The date with this serial number. The 1900 calendar contains a non-existent 29 February 1900.
fn date(number: f64, from_1904: bool) -> Option<NaiveDate> {
    let day = (0.0..3_000_000.0).contains(&number).then_some(number as u64)?;
    let (year, month, first) = match from_1904 {
        true => (1904, 1, 1),
        false if day < 60 => (1899, 12, 31),
        false => (1899, 12, 30),
    };
    NaiveDate::from_ymd_opt(year, month, first)?.checked_add_days(Days::new(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cell_positions_are_parsed_within_the_sheet_limits() {
        assert_eq!(CellPosition::parse("A1"), Some(CellPosition { row: 1, column: 0 }));
        assert_eq!(
            CellPosition::parse("xfd1048576"),
            Some(CellPosition { row: LAST_ROW, column: 16_383 })
        );
        for name in ["", "1", "A", "A0", "A1048577", "AAAA1", "A-1", "A1B"] {
            assert_eq!(CellPosition::parse(name), None, "{name}");
        }
    }

    #[test]
    fn numbers_are_formatted_as_typed() {
        assert_eq!(format_value(6_281_234_567_890.0, false, false), "6281234567890");
        assert_eq!(format_value(-7.71, false, false), "-7.71");
        assert_eq!(format_value(46_349.5, true, false), "2026-11-23");
        assert_eq!(format_value(44_887.0, true, true), "2026-11-23");
        assert_eq!(format_value(1.0, true, false), "1900-01-01");
        assert_eq!(format_value(1e300, true, false), "1E300");
        assert_eq!(format_value(3_404_011_212_900_010.0, false, false), "3.40401121290001E15");
    }
}
