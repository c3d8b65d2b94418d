//! Identity data of persons: few roles may read it, and every access is audited.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `GET /api/customers/{id}/nik`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerNik {
    /// All sixteen digits.
    pub nik: String,
}

/// The stored photo of an identity card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityPhoto {
    /// In pixels, after the rotation of the camera was applied.
    pub width: i32,
    pub height: i32,
    pub uploaded_by: String,
    pub uploaded_at: DateTime<Utc>,
}
