//! The national identity number.

use crate::error::ErrorCode;

/// A *Nomor Induk Kependudukan*: sixteen digits.
///
/// It serialises to nothing readable on purpose: what leaves the server is [`Nik::masked`].
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "diesel",
    derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)
)]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
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
        format!("••••••••••••{}", &self.0[12..])
    }
}

impl std::fmt::Debug for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nik({})", self.masked())
    }
}

impl std::str::FromStr for Nik {
    type Err = crate::text_enum::UnknownText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|_| crate::text_enum::UnknownText("nik".to_owned()))
    }
}

crate::text_column!(Nik);
