//! Settings of the organisation.

use std::collections::BTreeMap;

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
    /// One entry per job type.
    pub job_types: BTreeMap<JobType, JobTypeSettings>,
    pub calendar: WorkingCalendar,
    /// Which roles must have a second factor.
    #[serde(default)]
    pub require_second_factor: SecondFactorDemand,
    /// Anybody may register a user account, which an administrator then approves or rejects.
    #[serde(default)]
    pub registration_open: bool,
    /// Anybody may register as a technician with the bot; an administrator then decides.
    #[serde(default = "open")]
    pub telegram_registration_open: bool,
    /// Areas that applicants choose from.
    #[serde(default)]
    pub service_areas: Vec<String>,
    #[serde(default)]
    pub version: i64,
}

/// Settings of a job type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobTypeSettings {
    /// Working hours until a job of normal priority is due.
    pub sla_hours: i64,
    /// Photos required before a job can be completed.
    pub min_photos: i64,
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
    /// Moved from the warehouse to the bag when a technician accepts a job.
    pub materials: Vec<MaterialLine>,
}

/// One line of the default materials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MaterialLine {
    pub item_id: ItemId,
    pub quantity: i64,
}

/// Hours that count for the SLA, in the organisation's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkingCalendar {
    /// Monday first; null is a day off.
    pub week: [Option<WorkingHours>; 7],
    pub holidays: Vec<NaiveDate>,
}

/// Hours of one working day. `00:00` to `00:00` is the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    pub opens: NaiveTime,
    pub closes: NaiveTime,
}

impl Default for WorkingCalendar {
    /// Around the clock, because faults occur at any time.
    fn default() -> Self {
        let whole_day = WorkingHours { opens: NaiveTime::MIN, closes: NaiveTime::MIN };
        Self { week: [Some(whole_day); 7], holidays: Vec::new() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            job_types: BTreeMap::new(),
            calendar: WorkingCalendar::default(),
            require_second_factor: SecondFactorDemand::default(),
            registration_open: false,
            telegram_registration_open: open(),
            service_areas: Vec::new(),
            version: 1,
        }
        .with_all_job_types()
    }
}

/// Default of `telegram_registration_open`.
const fn open() -> bool {
    true
}

/// Maximum number of service areas; more would not fit into a list on a phone.
const MAX_SERVICE_AREAS: usize = 30;

impl JobTypeSettings {
    /// Default settings of a job type.
    fn defaults(job_type: JobType) -> Self {
        let defaults = &job_type.profile().defaults;
        Self {
            sla_hours: defaults.sla_hours,
            min_photos: defaults.min_photos,
            needs_ont_serial_number: defaults.needs_ont_serial_number,
            needs_attenuation: defaults.needs_attenuation,
            materials: Vec::new(),
        }
    }
}

impl Settings {
    /// Adds the defaults of job types that the settings were stored without.
    #[must_use]
    pub fn with_all_job_types(mut self) -> Self {
        for &job_type in JobType::ALL {
            self.for_job_type_mut(job_type);
        }
        self
    }

    /// The settings of a job type, or its defaults.
    pub fn for_job_type(&self, job_type: JobType) -> JobTypeSettings {
        let stored = self.job_types.get(&job_type).cloned();
        stored.unwrap_or_else(|| JobTypeSettings::defaults(job_type))
    }

    /// The settings of a job type, mutable.
    pub fn for_job_type_mut(&mut self, job_type: JobType) -> &mut JobTypeSettings {
        self.job_types.entry(job_type).or_insert_with(|| JobTypeSettings::defaults(job_type))
    }

    /// Validates changed settings and normalises the names of areas.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<Settings, Vec<FieldFault>> {
        let mut check = Validator::default();
        for job_type in JobType::ALL {
            let name = format!("job_types.{job_type}");
            let Some(settings) = self.job_types.get(job_type) else {
                check.fail::<()>(&name, ErrorCode::Required);
                continue;
            };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stored_without_a_job_type_get_its_defaults_and_a_request_without_it_is_refused() {
        let mut settings = Settings::default();
        settings.job_types.remove(&JobType::Repair);
        let faults = settings.parse().unwrap_err();
        assert_eq!(faults, [FieldFault::new("job_types.repair", ErrorCode::Required)]);
        let completed = settings.with_all_job_types();
        assert_eq!(completed, Settings::default());
        let json = serde_json::to_value(&completed).unwrap();
        assert_eq!(json["job_types"]["repair"]["sla_hours"], 24);
    }
}
