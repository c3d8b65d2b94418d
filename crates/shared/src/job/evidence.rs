//! Limits and formats of the evidence for a completed job, the same for API, bot and browser.

use std::ops::RangeInclusive;

use crate::ErrorCode;

/// Plausible received optical power at a customer, in dBm.
///
/// ONT receivers of ITU-T G.984.2 class B+ and C+ work between about -28 and -8 dBm, and the display of
/// a usual power meter ends near -50 dBm. A positive value is a typing error or lacks its minus sign:
/// no customer receives more than 1 mW.
pub const ATTENUATION_RANGE_DBM: RangeInclusive<f64> = -50.0..=0.0;

/// Characters of an ONT serial number. GPON serial numbers have 12 or 16; older devices and provisional
/// numbers of the warehouse differ.
pub const ONT_SERIAL_CHARS: RangeInclusive<usize> = 4..=60;

/// Maximum characters of a completion report.
pub const MAX_REPORT_CHARS: usize = 4_000;

/// Checks a measured attenuation.
///
/// # Errors
/// `OutOfRange`.
pub fn check_attenuation(dbm: f64) -> Result<f64, ErrorCode> {
    if ATTENUATION_RANGE_DBM.contains(&dbm) { Ok(dbm) } else { Err(ErrorCode::OutOfRange) }
}

/// The allowed attenuation as messages show it.
pub fn attenuation_range_text() -> String {
    format!("{}–{} dBm", ATTENUATION_RANGE_DBM.start(), ATTENUATION_RANGE_DBM.end())
}

/// Parses an ONT serial number as typed or scanned: upper case, without blanks and without a leading
/// label such as `S/N:`.
///
/// # Errors
/// `TooShort`, `TooLong`; `InvalidCode` for other characters than letters, digits, dot, dash and
/// underscore, or without any digit.
pub fn parse_ont_serial(text: &str) -> Result<String, ErrorCode> {
    let upper = text.trim().to_uppercase();
    let unlabelled = ["S/N", "SN"].iter().find_map(|label| {
        upper.strip_prefix(label).and_then(|rest| rest.trim_start().strip_prefix([':', '.']))
    });
    let serial: String =
        unlabelled.unwrap_or(&upper).chars().filter(|c| !c.is_whitespace()).collect();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if !serial.chars().all(allowed) || !serial.chars().any(|c| c.is_ascii_digit()) {
        return Err(ErrorCode::InvalidCode);
    }
    match serial.len() {
        length if length < *ONT_SERIAL_CHARS.start() => Err(ErrorCode::TooShort),
        length if length > *ONT_SERIAL_CHARS.end() => Err(ErrorCode::TooLong),
        _ => Ok(serial),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attenuation_at_a_customer_is_negative_and_within_the_display_of_a_meter() {
        for dbm in [-50.0, -28.0, -8.0, 0.0] {
            assert_eq!(check_attenuation(dbm), Ok(dbm));
        }
        for dbm in [-50.1, 0.1, 21.5, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(check_attenuation(dbm), Err(ErrorCode::OutOfRange), "{dbm}");
        }
        assert_eq!(attenuation_range_text(), "-50–0 dBm");
    }

    #[test]
    fn an_ont_serial_is_parsed_in_every_usual_spelling() {
        for text in ["zteg c8a1 b2c3", "SN: ZTEGC8A1B2C3", "S/N:ZTEGC8A1B2C3", " ZTEGC8A1B2C3 "] {
            assert_eq!(parse_ont_serial(text).as_deref(), Ok("ZTEGC8A1B2C3"), "{text}");
        }
        assert_eq!(parse_ont_serial("ONT-F609-AWAL-0001").as_deref(), Ok("ONT-F609-AWAL-0001"));
        for (text, code) in [
            ("123", ErrorCode::TooShort),
            ("", ErrorCode::InvalidCode),
            ("tidak ada", ErrorCode::InvalidCode),
            ("modem!", ErrorCode::InvalidCode),
            ("ABCDEFGH", ErrorCode::InvalidCode),
        ] {
            assert_eq!(parse_ont_serial(text), Err(code), "{text}");
        }
        assert_eq!(parse_ont_serial(&"9".repeat(61)), Err(ErrorCode::TooLong));
    }
}
