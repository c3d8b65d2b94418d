//! Serial numbers of devices, in the one form in which they are stored, searched and compared.

use std::ops::RangeInclusive;

use crate::error::ErrorCode;
use crate::text::plain_code;

/// Characters of a serial number. GPON serial numbers have 12 or 16; older devices and provisional
/// numbers of the warehouse differ.
pub const SERIAL_NUMBER_CHARS: RangeInclusive<usize> = 4..=60;

/// Labels in front of a serial number, upper case, the longest first.
const LABELS: [&str; 11] = [
    "SERIAL NUMBER",
    "NOMOR SERI",
    "SERIAL NO",
    "GPON SN",
    "NO SERI",
    "PON SN",
    "ONT SN",
    "SERIAL",
    "GPON",
    "S/N",
    "SN",
];

/// Makers whose GPON serial numbers consist of decimal digits in their hexadecimal form often enough to
/// be met. Others are recognised by a letter among the sixteen digits.
const VENDORS: [&str; 12] = [
    "ZTEG", "HWTC", "FHTT", "ALCL", "BDCM", "CIOT", "UBNT", "TPLG", "VSOL", "CDTC", "XPON", "RTKG",
];

/// Parses a serial number as typed, scanned or imported: upper case, without blanks and without a leading
/// label such as `S/N:`. The hexadecimal form of a GPON serial number (ITU-T G.984.3: four letters of the
/// maker and eight hexadecimal digits) becomes the form with letters, which labels and OLTs show.
///
/// # Errors
/// `TooShort`, `TooLong`; `InvalidCode` for other characters than letters, digits, and `-._/+`, or for a
/// text without any digit that is no GPON serial number.
pub fn parse_serial_number(text: &str) -> Result<String, ErrorCode> {
    let upper = plain_code(text).to_uppercase();
    let unlabelled: String =
        without_labels(&upper).chars().filter(|sign| !sign.is_whitespace()).collect();
    let serial = without_labels(&unlabelled);
    let allowed =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '.' | '_' | '/' | '+');
    let has_digit = serial.bytes().any(|byte| byte.is_ascii_digit());
    if !serial.chars().all(allowed) || !(has_digit || is_gpon(serial)) {
        return Err(ErrorCode::InvalidCode);
    }
    match serial.len() {
        length if length < *SERIAL_NUMBER_CHARS.start() => Err(ErrorCode::TooShort),
        length if length > *SERIAL_NUMBER_CHARS.end() => Err(ErrorCode::TooLong),
        _ => Ok(letters_of_gpon(serial).unwrap_or_else(|| serial.to_owned())),
    }
}

/// The serial number in a search that spells it otherwise than it is stored: behind a label, or in the hexadecimal form.
/// `None` for every other text.
pub fn serial_number_spelled_otherwise(text: &str) -> Option<String> {
    let typed: String =
        plain_code(text).to_uppercase().chars().filter(|sign| !sign.is_whitespace()).collect();
    parse_serial_number(text).ok().filter(|serial| *serial != typed)
}

/// Whether the text is a GPON serial number in the form with letters, such as `ZTEGC8A1B2C3`.
pub fn is_gpon(serial: &str) -> bool {
    let bytes = serial.as_bytes();
    bytes.len() == 12
        && bytes[..4].iter().all(u8::is_ascii_uppercase)
        && bytes[4..].iter().all(u8::is_ascii_hexdigit)
}

fn without_labels(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let rest = without_label(text).trim();
        if rest.len() == text.len() {
            return rest;
        }
        text = rest;
    }
}

/// Drops a label that is followed by a mark, or by a blank and at least eight signs.
fn without_label(text: &str) -> &str {
    let after = LABELS.iter().find_map(|label| text.strip_prefix(label));
    let Some(after) = after else { return text };
    let rest = after.trim_start();
    match rest.strip_prefix([':', '.', '=', '#']) {
        Some(number) => number,
        None if rest.len() < after.len() && rest.len() >= 8 => rest,
        None => text,
    }
}

