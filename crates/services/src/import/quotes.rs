//! Quotation marks of a CSV file that are opened and never closed.
//!
//! A reader of CSV takes everything behind such a mark for one field, so the rows behind it would vanish.

use std::borrow::Cow;

/// Lines that a quoted field may have. Notes have a few; a field that is longer was never closed.
const MAX_FIELD_LINES: usize = 50;

/// The text with a blank in place of each mark that is never closed, and the lines, counted from one, in
/// which they are.
pub fn without_unclosed(text: &str, delimiter: u8) -> (Cow<'_, str>, Vec<i64>) {
    let bytes = text.as_bytes();
    let mut marks = Vec::new();
    let mut position = 0;
    while position < bytes.len() {
        if bytes[position] == b'"' {
            match end_of_field(bytes, position, delimiter) {
                Some(end) => position = end,
                None => marks.push(position),
            }
        }
        // To the beginning of the next field.
        while position < bytes.len() && bytes[position] != delimiter && bytes[position] != b'\n' {
            position += 1;
        }
        position += 1;
    }
    if marks.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let (mut plain, mut from) = (String::with_capacity(text.len()), 0);
    let (mut lines, mut line, mut counted) = (Vec::new(), 1, 0);
    for mark in marks {
        line += bytes[counted..mark].iter().filter(|&&byte| byte == b'\n').count() as i64;
        counted = mark;
        lines.push(line);
        plain.push_str(&text[from..mark]);
        plain.push(' ');
        from = mark + 1;
    }
    plain.push_str(&text[from..]);
    (Cow::Owned(plain), lines)
}

/// The position behind the mark that closes the field. On the line of the opening mark, others may stand
/// within the text; behind a line break the next single mark has to close.
fn end_of_field(bytes: &[u8], start: usize, delimiter: u8) -> Option<usize> {
    let (mut lines, mut position) = (0, start + 1);
    while let Some(&byte) = bytes.get(position) {
        let next = bytes.get(position + 1).copied();
        match byte {
            b'"' if next == Some(b'"') => position += 1,
            b'"' if next.is_none_or(|next| next == delimiter || next == b'\n') => {
                return Some(position + 1);
            }
            b'"' if lines > 0 => return None,
            b'\n' if lines == MAX_FIELD_LINES => return None,
            b'\n' => lines += 1,
            _ => {}
        }
        position += 1;
    }
    None
}
