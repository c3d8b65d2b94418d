//! Phone numbers in a normal form.

use crate::error::ErrorCode;
use crate::number::is_scientific_notation;
use crate::text::plain_code;

/// A phone number in E.164 format, for example `+6281234567890`.
///
/// Numbers without a country code are parsed as Indonesian: `0812…`, `62812…` and `812…` are the
/// same number. The national part of an Indonesian number has 8 to 13 digits: with the country code at
/// most the 15 of E.164, and some operators use them all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(
    feature = "diesel",
    derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)
)]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl<'de> serde::Deserialize<'de> for PhoneNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let invalid = |code: ErrorCode| serde::de::Error::custom(code.as_str());
        PhoneNumber::parse(&text).map_err(invalid)
    }
}

/// A cell or field that may hold more than one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneEntry {
    /// The first number.
    pub number: PhoneNumber,
    /// The second number, if there is a complete one.
    pub second: Option<PhoneNumber>,
    /// What follows and is no complete number, as written: an extension (`16`), a name (`Bu Ani`).
    pub rest: Option<String>,
}

/// Digits of the national part of an Indonesian number.
const NATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 8..=13;

/// What may stand in front of a number, lower case, without blanks and marks.
const LABELS: [&str; 14] = [
    "whatsapp", "telepon", "ponsel", "mobile", "nowa", "nohp", "telp", "phone", "tlp", "tel",
    "cell", "wa", "hp", "no",
];

/// Addresses of messengers that contain a number.
const LINKS: [&str; 4] =
    ["wa.me/", "api.whatsapp.com/send?phone=", "whatsapp.com/send/?phone=", "t.me/+"];

impl PhoneNumber {
    /// Parses any usual format of one number; what stands behind it is allowed only as a remark in
    /// words (`0812 3456 7890 (Bu Ani)`).
    ///
    /// # Errors
    /// [`ErrorCode::PhoneInScientificNotation`] for a number that a spreadsheet turned into
    /// `6.28E+11`, otherwise [`ErrorCode::InvalidPhone`].
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        if is_normal_form(text) {
            return Ok(Self(text.to_owned()));
        }
        let entry = PhoneEntry::parse(text)?;
        let has_digit = |rest: &String| rest.chars().any(|sign| sign.is_ascii_digit());
        if entry.second.is_some() || entry.rest.as_ref().is_some_and(has_digit) {
            return Err(ErrorCode::InvalidPhone);
        }
        Ok(entry.number)
    }

    /// A number without anything around it.
    fn parse_single(text: &str) -> Result<Self, ErrorCode> {
        let text = text.trim();
        let international = text.starts_with('+') || text.starts_with("00");
        let mut digits = String::with_capacity(text.len());
        for (index, sign) in text.char_indices() {
            match sign {
                '0'..='9' => digits.push(sign),
                '+' if index == 0 || text[..index] == *"(" => {}
                ' ' | '-' | '.' | '(' | ')' | '/' | '\'' => {}
                _ => return Err(ErrorCode::InvalidPhone),
            }
        }
        let digits = digits.strip_prefix("00").unwrap_or(&digits);
        let national = digits
            .strip_prefix("62")
            .or_else(|| digits.strip_prefix('0'))
            .or((!international).then_some(digits));
        match national {
            Some(national) => Self::from_national(national),
            None if (8..=15).contains(&digits.len()) => Ok(Self(format!("+{digits}"))),
            None => Err(ErrorCode::InvalidPhone),
        }
    }

    fn from_national(national: &str) -> Result<Self, ErrorCode> {
        // "+62 (0)812…" is a usual format; the trunk zero is not part of the number.
        let national = national.strip_prefix('0').unwrap_or(national);
        if !NATIONAL_DIGITS.contains(&national.len()) || national.starts_with('0') {
            return Err(ErrorCode::InvalidPhone);
        }
        Ok(Self(format!("+62{national}")))
    }

    /// The number in E.164 format.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with its middle masked: `+62812••••890`.
    pub fn masked(&self) -> String {
        let keep_front = 6.min(self.0.len());
        let keep_back = self.0.len().saturating_sub(3).max(keep_front);
        let hidden = "•".repeat(keep_back - keep_front);
        format!("{}{hidden}{}", &self.0[..keep_front], &self.0[keep_back..])
    }
}

/// Whether a text is a number as it is stored. Every row of a list has one, and reading all the formats that people use
/// would take longer than the rest of the row.
fn is_normal_form(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    let (national, lengths) = match digits.strip_prefix("62") {
        Some(national) => (national, NATIONAL_DIGITS),
        None => (digits, 8..=15),
    };
    lengths.contains(&national.len())
        && !national.starts_with('0')
        && national.bytes().all(|digit| digit.is_ascii_digit())
}

