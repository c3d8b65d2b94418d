//! One step of a job's life.

use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::inventory::{Line, parse_lines};
use crate::job_state_machine::JobAction;
use crate::validate::{FieldFault, Validator};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `POST /api/jobs/{id}/transitions`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitionRequest {
    pub action: JobAction,
    #[serde(default)]
    pub reason: Option<String>,
    /// The time on the technician's phone, which may have been offline.
    #[serde(default)]
    pub device_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    /// For `complete`.
    #[serde(default)]
    pub report: Option<String>,
    #[serde(default)]
    pub ont_serial_number: Option<String>,
    #[serde(default)]
    pub attenuation_dbm: Option<f64>,
    /// What was used at the customer.
    #[serde(default)]
    pub materials: Option<Vec<Line>>,
}

impl TransitionRequest {
    /// A request for an action that needs nothing else.
    pub fn for_action(action: JobAction) -> Self {
        Self {
            action,
            reason: None,
            device_time: None,
            latitude: None,
            longitude: None,
            report: None,
            ont_serial_number: None,
            attenuation_dbm: None,
            materials: None,
        }
    }
}

/// The checked form of [`TransitionRequest`].
#[derive(Debug, Clone)]
pub struct TransitionInput {
    pub action: JobAction,
    pub reason: Option<String>,
    pub device_time: Option<DateTime<Utc>>,
    pub place: Option<Coordinates>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    pub attenuation_dbm: Option<f64>,
    pub materials: Vec<Line>,
}

/// Weakest and strongest plausible received power in dBm: below, no ONT locks; above, it burns.
const ATTENUATION_RANGE_DBM: std::ops::RangeInclusive<f64> = -50.0..=10.0;

impl TransitionRequest {
    /// Reads the request. `assign` has an endpoint of its own and is refused here.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<TransitionInput, Vec<FieldFault>> {
        let mut check = Validator::default();
        if self.action == JobAction::Assign {
            check.fail_with::<()>("action", ErrorCode::WrongType, "POST /assign");
        }
        let reason = check.optional_prose("reason", self.reason.as_deref(), 500);
        let place = Coordinates::check(&mut check, self.latitude, self.longitude);
        let report = check.optional_prose("report", self.report.as_deref(), 4_000);
        let ont_serial_number = check
            .optional_name("ont_serial_number", self.ont_serial_number.as_deref(), 60)
            .map(|serial| serial.to_uppercase());
        let attenuation_dbm = self.attenuation_dbm.and_then(|value| {
            if ATTENUATION_RANGE_DBM.contains(&value) {
                Some(value)
            } else {
                check.fail_with("attenuation_dbm", ErrorCode::OutOfRange, "-50–10 dBm")
            }
        });
        let materials = match &self.materials {
            Some(lines) if !lines.is_empty() => parse_lines(&mut check, "materials", lines),
            _ => Some(Vec::new()),
        };
        let step = materials.map(|materials| TransitionInput {
            action: self.action,
            reason,
            device_time: self.device_time,
            place,
            report,
            ont_serial_number,
            attenuation_dbm,
            materials,
        });
        check.finish(step)
    }
}
