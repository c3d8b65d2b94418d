//! CSV files in any usual dialect and encoding.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::quotes;
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
    if is_binary(&text) {
        return Err(unsupported());
    }
    let text = with_plain_line_ends(text);
    let (delimiter, skip) = detect_delimiter(&text);
    let skipped_lines = i64::from(skip > 0);
    let (text, unclosed) = quotes::without_unclosed(&text[skip..], delimiter);
    let text = text.as_ref();
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
    for line in unclosed {
        sheet.mark_unclosed_quote(line + skipped_lines);
    }
    Ok(sheet)
}

/// Whether the content is no text: it contains zeros, or control characters all over. Single ones get into
/// tables by copying; the fields that they are in are refused by name.
fn is_binary(text: &str) -> bool {
    let control = |sign: &char| sign.is_control() && !matches!(sign, '\t' | '\n' | '\r');
    let count = text.chars().filter(control).count();
    text.contains('\0') || count * 50 > text.len()
}

/// Decodes UTF-8 and UTF-16 by their byte-order mark; without one, UTF-8 if valid, else
/// Windows-1252, line by line if other lines are valid UTF-8. The sign for the end of a file in DOS is dropped.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_suffix(&[0x1a]).unwrap_or(bytes);
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
        _ => return decode_lines(bytes),
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// Decodes lines that are not valid UTF-8 as Windows-1252; all of them, if no line shows that the file is UTF-8.
fn decode_lines(bytes: &[u8]) -> Cow<'_, str> {
    let lines = || bytes.split_inclusive(|&byte| byte == b'\n');
    let is_utf_8 = |line: &&[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    if !lines().any(|line| is_utf_8(&line)) {
        return WINDOWS_1252.decode_without_bom_handling(bytes).0;
    }
    let decoded = lines().map(|line| match std::str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(line).0,
    });
    Cow::Owned(decoded.collect())
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
    fn one_line_in_another_encoding_does_not_spoil_the_others() {
        let file =
            ["nama;alamat\nSiti;Café ".as_bytes(), "né\nJos".as_bytes(), b"\xe9;Caf\xe9\n\x1a"]
                .concat();
        let sheet = read(&file).unwrap();
        let rows: Vec<Vec<&str>> =
            sheet.rows(0, 9).map(|row| row.cells_from(0).collect()).collect();
        assert_eq!(rows, [["Siti", "Café né"], ["José", "Café"]]);
    }

    #[test]
    fn an_unclosed_quotation_mark_spoils_its_own_line_only() {
        let text = "a;b\n1;2\n\"3;4\n5;\"x\ny\"\n6;\"7\"\n8;\"9";
        let sheet = read(text.as_bytes()).unwrap();
        let rows: Vec<(i64, bool, Vec<&str>)> = sheet
            .rows(0, 9)
            .map(|row| (row.line, row.has_unclosed_quote(), row.cells_from(0).collect()))
            .collect();
        assert_eq!(
            rows,
            [
                (2, false, vec!["1", "2"]),
                (3, true, vec![" 3", "4"]),
                (4, false, vec!["5", "x\ny"]),
                (6, false, vec!["6", "7"]),
                (7, true, vec!["8", " 9"]),
            ]
        );
    }

    #[test]
    fn a_picture_is_rejected() {
        assert!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").is_err());
    }
}
