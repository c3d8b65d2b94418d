//! Transitions of a job.

use super::evidence::{MAX_REPORT_CHARS, attenuation_range_text, check_attenuation};
use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::inventory::{Line, parse_lines};
use crate::job_state_machine::JobAction;
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Path of the field with the serial number of the device that was taken back.
pub const RETURNED_SERIAL_NUMBER: &str = "returned_device.serial_number";

crate::text_enum! {
    /// Condition of a device that was taken back.
    DeviceCondition {
        /// It works and can be used again.
        Used => "used",
        Damaged => "damaged",
    }
}

/// A device that was taken back from the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReturnedDevice {
    pub serial_number: String,
    pub condition: DeviceCondition,
}

/// `POST /api/jobs/{id}/transitions`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitionRequest {
    pub action: JobAction,
    #[serde(default)]
    pub reason: Option<String>,
    /// Time on the technician's device, which may have been offline.
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
    /// Material installed at the customer.
    #[serde(default)]
    pub materials: Option<Vec<Line>>,
    /// For `complete` of a repair: the device that another one replaces. It lies in the technician's bag afterwards.
    #[serde(default)]
    pub returned_device: Option<ReturnedDevice>,
}

impl TransitionRequest {
    /// A request for an action without further data.
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
            returned_device: None,
        }
    }
}

/// Validated [`TransitionRequest`].
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
    pub returned_device: Option<ReturnedDevice>,
}

impl TransitionRequest {
    /// Validates the request. `assign` has its own endpoint and is refused.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<TransitionInput, Vec<FieldFault>> {
        let mut check = Validator::default();
        if self.action == JobAction::Assign {
            check.fail_with::<()>("action", ErrorCode::WrongType, "POST /assign");
        }
        let reason = check.optional_prose("reason", self.reason.as_deref(), MAX_REASON_CHARS);
        let place = Coordinates::check(&mut check, self.latitude, self.longitude);
        let report = check.optional_prose("report", self.report.as_deref(), MAX_REPORT_CHARS);
        let ont_serial_number = self
            .ont_serial_number
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .and_then(|text| check.serial_number("ont_serial_number", text));
        let returned_device = self.returned_device.as_ref().and_then(|device| {
            let serial_number =
                check.serial_number(RETURNED_SERIAL_NUMBER, &device.serial_number)?;
            if ont_serial_number.as_ref() == Some(&serial_number) {
                return check.fail(RETURNED_SERIAL_NUMBER, ErrorCode::Taken);
            }
            Some(ReturnedDevice { serial_number, ..*device })
        });
        let attenuation_dbm = self.attenuation_dbm.and_then(|dbm| match check_attenuation(dbm) {
            Ok(dbm) => Some(dbm),
            Err(code) => check.fail_with("attenuation_dbm", code, attenuation_range_text()),
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
            returned_device,
        });
        check.finish(step)
    }
}
