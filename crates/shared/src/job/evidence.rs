//! Limits and formats of the evidence for a completed job, the same for API, bot and browser.

use std::ops::RangeInclusive;

use crate::ErrorCode;

/// Plausible received optical power at a customer, in dBm.
///
/// ONT receivers of ITU-T G.984.2 class B+ and C+ work between about -28 and -8 dBm, and the display of
/// a usual power meter ends near -50 dBm. A positive value is a typing error or lacks its minus sign:
/// no customer receives more than 1 mW.
pub const ATTENUATION_RANGE_DBM: RangeInclusive<f64> = -50.0..=0.0;

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
}
