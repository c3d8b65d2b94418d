//! Numbers and codes as programs and phones write them, without what they add.

use super::{is_invisible, is_unicode_space};

/// A number or code in plain ASCII signs: without invisible characters, with every kind of space as a
/// plain space, every dash and minus as `-`, full-width letters and digits as narrow ones, and without
/// the marks that force a spreadsheet to keep a text (`'0812…`, `="0812…"`) or that quote it. For
/// phone numbers, serial numbers, coordinates and amounts; names keep their own signs.
pub fn plain_code(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter_map(|sign| match sign {
            '\n' | '\r' | '\t' => Some(' '),
            _ if is_unicode_space(sign) => Some(' '),
            _ if is_invisible(sign) => None,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some('-'),
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '`' | '´' => Some('\''),
            '\u{201c}'..='\u{201f}' | '\u{2033}' => Some('"'),
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0),
            _ => Some(sign),
        })
        .collect();
    unquoted(plain.trim()).to_owned()
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('=').filter(|rest| rest.starts_with('"')).unwrap_or(text);
    let inner = ['"', '\'']
        .iter()
        .find_map(|&mark| inner.strip_prefix(mark)?.strip_suffix(mark))
        .unwrap_or(inner);
    let before_digit =
        |rest: &&str| rest.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '+');
    inner.strip_prefix('\'').filter(before_digit).unwrap_or(inner).trim()
}

#[cfg(test)]
mod tests {
    use super::plain_code;

    #[test]
    fn marks_of_programs_are_dropped_and_signs_become_plain() {
        for (text, plain) in [
            ("'081234567890", "081234567890"),
            ("=\"081234567890\"", "081234567890"),
            ("\u{202a}+62 812\u{2011}3456\u{202c}", "+62 812-3456"),
            ("０８１２－３４", "0812-34"),
            ("\u{2212}7.71", "-7.71"),
            ("7°42'36\"", "7°42'36\""),
            ("\u{feff}\"ZTEG\"", "ZTEG"),
        ] {
            assert_eq!(plain_code(text), plain, "{text}");
        }
    }
}