/// `48575443A1B2C3D4` is `HWTCA1B2C3D4`.
fn letters_of_gpon(serial: &str) -> Option<String> {
    if serial.len() != 16 || !serial.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let letter = |pair: &str| {
        let byte = u8::from_str_radix(pair, 16).ok()?;
        byte.is_ascii_uppercase().then_some(char::from(byte))
    };
    let vendor: String =
        (0..4).map(|index| letter(&serial[index * 2..index * 2 + 2])).collect::<Option<_>>()?;
    let has_letter = serial.bytes().any(|byte| byte.is_ascii_alphabetic());
    (has_letter || VENDORS.contains(&vendor.as_str())).then(|| format!("{vendor}{}", &serial[8..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_serial_number_is_parsed_in_every_usual_spelling() {
        for text in [
            "zteg c8a1 b2c3",
            "SN: ZTEGC8A1B2C3",
            "S/N:ZTEGC8A1B2C3",
            "SN ZTEGC8A1B2C3",
            "GPON SN: ZTEGC8A1B2C3",
            " ZTEGC8A1B2C3 ",
            "\u{feff}ZTEGC8A1B2C3\u{200b}",
            "'ZTEGC8A1B2C3",
            "5A544547C8A1B2C3",
            "Nomor Seri : ZTEGC8A1B2C3",
        ] {
            assert_eq!(parse_serial_number(text).as_deref(), Ok("ZTEGC8A1B2C3"), "{text}");
        }
        for text in ["ONT-F609-AWAL-0001", "SN-1234", "2Q21/0045", "4142434412345678", "SN12345"] {
            assert_eq!(parse_serial_number(text).as_deref(), Ok(text));
        }
        assert_eq!(parse_serial_number("48575443A1B2C3D4").as_deref(), Ok("HWTCA1B2C3D4"));
        assert_eq!(parse_serial_number("4857544312345678").as_deref(), Ok("HWTC12345678"));
        assert_eq!(parse_serial_number("ZTEGABCDEFAB").as_deref(), Ok("ZTEGABCDEFAB"));
        for (text, code) in [
            ("123", ErrorCode::TooShort),
            ("", ErrorCode::InvalidCode),
            ("tidak ada", ErrorCode::InvalidCode),
            ("modem!", ErrorCode::InvalidCode),
            ("ABCDEFGH", ErrorCode::InvalidCode),
            ("SN:", ErrorCode::InvalidCode),
        ] {
            assert_eq!(parse_serial_number(text), Err(code), "{text}");
        }
        assert_eq!(parse_serial_number(&"9".repeat(61)), Err(ErrorCode::TooLong));
    }

    #[test]
    fn only_a_label_or_the_hexadecimal_form_makes_a_search_one_for_a_serial_number() {
        for text in
            ["SN: ZTEGC8A1B2C3", "5a544547c8a1b2c3", "5A54 4547 C8A1 B2C3", "S/N ZTEGC8A1B2C3"]
        {
            let found = serial_number_spelled_otherwise(text);
            assert_eq!(found.as_deref(), Some("ZTEGC8A1B2C3"), "{text}");
        }
        for text in
            ["zteg c8a1", "Budi 12345678", "0812–3456", "3404384937396401", "Jl. Kaliurang 9", ""]
        {
            assert_eq!(serial_number_spelled_otherwise(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_stored_serial_number_parses_to_itself(text in "\\PC{0,30}|[A-Za-z0-9 :./-]{0,24}") {
            if let Ok(serial) = parse_serial_number(&text) {
                prop_assert_eq!(parse_serial_number(&serial), Ok(serial.clone()), "{}", text);
            }
        }

        #[test]
        fn both_forms_of_a_gpon_serial_number_are_one(vendor in "[A-Z]{4}", number in "[0-9A-F]{7}[A-F]") {
            let letters = format!("{vendor}{number}");
            let hex: String = vendor.bytes().map(|byte| format!("{byte:02X}")).collect();
            prop_assert_eq!(
                parse_serial_number(&format!("{hex}{number}")),
                parse_serial_number(&letters)
            );
        }
    }
}
