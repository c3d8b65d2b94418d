//! Photos of a job.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, PhotoId};

crate::text_enum! {
    /// Subject of a photo.
    PhotoKind {
        Before => "before",
        After => "after",
        Device => "device",
        /// Reading of the optical power meter.
        Attenuation => "attenuation",
        Speedtest => "speedtest",
        Signature => "signature",
        Other => "other",
    }
}

/// A stored photo: re-encoded, without camera metadata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Photo {
    pub id: PhotoId,
    pub job_id: JobId,
    pub kind: PhotoKind,
    /// Needs the same authentication as all other requests.
    pub url: String,
    pub thumbnail_url: String,
    /// SHA-256 of the stored file, in hex.
    pub sha256: String,
    /// In pixels, after the rotation of the camera was applied.
    pub width: i32,
    pub height: i32,
    /// Time from the camera, taken as local time of the organisation.
    pub taken_at: Option<DateTime<Utc>>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub uploaded_by: String,
    pub created_at: DateTime<Utc>,
}
