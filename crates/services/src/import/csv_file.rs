//! CSV files in any usual dialect and encoding.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::Result;
use crate::spreadsheet::{Deadline, MAX_TEXT_BYTES, Sheet, too_large, unreadable, unsupported};

const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Rows read between two checks of the deadline.
const ROWS_PER_DEADLINE_CHECK: u64 = 1_000;

/// Reads a CSV file.
///
/// # Errors
/// `UnsupportedMediaType` for binary content, `PayloadTooLarge`, `TooMany` (rows),
/// `UnreadableFile`.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    let deadline = Deadline::start();
    let text = decode(bytes);
    if text.len() > MAX_TEXT_BYTES {
        return Err(too_large(format!("{} MB UTF-8", MAX_TEXT_BYTES / 1024 / 1024)));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(unsupported());
    }
    let text = with_plain_line_ends(text);
    let (delimiter, skip) = detect_delimiter(&text);
    let skipped_lines = i64::from(skip > 0);
    let text = &text[skip..];
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = StringRecord::new();
    let mut count = 0_u64;
    while reader.read_record(&mut record).map_err(unreadable)? {
        count += 1;
        if count.is_multiple_of(ROWS_PER_DEADLINE_CHECK) {
            deadline.check()?;
        }
        sheet.push(line_number(&record, text) + skipped_lines, record.iter())?;
    }
    Ok(sheet)
}

/// Decodes UTF-8 and UTF-16 by their byte-order mark; without one, UTF-8 if valid, else
/// Windows-1252.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let zeros = |odd: usize| {
        let half = bytes.iter().skip(odd).step_by(2).take(200);
        let (count, zeros) = half.fold((0, 0), |(n, z), &b| (n + 1, z + usize::from(b == 0)));
        count > 1 && zeros * 2 > count
    };
    let encoding = match (zeros(0), zeros(1)) {
        (false, true) => UTF_16LE,
        (true, false) => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// Normalises line endings to `\n`, so that lines can be counted.
fn with_plain_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(end) = rest.find('\r') {
        plain.push_str(&rest[..end]);
        plain.push('\n');
        let behind = &rest[end + 1..];
        rest = behind.strip_prefix('\n').unwrap_or(behind);
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Detects the delimiter, and the bytes of a leading `sep=;` line to skip.
fn detect_delimiter(text: &str) -> (u8, usize) {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = *first.as_bytes()
        && text.starts_with(first)
    {
        return (delimiter, (first.len() + 1).min(text.len()));
    }
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in first.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some(index) = DELIMITERS.iter().position(|&it| it == byte) {
            counts[index] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let index = counts.iter().position(|&count| count == most).unwrap_or(0);
    (DELIMITERS[index], 0)
}

/// Line number of a record. The CSV reader reports the position before a record, where empty lines
/// may still follow.
fn line_number(record: &StringRecord, text: &str) -> i64 {
    let Some(position) = record.position() else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|&&byte| byte == b'\n').count();
    i64::try_from(position.line()).unwrap_or(i64::MAX) + empty as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet::SheetRow;

    /// The rows below the heading.
    fn lines(text: &str) -> Vec<(i64, Vec<String>)> {
        let sheet = read(text.as_bytes()).unwrap();
        let owned = |row: SheetRow<'_>| row.cells_from(0).map(str::to_owned).collect();
        sheet.rows(0, usize::MAX).map(|row| (row.line, owned(row))).collect()
    }

    #[test]
    fn any_usual_delimiter_is_guessed_from_the_heading() {
        for text in ["a;b,x;c\n1;2;3", "a,\"b;x\",c\n1,2,3", "a\tb\tc\n1\t2\t3", "a|b|c\n1|2|3"] {
            let rows = lines(text);
            assert_eq!(rows[0].1, ["1", "2", "3"], "{text}");
        }
        assert_eq!(lines("sep=;\na,b;c\n1;2"), [(3, vec!["1".to_owned(), "2".to_owned()])]);
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "1;2", "", "\"x", "y\";3", "4;5"].join(end);
            let found: Vec<i64> = lines(&text).into_iter().map(|(line, _)| line).collect();
            assert_eq!(found, [2, 4, 6], "{end:?}");
        }
    }

    #[test]
    fn the_encoding_is_recognised() {
        let text = "nama;alamat\nJosé;Café\n";
        let utf_16 = |little: bool, mark: bool| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            let units = format!("{mark}{text}").encode_utf16().collect::<Vec<u16>>();
            let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            units.into_iter().flat_map(bytes).collect()
        };
        let windows: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let files = [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf_16(true, true),
            utf_16(false, true),
            utf_16(true, false),
            utf_16(false, false),
            windows,
        ];
        for (index, file) in files.iter().enumerate() {
            let sheet = read(file).unwrap();
            assert_eq!(sheet.heading(), ["nama", "alamat"], "file {index}");
            let row = sheet.rows(0, 1).next().unwrap();
            assert_eq!(row.cells_from(0).collect::<Vec<_>>(), ["José", "Café"], "file {index}");
        }
    }

    #[test]
    fn a_picture_is_rejected() {
        assert!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").is_err());
    }
}
