//! Internet plans.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::PlanId;
use crate::money::Rupiah;
use crate::validate::{FieldFault, Validator};

/// An internet plan (*paket*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    pub id: PlanId,
    /// Unique, for example `HOME-20`.
    pub code: String,
    pub name: String,
    pub speed_mbps: i32,
    /// Rupiah per month.
    pub price: Rupiah,
    pub version: i64,
}

/// `POST /api/plans`, `PUT /api/plans/{id}`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanInput {
    pub code: String,
    pub name: String,
    pub speed_mbps: i32,
    pub price: Rupiah,
}

/// Parses the code of a plan, item or location: upper case, 1 to 40 of `A–Z 0–9 . - _`.
///
/// # Errors
/// [`ErrorCode::InvalidCode`]
pub fn parse_code(text: &str) -> Result<String, ErrorCode> {
    let code = text.trim().to_ascii_uppercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if (1..=40).contains(&code.len()) && code.chars().all(allowed) {
        Ok(code)
    } else {
        Err(ErrorCode::InvalidCode)
    }
}

impl PlanInput {
    /// Validates the request and normalises code and name.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(self) -> Result<PlanInput, Vec<FieldFault>> {
        let mut check = Validator::default();
        let code = check.accept("code", parse_code(&self.code));
        let name = check.name("name", &self.name, 100);
        check.range("speed_mbps", self.speed_mbps.into(), 1, 100_000);
        check.range("price", self.price.0, 0, 1_000_000_000);
        let plan = code.zip(name).map(|(code, name)| PlanInput { code, name, ..self });
        check.finish(plan)
    }
}
