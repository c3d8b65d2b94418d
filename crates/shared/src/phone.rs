//! Phone numbers in a normal form.

use crate::error::ErrorCode;

/// A phone number in E.164 format, for example `+6281234567890`.
///
/// Numbers without a country code are parsed as Indonesian: `0812…`, `62812…` and `812…` are the
/// same number. The national part of an Indonesian number has 8 to 12 digits (numbering plan of the
/// ministry, *Rencana Dasar Teknis*), which covers mobile and fixed lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(
    feature = "diesel",
    derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)
)]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses any usual format.
    ///
    /// # Errors
    /// [`ErrorCode::PhoneInScientificNotation`] for a number that a spreadsheet turned into
    /// `6.28E+11`, otherwise [`ErrorCode::InvalidPhone`].
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let text = text.trim();
        if is_scientific_notation(text) {
            return Err(ErrorCode::PhoneInScientificNotation);
        }
        let international = text.starts_with('+') || text.starts_with("00");
        let mut digits = String::with_capacity(text.len());
        for (index, character) in text.chars().enumerate() {
            match character {
                '0'..='9' => digits.push(character),
                '+' if index == 0 => {}
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' | '/' => {}
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
        if !(8..=12).contains(&national.len()) || national.starts_with('0') {
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

/// `6.28123E+11`: mantissa, mark and exponent.
fn is_scientific_notation(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let number = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-'))
    };
    number(mantissa) && number(exponent)
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
            "81234567890",
            "006281234567890",
        ] {
            assert_eq!(
                PhoneNumber::parse(spelling).unwrap().as_str(),
                "+6281234567890",
                "{spelling}"
            );
        }
    }

    #[test]
    fn a_fixed_line_and_a_foreign_number_are_kept() {
        assert_eq!(PhoneNumber::parse("(0274) 563515").unwrap().as_str(), "+62274563515");
        assert_eq!(PhoneNumber::parse("+65 6123 4567").unwrap().as_str(), "+6561234567");
    }

    #[test]
    fn a_number_in_scientific_notation_has_its_own_error() {
        assert_eq!(PhoneNumber::parse("6.28123E+11"), Err(ErrorCode::PhoneInScientificNotation));
        assert_eq!(PhoneNumber::parse("6,28123E+11"), Err(ErrorCode::PhoneInScientificNotation));
    }

    #[test]
    fn invalid_numbers_are_rejected() {
        for text in ["", "0812", "abc", "0812😀345678", "+", "08123456789012345", "000000000000"]
        {
            assert_eq!(PhoneNumber::parse(text), Err(ErrorCode::InvalidPhone), "{text}");
        }
    }

    #[test]
    fn a_masked_number_keeps_its_ends_only() {
        assert_eq!(PhoneNumber::parse("081234567890").unwrap().masked(), "+62812•••••890");
    }
}
