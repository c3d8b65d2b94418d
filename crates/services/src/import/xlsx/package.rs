//! The ZIP archive of a workbook and its parts.

use std::collections::HashMap;
use std::io::{BufReader, Cursor};
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::budget::{Budget, CountingReader};
use super::xml::Xml;
use crate::error::Result;
use crate::spreadsheet::{too_large, unreadable};

/// Maximum parts of an archive. A workbook has some for each sheet, picture and comment.
const MAX_PARTS: usize = 10_000;
/// Signature of an entry in the central directory.
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
/// Signature of the end of the central directory: the ZIP reader tries each occurrence.
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const MAX_END_RECORDS: usize = 16;

/// An open archive.
pub struct Package<'file> {
    archive: ZipArchive<Cursor<&'file [u8]>>,
    /// Index by lower-case name, because some programs do not keep to one case.
    parts: HashMap<String, usize>,
    budget: Rc<Budget>,
}

impl<'file> Package<'file> {
    /// Opens the archive.
    pub fn open(bytes: &'file [u8]) -> Result<Self> {
        let mut counts = (0, 0);
        for four in bytes.windows(4).filter(|four| four.starts_with(b"PK")) {
            counts.0 += usize::from(four == ENTRY_SIGNATURE);
            counts.1 += usize::from(four == END_SIGNATURE);
        }
        if counts.0 > MAX_PARTS || counts.1 > MAX_END_RECORDS {
            return Err(too_large(format!("{MAX_PARTS} × ZIP")));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        let names = archive.file_names_raw().map(String::from_utf8_lossy);
        let parts = names.enumerate().map(|(index, name)| (plain(&name), index)).collect();
        Ok(Self { archive, parts, budget: Budget::new() })
    }

    /// Opens the part with this name, if there is one.
    pub fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'file>>> {
        let Some(&index) = self.parts.get(&plain(name)) else { return Ok(None) };
        self.budget.open_part()?;
        let part = self.archive.by_index(index).map_err(unreadable)?;
        let counted = CountingReader { part, budget: Rc::clone(&self.budget) };
        Ok(Some(Xml::new(BufReader::new(counted), Rc::clone(&self.budget))))
    }
}

/// A part that is being read.
pub type Part<'package, 'file> =
    Xml<BufReader<CountingReader<ZipFile<'package, Cursor<&'file [u8]>>>>>;

fn plain(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}
