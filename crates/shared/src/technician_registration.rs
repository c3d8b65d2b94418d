//! Registration of technicians with the bot (*pendaftaran teknisi*).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{RegistrationId, TechnicianId};
use crate::technician::SkillKind;
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};

crate::text_enum! {
    /// Status of a registration.
    RegistrationStatus {
        Pending => "pending",
        Approved => "approved",
        Rejected => "rejected",
    }
}

/// A registration of a technician.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TechnicianRegistration {
    pub id: RegistrationId,
    pub name: String,
    /// Phone number of the person's Telegram account.
    pub phone: String,
    /// Name in Telegram.
    pub telegram_name: String,
    pub area: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub skills: Vec<SkillKind>,
    /// Whether a photo of the identity card was sent.
    pub identity_photo: bool,
    pub status: RegistrationStatus,
    /// Why it was rejected.
    pub reason: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    /// The technician that was created from it.
    pub technician_id: Option<TechnicianId>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// `GET /api/technician-registrations`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct RegistrationQuery {
    pub status: Option<RegistrationStatus>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// `POST /api/technician-registrations/{id}/reject`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegistrationRejection {
    /// Shown to the applicant.
    pub reason: String,
}

impl RegistrationRejection {
    /// Validates the request and normalises the reason.
    ///
    /// # Errors
    /// The reason is missing or too long.
    pub fn parse(&self) -> Result<String, Vec<FieldFault>> {
        let mut check = Validator::default();
        let reason = check.prose("reason", &self.reason, MAX_REASON_CHARS);
        check.finish(reason)
    }
}

/// Data entered by an applicant.
#[derive(Debug, Clone, PartialEq)]
pub struct TechnicianApplication {
    pub name: String,
    pub phone: String,
    pub area: Option<String>,
    pub place: Option<crate::Coordinates>,
    pub skills: Vec<SkillKind>,
}

/// Parses the name of an applicant, at least the first name, as on the identity card.
///
/// # Errors
/// The name is too short, too long, or contains invalid characters.
pub fn parse_applicant_name(text: &str) -> Result<String, ErrorCode> {
    let mut check = Validator::default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = check.name("name", &text, 100);
    let name = check.finish(name).map_err(|faults| faults[0].code)?;
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 || name.chars().any(|c| c.is_numeric()) {
        return Err(ErrorCode::InvalidText);
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_letters_and_no_digits() {
        assert_eq!(parse_applicant_name("  Budi   Santoso ").unwrap(), "Budi Santoso");
        for text in ["", "B", "😀😀😀", "0812 3456 7890", "Budi 2"] {
            assert!(parse_applicant_name(text).is_err(), "{text}");
        }
    }
}