impl PhoneEntry {
    /// Parses a field as people fill it: one number or two, with a label, a name or an extension.
    ///
    /// # Errors
    /// As [`PhoneNumber::parse`]; the first number has to be complete.
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let plain = plain_code(text);
        if is_scientific_notation(&plain) {
            return Err(ErrorCode::PhoneInScientificNotation);
        }
        let text = without_fraction(without_label(number_of_link(&plain)));
        let (numbers, remark) = split_remark(text);
        let parts: Vec<&str> = numbers.split(['/', ';', ',', '&', '|']).map(str::trim).collect();
        let (number, behind) = first_number(numbers, &parts)?;
        let second = match behind.as_slice() {
            [second] => PhoneNumber::parse_single(without_label(second)).ok(),
            _ => None,
        };
        let unread = if second.is_some() { Vec::new() } else { behind };
        let rest: Vec<&str> =
            unread.into_iter().chain(remark).filter(|it| !it.is_empty()).collect();
        let rest = (!rest.is_empty()).then(|| rest.join(", "));
        Ok(Self { number, second, rest })
    }
}

/// The first number, and the parts behind it. `0274/563515` is one number, because its first part alone is
/// none; `0274563515/16` is a number with an extension.
fn first_number<'a>(
    whole: &'a str,
    parts: &[&'a str],
) -> Result<(PhoneNumber, Vec<&'a str>), ErrorCode> {
    if let [first, behind @ ..] = parts
        && !behind.is_empty()
        && let Ok(number) = PhoneNumber::parse_single(first)
    {
        return Ok((number, behind.to_vec()));
    }
    Ok((PhoneNumber::parse_single(whole)?, Vec::new()))
}

/// `wa.me/6281234567890?text=Halo` is `+6281234567890`.
fn number_of_link(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    for link in LINKS {
        if let Some(start) = lower.find(link) {
            let rest = &text[start + link.len()..];
            return rest.split(['?', '&', '/', '#']).next().unwrap_or(rest);
        }
    }
    text.strip_prefix("tel:").unwrap_or(text)
}

fn without_label(text: &str) -> &str {
    let Some(start) = text.find(|sign: char| sign.is_ascii_digit() || matches!(sign, '+' | '('))
    else {
        return text;
    };
    let label: String = text[..start]
        .chars()
        .filter(|sign| sign.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    if LABELS.contains(&label.as_str()) { &text[start..] } else { text }
}

/// A number that a program stored as a floating-point number: `6281234567890.0`.
fn without_fraction(text: &str) -> &str {
    let whole = text.trim_end_matches('0');
    let zeros = text.len() - whole.len();
    let Some(whole) = whole.strip_suffix(['.', ',']).filter(|_| zeros > 0) else { return text };
    let digits = whole.strip_prefix('+').unwrap_or(whole);
    let is_number = digits.len() >= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    // No group of a number is a single zero.
    if is_number || (zeros == 1 && whole.ends_with(|sign: char| sign.is_ascii_digit())) {
        whole
    } else {
        text
    }
}

/// Splits off a remark in words behind the number: `(Bu Ani)`, `- Bu Ani`, `a.n. Ani`.
fn split_remark(text: &str) -> (&str, Option<&str>) {
    let Some(start) = text.find(char::is_alphabetic) else { return (text, None) };
    let before = text[..start].trim_end();
    let spaced = before.len() < start || before.ends_with(['(', '-', ',', '/', ';']);
    let number = before.trim_end_matches(['(', '-', ',', '/', ';', ' ']);
    let remark = text[number.len()..].trim_matches(['(', ')', '-', ',', '/', ';', ' ']);
    if spaced && number.ends_with(|sign: char| sign.is_ascii_digit()) {
        (number, Some(remark))
    } else {
        (text, None)
    }
}

impl std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for PhoneNumber {
    type Err = crate::text_enum::UnknownText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|_| crate::text_enum::UnknownText(text.to_owned()))
    }
}

