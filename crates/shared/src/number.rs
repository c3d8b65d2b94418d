//! Amounts, quantities and decimal numbers as people and spreadsheets write them.

use crate::text::plain_code;

/// Parses a number with a decimal point or comma; dots or commas in groups of three before it are
/// thousands separators. A single dot or comma is a decimal mark: use [`parse_integer`] where only
/// whole numbers make sense.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let text: String = plain_code(text).chars().filter(|c| !matches!(c, ' ' | '°')).collect();
    let (sign, digits) = split_sign(&text);
    let (dots, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let plain = match (dots, commas) {
        (0 | 1, 0) => digits.to_owned(),
        (0, 1) => digits.replace(',', "."),
        // Both occur: the last one is the decimal mark, the other one separates thousands.
        (_, 1) if digits.rfind(',') > digits.rfind('.') => without_groups(digits, '.', ',')?,
        (1, _) if digits.rfind('.') > digits.rfind(',') => without_groups(digits, ',', '.')?,
        _ => return None,
    };
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && plain.bytes().any(|byte| byte.is_ascii_digit());
    let number: f64 = is_number.then(|| plain.parse().ok()).flatten()?;
    number.is_finite().then_some(sign as f64 * number)
}

/// `1.234.567,8` as `1234567.8`; `None` unless the groups have three digits.
fn without_groups(digits: &str, group: char, mark: char) -> Option<String> {
    let (whole, fraction) = digits.split_once(mark)?;
    let groups: Vec<&str> = whole.split(group).collect();
    is_grouped(&groups).then(|| format!("{}.{fraction}", groups.concat()))
}

/// Parses a whole number: `8000`, `8.000`, `8,000`, `8 000`, `Rp 275.000`, `275000,00`. Fractions are
/// refused, never rounded.
pub fn parse_integer(text: &str) -> Option<i64> {
    let text = plain_code(text);
    let amount = ["Rp", "rp", "RP", "IDR"].iter().find_map(|unit| text.strip_prefix(unit));
    let text = amount.map_or(text.as_str(), |rest| rest.trim_start_matches('.')).trim();
    let (sign, digits) = split_sign(text);
    let parts: Vec<&str> = digits.split(['.', ',', ' ']).collect();
    let (last, groups) = parts.split_last()?;
    let kept = if groups.is_empty() || is_grouped(&parts) {
        parts.concat()
    } else if last.len() <= 2
        && !digits.ends_with(['.', ',', ' '])
        && last.bytes().all(|byte| byte == b'0')
        && (groups.len() == 1 || is_grouped(groups))
    {
        groups.concat()
    } else {
        return None;
    };
    let is_number = !kept.is_empty() && kept.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| kept.parse::<i64>().ok()).flatten().map(|number| sign * number)
}

/// Whether a spreadsheet wrote the number as mantissa, mark and exponent: `6.28123E+11`.
pub fn is_scientific_notation(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let number = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-'))
    };
    number(mantissa) && number(exponent)
}

fn split_sign(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Whether the parts are the groups of a number with thousands separators.
fn is_grouped(parts: &[&str]) -> bool {
    parts.len() > 1
        && parts.first().is_some_and(|first| (1..=3).contains(&first.len()))
        && parts.iter().skip(1).all(|part| part.len() == 3)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Rupiah;

    #[test]
    fn decimal_points_and_commas_mean_the_same() {
        for text in ["-7.671838", "-7,671838", " -7,671838 ", "-7,671838°", "\u{2212}7,671838"] {
            assert_eq!(parse_decimal(text), Some(-7.671_838), "{text}");
        }
        assert_eq!(parse_decimal("1.234,5"), Some(1234.5));
        assert_eq!(parse_decimal("1,234.5"), Some(1234.5));
        assert_eq!(parse_decimal("110"), Some(110.0));
        for text in ["", "-7.671.838", "abc", "1e400", "NaN", "inf", "7-8", "--7", "1.23,4", "."] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers_may_have_thousands_and_a_currency() {
        for text in [
            "275000",
            "275.000",
            "275,000",
            "275 000",
            "Rp 275.000",
            "Rp275.000,00",
            "275000.0",
            "Rp. 275.000",
        ] {
            assert_eq!(parse_integer(text), Some(275_000), "{text}");
        }
        assert_eq!(parse_integer("-3"), Some(-3));
        assert_eq!(parse_integer("+7"), Some(7));
        assert_eq!(parse_integer("0"), Some(0));
        for text in
            ["1.5", "12,34", "1.0000", "dua", "", "1e3", "99999999999999999999", "1..250", "5."]
        {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_amount_parses_back_to_itself(amount in 0_i64..1_000_000_000_000) {
            prop_assert_eq!(parse_integer(&Rupiah(amount).to_string()), Some(amount));
            prop_assert_eq!(parse_integer(&amount.to_string()), Some(amount));
        }

        #[test]
        fn a_printed_decimal_parses_back_to_itself(number in -1.0e6..1.0e6) {
            let printed = format!("{number:.6}");
            let expected = printed.parse::<f64>().ok();
            prop_assert_eq!(parse_decimal(&printed), expected);
            prop_assert_eq!(parse_decimal(&printed.replace('.', ",")), expected);
        }

        #[test]
        fn an_accepted_whole_number_has_the_digits_that_were_typed(text in "[0-9., -]{0,12}") {
            if let Some(number) = parse_integer(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let number = number.unsigned_abs().to_string();
                let digits = digits.trim_start_matches('0');
                let matches = digits == number.trim_start_matches('0')
                    || digits.trim_end_matches('0') == number.trim_matches('0');
                prop_assert!(matches, "{} became {}", text, number);
            }
        }
    }
}
