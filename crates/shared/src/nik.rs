//! The national identity number.

use crate::error::ErrorCode;

/// Stands for the digits that are not shown.
const MASK: &str = "••••••••••••";

/// A *Nomor Induk Kependudukan*: sixteen digits.
///
/// It serialises to nothing readable on purpose: what leaves the server is [`Nik::masked`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Nik(String);

impl Nik {
    /// Reads sixteen digits; blanks and dots between them are dropped.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidNik`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let digits: String =
            text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}')).collect();
        if digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(ErrorCode::InvalidNik)
        }
    }

    /// The digits. Whoever shows them to a person has to audit it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits, the rest hidden.
    pub fn masked(&self) -> String {
        format!("{MASK}{}", &self.0[12..])
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nik({})", self.masked())
    }
}

/// What stands in a request in the place of the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NikInput {
    Full(Nik),
    /// As it is shown, sent back: the number that is stored is meant.
    Masked(String),
}

impl NikInput {
    /// Reads a number in full or as [`Nik::masked`] shows it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidNik`] for anything else.
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
