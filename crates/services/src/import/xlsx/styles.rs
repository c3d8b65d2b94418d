//! Cell styles: which of them format a number as a date.

use std::collections::HashSet;

use quick_xml::events::Event;

use super::package::Package;
use super::workbook::Workbook;
use super::xml::attribute;
use crate::error::Result;
use crate::spreadsheet::too_large;

/// Maximum styles of a workbook; Excel allows 65,490.
const MAX_STYLES: usize = 100_000;

/// For each cell style, whether it formats a date.
#[derive(Debug, Default)]
pub struct Styles(Vec<bool>);

impl Styles {
    /// Whether cells with this style show a date.
    pub fn is_date(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or(false)
    }
}

/// Reads the styles.
pub fn read(package: &mut Package<'_>, workbook: &Workbook) -> Result<Styles> {
    let mut styles = Styles::default();
    let Some(name) = &workbook.styles else { return Ok(styles) };
    let Some(mut xml) = package.part(name)? else { return Ok(styles) };
    // Custom formats by whether they show a date; they may also override built-in ones.
    let (mut dates, mut others) = (HashSet::new(), HashSet::new());
    let mut of_cells = false;
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId")?.and_then(|id| id.parse::<u32>().ok());
                    let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                    let kind = if is_date_format(&code) { &mut dates } else { &mut others };
                    kind.extend(id);
                }
                "cellXfs" => of_cells = true,
                "xf" if of_cells => {
                    let format = attribute(&tag, "numFmtId")?.and_then(|id| id.parse().ok());
                    let built_in = |id: u32| {
                        matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58) && !others.contains(&id)
                    };
                    let is_date = |id: u32| dates.contains(&id) || built_in(id);
                    styles.0.push(format.is_some_and(is_date));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => of_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.0.len().max(dates.len()).max(others.len()) > MAX_STYLES {
            return Err(too_large(format!("{MAX_STYLES} × styles")));
        }
    }
}

/// Whether a number format contains a date or time part outside of its literals.
fn is_date_format(format: &str) -> bool {
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            // The next character is a literal, a space or a fill.
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.by_ref().find(|&letter| letter == '"')),
            '[' => {
                let inside: String = letters.by_ref().take_while(|&letter| letter != ']').collect();
                let plain = inside.to_ascii_lowercase();
                let elapsed = |of: char| !plain.is_empty() && plain.chars().all(|it| it == of);
                if ['h', 'm', 's'].into_iter().any(elapsed) {
                    return true;
                }
            }
            // Only the section for positive numbers counts.
            ';' => return false,
            'd' | 'm' | 'y' | 'h' | 's' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_date_format;

    #[test]
    fn date_formats_are_recognised() {
        for format in
            ["yyyy-mm-dd", "[$-421]dd mmmm yyyy;@", "h:mm AM/PM", "[hh]:mm", "\"Tgl \"d/m"]
        {
            assert!(is_date_format(format), "{format}");
        }
        for format in ["General", "0.00", "\"Rp\"#,##0", "[Red]0", "0_d", "#,##0;[h]0", "\\d0", "@"]
        {
            assert!(!is_date_format(format), "{format}");
        }
    }
}
