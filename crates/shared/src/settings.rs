//! What an organisation can set for itself.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::ItemId;
use crate::job::JobType;
use crate::second_factor::SecondFactorDemand;
use crate::validate::{FieldFault, Validator};

/// `GET /api/settings`, `PUT /api/settings`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub installation: JobTypeSettings,
    pub repair: JobTypeSettings,
    pub calendar: WorkingCalendar,
    /// Who has to have a second factor.
    #[serde(default)]
    pub require_second_factor: SecondFactorDemand,
    /// Anybody may ask for a login, which an administrator then approves or not.
    #[serde(default)]
    pub registration_open: bool,
    /// Anybody may ask the bot to become a technician; an administrator then decides.
    #[serde(default = "open")]
    pub telegram_registration_open: bool,
    /// Areas that an applicant can choose from.
    #[serde(default)]
    pub service_areas: Vec<String>,
    #[serde(default)]
    pub version: i64,
}

/// What a type of job demands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobTypeSettings {
    /// Working hours until a job of normal priority is due.
    pub sla_hours: i64,
    /// Photos that have to be there before a job is completed.
    pub min_photos: i64,
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
    /// Leaves the warehouse for the bag when a technician accepts.
    pub materials: Vec<MaterialLine>,
}

/// One line of a default material list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MaterialLine {
    pub item_id: ItemId,
    pub quantity: i64,
}

/// When the SLA clock runs, in the organisation's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkingCalendar {
    /// Monday first; null is a day off.
    pub week: [Option<WorkingHours>; 7],
    pub holidays: Vec<NaiveDate>,
}

/// One working day. `00:00` to `00:00` is the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    pub opens: NaiveTime,
    pub closes: NaiveTime,
}

impl Default for WorkingCalendar {
    /// Around the clock: an internet fault does not wait for Monday.
    fn default() -> Self {
        let whole_day = WorkingHours { opens: NaiveTime::MIN, closes: NaiveTime::MIN };
        Self { week: [Some(whole_day); 7], holidays: Vec::new() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            installation: JobTypeSettings {
                sla_hours: 72,
                min_photos: 1,
                needs_ont_serial_number: true,
                needs_attenuation: true,
                materials: Vec::new(),
            },
            repair: JobTypeSettings {
                sla_hours: 24,
                min_photos: 1,
                needs_ont_serial_number: false,
                needs_attenuation: false,
                materials: Vec::new(),
            },
            calendar: WorkingCalendar::default(),
            require_second_factor: SecondFactorDemand::default(),
            registration_open: false,
            telegram_registration_open: open(),
            service_areas: Vec::new(),
            version: 1,
        }
    }
}

/// An organisation that has a bot wants technicians to find it.
const fn open() -> bool {
    true
}

/// Most areas that a list on a phone should have.
const MAX_SERVICE_AREAS: usize = 30;

impl Settings {
    /// The settings of a type of job.
    pub fn for_job_type(&self, job_type: JobType) -> &JobTypeSettings {
        match job_type {
            JobType::Installation => &self.installation,
            JobType::Repair => &self.repair,
        }
    }

    /// Reads a changed version of the settings: the names of areas normalised.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<Settings, Vec<FieldFault>> {
        let mut check = Validator::default();
        for (name, settings) in [("installation", &self.installation), ("repair", &self.repair)] {
            check.range(&format!("{name}.sla_hours"), settings.sla_hours, 1, 8_760);
            check.range(&format!("{name}.min_photos"), settings.min_photos, 0, 20);
            for (index, line) in settings.materials.iter().enumerate() {
                let path = format!("{name}.materials[{index}]");
                check.range(&format!("{path}.quantity"), line.quantity, 1, 100_000);
                if settings.materials[..index].iter().any(|other| other.item_id == line.item_id) {
                    check.fail::<()>(&format!("{path}.item_id"), ErrorCode::Taken);
                }
            }
        }
        if self.service_areas.len() > MAX_SERVICE_AREAS {
            check.fail::<()>("service_areas", ErrorCode::TooMany);
        }
        let areas = self.service_areas.iter().enumerate();
        let service_areas = areas
            .filter_map(|(index, area)| check.name(&format!("service_areas[{index}]"), area, 60))
            .collect();
        let midnight = NaiveTime::MIN;
        for (index, day) in self.calendar.week.iter().enumerate() {
            if day.is_some_and(|day| day.closes != midnight && day.closes <= day.opens) {
                check.fail::<()>(
                    &format!("calendar.week[{index}].closes"),
                    ErrorCode::EndsBeforeStart,
                );
            }
        }
        if self.calendar.week.iter().all(Option::is_none) {
            check.fail::<()>("calendar.week", ErrorCode::Required);
        }
        check.finish(Some(Settings { service_areas, ..self.clone() }))
    }
}
