//! Shared strings: texts that cells refer to by number.

use quick_xml::events::Event;

use super::package::Package;
use super::text;
use super::workbook::Workbook;
use crate::error::Result;
use crate::spreadsheet::{MAX_TEXT_BYTES, too_large};

/// Maximum shared strings: a file with the maximum number of rows has six different texts in each.
const MAX_STRINGS: usize = 1_500_000;

/// All shared strings in one text.
#[derive(Debug, Default)]
pub struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// The string with this number.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}

/// Reads the shared strings. The count that the part declares is ignored.
pub fn read(package: &mut Package<'_>, workbook: &Workbook) -> Result<SharedStrings> {
    let mut strings = SharedStrings::default();
    let Some(name) = &workbook.shared_strings else { return Ok(strings) };
    let Some(mut xml) = package.part(name)? else { return Ok(strings) };
    let mut one = String::new();
    loop {
        let begins = match xml.next()? {
            Event::Start(tag) => tag.local_name().as_ref() == "si",
            Event::Eof => return Ok(strings),
            _ => false,
        };
        if begins {
            text::read_runs(&mut xml, "si", &mut one)?;
            if strings.ends.len() == MAX_STRINGS {
                return Err(too_large(format!("{MAX_STRINGS} × sharedStrings")));
            }
            if strings.text.len() + one.len() > MAX_TEXT_BYTES {
                return Err(too_large(format!(
                    "{} MB sharedStrings",
                    MAX_TEXT_BYTES / 1024 / 1024
                )));
            }
            strings.text.push_str(&one);
            strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
        }
    }
}