crate::text_column!(PhoneNumber);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_usual_spelling_is_the_same_number() {
        for spelling in [
            "081234567890",
            "+6281234567890",
            "6281234567890",
            "0812-3456-7890",
            " 0812 3456 7890 ",
            "+62 (0)812.3456.7890",
            "(+62) 812 3456 7890",
            "81234567890",
            "006281234567890",
            "6281234567890.0",
            "81234567890.00",
            "6281234567890,0",
            "0812 3456 7890.0",
            "\u{202a}+62 812\u{2011}3456\u{2011}7890\u{202c}",
            "0812–3456–7890",
            "'081234567890",
            "=\"081234567890\"",
            "0812\u{202f}3456\u{202f}7890",
            "wa.me/6281234567890",
            "https://wa.me/6281234567890?text=Halo%202",
            "https://api.whatsapp.com/send?phone=6281234567890&text=1",
            "tel:+6281234567890",
            "0812 3456 7890 (Bu Ani)",
            "081234567890 - Bu Ani",
            "WA: 0812 3456 7890",
            "No. HP 081234567890",
            "０８１２３４５６７８９０",
        ] {
            let parsed = PhoneNumber::parse(spelling);
            assert_eq!(
                parsed.as_ref().map(PhoneNumber::as_str),
                Ok("+6281234567890"),
                "{spelling}"
            );
        }
    }

    #[test]
    fn a_fixed_line_a_foreign_and_a_long_number_are_kept() {
        for (text, number) in [
            ("(0274) 563515", "+62274563515"),
            ("0274/563515", "+62274563515"),
            ("+65 6123 4567", "+6561234567"),
            ("08591900000114", "+628591900000114"),
        ] {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), number, "{text}");
        }
    }

    #[test]
    fn of_two_numbers_the_first_counts_and_nothing_is_mixed() {
        let entry = PhoneEntry::parse("081234567890 / 081398765432").unwrap();
        assert_eq!(entry.number.as_str(), "+6281234567890");
        assert_eq!(entry.second.unwrap().as_str(), "+6281398765432");
        assert_eq!(entry.rest, None);
        let entry = PhoneEntry::parse("0274563515/16").unwrap();
        assert_eq!((entry.number.as_str(), entry.second), ("+62274563515", None));
        assert_eq!(entry.rest.as_deref(), Some("16"));
        let entry = PhoneEntry::parse("081234567890, 0813987654321 (Pak Budi)").unwrap();
        assert_eq!(entry.second.unwrap().as_str(), "+62813987654321");
        assert_eq!(entry.rest.as_deref(), Some("Pak Budi"));
        // A single number is asked for: a mixture is refused.
        for text in ["0274563515/16", "081234567890 / 081398765432"] {
            assert_eq!(PhoneNumber::parse(text), Err(ErrorCode::InvalidPhone), "{text}");
        }
    }

    #[test]
    fn a_number_in_scientific_notation_has_its_own_error() {
        for text in ["6.28123E+11", "6,28123E+11", "6.28E11"] {
            assert_eq!(
                PhoneNumber::parse(text),
                Err(ErrorCode::PhoneInScientificNotation),
                "{text}"
            );
        }
    }

    #[test]
    fn invalid_numbers_are_rejected() {
        for text in [
            "",
            "0812",
            "abc",
            "0812😀345678",
            "+",
            "08123456789012345",
            "000000000000",
            "0812abc34567",
            "Bu Ani 12",
            "0812-345",
        ] {
            let parsed = PhoneNumber::parse(text);
            assert_eq!(parsed, Err(ErrorCode::InvalidPhone), "{text}");
        }
    }

    #[test]
    fn a_masked_number_keeps_its_ends_only() {
        assert_eq!(PhoneNumber::parse("081234567890").unwrap().masked(), "+62812•••••890");
    }

    proptest! {
        #[test]
        fn a_printed_number_parses_back_to_itself(text in "\\PC{0,24}|[+0-9 ()./-]{0,24}") {
            if let Ok(entry) = PhoneEntry::parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(entry.number.as_str()), Ok(entry.number));
            }
        }

        #[test]
        fn a_number_in_normal_form_is_read_like_any_other(text in "\\+(62)?[0-9]{6,16}") {
            if is_normal_form(&text) {
                let entry = PhoneEntry::parse(&text).map(|entry| entry.number.0);
                prop_assert_eq!(entry, Ok(text));
            }
        }

        #[test]
        fn an_accepted_number_has_the_typed_digits_in_their_order(text in "[+0-9 ()./,;a-z-]{0,24}") {
            if let Ok(number) = PhoneNumber::parse(&text) {
                let typed: String = text.chars().filter(char::is_ascii_digit).collect();
                let national = number.as_str().trim_start_matches('+');
                let national = national.strip_prefix("62").unwrap_or(national);
                let end = typed.find(national).map(|start| start + national.len());
                let behind = end.map(|end| typed[end..].trim_matches('0').is_empty());
                prop_assert_eq!(behind, Some(true), "{} became {}", text, number);
            }
        }
    }
}
