//! National identity numbers (NIK).

use crate::error::ErrorCode;
use crate::number::is_scientific_notation;
use crate::text::plain_code;

/// Placeholder for masked digits.
const MASK: &str = "••••••••••••";

/// A *Nomor Induk Kependudukan*: sixteen digits.
///
/// Deliberately without serialisation: responses contain [`Nik::masked`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Nik(String);

impl Nik {
    /// Parses sixteen digits; spaces and dots between them are dropped.
    ///
    /// # Errors
    /// [`ErrorCode::DigitsLost`] for a number that a spreadsheet rounded, otherwise
    /// [`ErrorCode::InvalidNik`].
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let text = plain_code(text);
        if is_scientific_notation(&text) {
            return Err(ErrorCode::DigitsLost);
        }
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        if digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(ErrorCode::InvalidNik)
        }
    }

    /// The digits. Callers that show them to a user must audit the access.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits; the rest is masked.
    pub fn masked(&self) -> String {
        format!("{MASK}{}", &self.0[12..])
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nik({})", self.masked())
    }
}

/// NIK field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NikInput {
    Full(Nik),
    /// The masked number as it was returned: keep the stored number.
    Masked(String),
}

impl NikInput {
    /// Parses a complete number or the format of [`Nik::masked`].
    ///
    /// # Errors
    /// [`ErrorCode::InvalidNik`]
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let shown = text.strip_prefix(MASK);
        if shown.is_some_and(|end| end.len() == 4 && end.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Ok(Self::Masked(text.to_owned()));
        }
        Nik::parse(text).map(Self::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_can_be_sent_back() {
        let nik = Nik::parse("3404 0112 1290 0001").unwrap();
        assert_eq!(NikInput::parse(&nik.masked()), Ok(NikInput::Masked(nik.masked())));
        assert_eq!(NikInput::parse("3404011212900001"), Ok(NikInput::Full(nik)));
        for text in ["••••••••••••", "••••••••••••000a", "••••0001", "••••••••••••00011"]
        {
            assert_eq!(NikInput::parse(text), Err(ErrorCode::InvalidNik), "{text}");
        }
    }
}
