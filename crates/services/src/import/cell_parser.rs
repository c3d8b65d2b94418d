//! Parsing of spreadsheet cells: numbers, booleans, texts.

use shared::text::strip_invisible;

/// Parses a number with a decimal point or comma; dots or commas in groups of three before it are
/// thousands separators.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '°')).collect();
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    if text.is_empty() || !text.chars().all(allowed) {
        return None;
    }
    let (dots, commas) = (text.matches('.').count(), text.matches(',').count());
    let plain = match (dots, commas) {
        (0 | 1, 0) => text,
        (0, 1) => text.replace(',', "."),
        // Both occur: the last one is the decimal separator.
        (_, 1) if text.rfind(',') > text.rfind('.') => text.replace('.', "").replace(',', "."),
        (1, _) if text.rfind('.') > text.rfind(',') => text.replace(',', ""),
        _ => return None,
    };
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Parses an integer: `8000`, `8.000`, `8,000`, `Rp 275.000`, `275000,00`.
pub fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.strip_prefix("Rp").or_else(|| text.strip_prefix("IDR")).unwrap_or(text);
    let text: String =
        text.trim_start_matches('.').chars().filter(|c| !matches!(c, ' ' | '\u{a0}')).collect();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.as_str()),
    };
    let parts: Vec<&str> = digits.split(['.', ',']).collect();
    let (last, groups) = parts.split_last()?;
    let grouped = |parts: &[&str]| {
        parts.first().is_some_and(|first| (1..=3).contains(&first.len()))
            && parts.iter().skip(1).all(|part| part.len() == 3)
    };
    let kept = if groups.is_empty() {
        (*last).to_owned()
    } else if last.len() == 3 && grouped(groups) {
        parts.concat()
    } else if last.len() <= 2
        && last.bytes().all(|b| b == b'0')
        && (groups.len() == 1 || grouped(groups))
    {
        groups.concat()
    } else {
        return None;
    };
    let is_number = !kept.is_empty() && kept.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| kept.parse::<i64>().ok()).flatten().map(|number| sign * number)
}

/// Parses yes or no in Indonesian or English.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "ya" | "y" | "iya" | "yes" | "true" | "benar" | "1" | "berseri" | "serial" => Some(true),
        "tidak" | "t" | "tdk" | "no" | "n" | "false" | "salah" | "0" | "bukan" => Some(false),
        _ => None,
    }
}

/// Truncates a text for the report and removes invisible characters.
pub fn truncate(text: &str) -> String {
    const MAX: usize = 100;
    let text = strip_invisible(text);
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Masks an identity number for the report: only its last four characters stay, valid or not.
pub fn mask_identity_number(text: &str) -> String {
    let count = text.chars().count();
    let hidden = count.saturating_sub(4).max(count.min(4));
    text.chars().enumerate().map(|(i, c)| if i < hidden { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_points_and_commas_mean_the_same() {
        for text in ["-7.671838", "-7,671838", " -7,671838 ", "-7,671838°"] {
            assert_eq!(parse_decimal(text), Some(-7.671_838), "{text}");
        }
        assert_eq!(parse_decimal("1.234,5"), Some(1234.5));
        assert_eq!(parse_decimal("1,234.5"), Some(1234.5));
        assert_eq!(parse_decimal("110"), Some(110.0));
        for text in ["", "-7.671.838", "abc", "1e400", "NaN", "inf", "7-8", "--7"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers_may_have_thousands_and_a_currency() {
        for text in [
            "275000",
            "275.000",
            "275,000",
            "Rp 275.000",
            "Rp275.000,00",
            "275000.0",
            "Rp. 275.000",
        ] {
            assert_eq!(parse_integer(text), Some(275_000), "{text}");
        }
        assert_eq!(parse_integer("-3"), Some(-3));
        assert_eq!(parse_integer("0"), Some(0));
        for text in ["1.5", "12,34", "1.0000", "dua", "", "1e3", "99999999999999999999"] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }

    #[test]
    fn identity_numbers_are_masked() {
        assert_eq!(mask_identity_number("3404384937396401"), "••••••••••••6401");
        assert_eq!(mask_identity_number("123"), "•••");
        assert_eq!(mask_identity_number("12345"), "••••5");
    }
}
