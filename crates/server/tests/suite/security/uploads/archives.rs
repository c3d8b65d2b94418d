//! Builders of hostile ZIP archives and workbooks.

use super::image_bytes::{Bits, crc32};

/// Entry of an archive.
pub struct Part {
    name: String,
    packed: Vec<u8>,
    /// Unpacked size and checksum that the archive claims.
    size: u32,
    checksum: u32,
    /// 0: stored; 8: deflate.
    method: u8,
}

impl Part {
    /// Builds a stored entry.
    pub fn plain(name: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        let (size, checksum) = (content.len() as u32, crc32(content));
        Self { name: name.into(), packed: content.to_vec(), size, checksum, method: 0 }
    }

    /// Builds an entry that repeats a pattern between a head and a tail. Its checksum is wrong.
    pub fn folded(name: &str, head: &str, pattern: &str, count: usize, tail: &str) -> Self {
        let size = (head.len() + pattern.len() * count + tail.len()) as u32;
        let packed = folded(head.as_bytes(), pattern.as_bytes(), count, tail.as_bytes());
        Self { name: name.into(), packed, size, checksum: 0, method: 8 }
    }

    /// Claims a false size.
    pub fn that_claims(self, size: u32) -> Self {
        Self { size, ..self }
    }
}

/// Builds a deflate stream with fixed codes: the pattern once, then copies of 258 bytes.
fn folded(head: &[u8], pattern: &[u8], count: usize, tail: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.code(0b1_1_0, 3);
    let literal = |bits: &mut Bits, byte: u8| match byte {
        0..=143 => bits.code(0x30 + u32::from(byte), 8),
        _ => bits.code(0x190 + u32::from(byte) - 144, 9),
    };
    head.iter().for_each(|&byte| literal(&mut bits, byte));
    let total = pattern.len() * count;
    let mut done = pattern.len().min(total);
    pattern[..done].iter().for_each(|&byte| literal(&mut bits, byte));
    while total - done >= 258 {
        bits.code(0b1100_0101, 8);
        bits.distance(pattern.len() as u32);
        done += 258;
    }
    (done..total).for_each(|place| literal(&mut bits, pattern[place % pattern.len()]));
    tail.iter().for_each(|&byte| literal(&mut bits, byte));
    bits.code(0, 7);
    bits.bytes
}

/// Builds an archive of these entries.
pub fn archive(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for part in parts {
        let entry = entry(part, file.len());
        file.extend(local(part));
        list.extend(entry);
    }
    finish(file, &list, parts.len())
}

/// Builds an archive whose entries all refer to the same data.
pub fn overlapping(part: &Part, names: impl Iterator<Item = String>) -> Vec<u8> {
    let (mut list, mut count) = (Vec::new(), 0);
    for name in names {
        let named = Part { name, packed: Vec::new(), ..*part };
        let mut one = entry(&named, 0);
        one[20..24].copy_from_slice(&(part.packed.len() as u32).to_le_bytes());
        list.extend(one);
        count += 1;
    }
    finish(local(part), &list, count)
}

fn common(part: &Part) -> Vec<u8> {
    let numbers = [part.checksum, part.packed.len() as u32, part.size].map(u32::to_le_bytes);
    let name = (part.name.len() as u16).to_le_bytes();
    // Version, flags, method, time, date.
    [&[20, 0, 0, 0, part.method, 0, 0, 0, 0, 0], numbers.concat().as_slice(), &name].concat()
}

fn local(part: &Part) -> Vec<u8> {
    [b"PK\x03\x04", common(part).as_slice(), &[0; 2], part.name.as_bytes(), &part.packed].concat()
}

fn entry(part: &Part, offset: usize) -> Vec<u8> {
    let offset = (offset as u32).to_le_bytes();
    let head: &[u8] = b"PK\x01\x02\x14\0";
    [head, &common(part), &[0; 12], &offset, part.name.as_bytes()].concat()
}

fn finish(mut file: Vec<u8>, list: &[u8], count: usize) -> Vec<u8> {
    let (start, count) = (file.len() as u32, (count as u16).to_le_bytes());
    file.extend(list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].concat());
    file.extend([(list.len() as u32).to_le_bytes(), start.to_le_bytes()].concat());
    file.extend([0; 2]);
    file
}

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Builds a workbook with this many sheets and these further entries.
pub fn workbook_of(sheets: usize, rest: Vec<Part>) -> Vec<u8> {
    let each = |text: fn(usize) -> String| (1..=sheets).map(text).collect::<String>();
    let list = each(|n| format!("<sheet name=\"s{n}\" sheetId=\"{n}\" r:id=\"r{n}\"/>"));
    let links = each(|n| {
        format!(
            "<Relationship Id=\"r{n}\" Type=\"{KIND}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        )
    });
    let strings = format!(
        "<Relationship Id=\"s\" Type=\"{KIND}/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    );
    let mut parts = vec![
        Part::plain("xl/workbook.xml", format!("<workbook><sheets>{list}</sheets></workbook>")),
        Part::plain(
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships>{strings}{links}</Relationships>"),
        ),
    ];
    parts.extend(rest);
    archive(&parts)
}

/// Builds a workbook with one sheet.
pub fn workbook(sheet: Part, shared_strings: Option<Part>) -> Vec<u8> {
    workbook_of(1, [Some(sheet), shared_strings].into_iter().flatten().collect())
}

/// Builds a sheet with these rows.
pub fn sheet(rows: &str) -> Part {
    let text = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    Part::plain("xl/worksheets/sheet1.xml", text)
}
