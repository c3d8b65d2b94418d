//! Photos of a job.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, PhotoId};

crate::text_enum! {
    /// What a photo shows.
    PhotoKind {
        Before => "before",
        After => "after",
        Device => "device",
        /// The reading of the optical power meter.
        Attenuation => "attenuation",
        Speedtest => "speedtest",
        Signature => "signature",
        Other => "other",
    }
}

/// A stored photo: re-encoded, without the metadata of the camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Photo {
    pub id: PhotoId,
    pub job_id: JobId,
    pub kind: PhotoKind,
    /// Needs the same sign-in as everything else.
    pub url: String,
    pub thumbnail_url: String,
    /// Of the stored file, in hex.
    pub sha256: String,
    /// Pixels, after the camera's rotation was applied.
    pub width: i32,
    pub height: i32,
    /// What the camera wrote, read as the organisation's local time.
    pub taken_at: Option<DateTime<Utc>>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub uploaded_by: String,
    pub created_at: DateTime<Utc>,
}
