//! What identifies a person: shown to few, and every look at it is in the audit.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `GET /api/customers/{id}/nik`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerNik {
    /// All sixteen digits.
    pub nik: String,
}

/// The photo of an identity card, as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityPhoto {
    /// Pixels, after the camera's rotation was applied.
    pub width: i32,
    pub height: i32,
    pub uploaded_by: String,
    pub uploaded_at: DateTime<Utc>,
}
