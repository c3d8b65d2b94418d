//! Technicians (*teknisi*).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::ids::{TechnicianId, UserId};
use crate::phone::PhoneNumber;
use crate::user::parse_username;
use crate::validate::{FieldFault, Validator};

crate::text_enum! {
    /// A skill of technicians.
    SkillKind {
        Installation => "installation",
        Repair => "repair",
        /// Fusion splicing of fibre.
        Splicing => "splicing",
        Wireless => "wireless",
        /// Routers and switches of business customers.
        Network => "network",
    }
}

/// A skill and its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Skill {
    pub skill: SkillKind,
    /// 1 (beginner) to 5 (trainer).
    pub level: u8,
}

/// A technician and the linked user account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Technician {
    pub id: TechnicianId,
    pub user_id: UserId,
    pub username: String,
    pub name: String,
    pub phone: String,
    pub skills: Vec<Skill>,
    /// Location where the working day starts.
    pub base_latitude: Option<f64>,
    pub base_longitude: Option<f64>,
    pub last_latitude: Option<f64>,
    pub last_longitude: Option<f64>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub on_duty: bool,
    /// Technician and user account are both enabled.
    pub active: bool,
    pub telegram_linked: bool,
    /// Whether the technician has blocked the bot, so that no messages arrive.
    #[serde(default)]
    pub telegram_blocked: bool,
    /// Unfinished jobs of the technician.
    pub open_jobs: i64,
    /// Whether there is a photo of the identity card.
    pub identity_photo: bool,
    pub version: i64,
}

/// `POST /api/technicians`: creates the technician, the user account (role `user`) and the bag.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TechnicianCreate {
    pub name: String,
    pub phone: String,
    pub username: String,
    /// Initial password; it must be changed at the first login.
    pub password: String,
    #[serde(default)]
    pub skills: Vec<Skill>,
    #[serde(default)]
    pub base_latitude: Option<f64>,
    #[serde(default)]
    pub base_longitude: Option<f64>,
}

/// `PUT /api/technicians/{id}`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TechnicianUpdate {
    pub name: String,
    pub phone: String,
    #[serde(default)]
    pub skills: Vec<Skill>,
    #[serde(default)]
    pub base_latitude: Option<f64>,
    #[serde(default)]
    pub base_longitude: Option<f64>,
    pub on_duty: bool,
    pub active: bool,
}

/// Validated data of a technician.
#[derive(Debug, Clone)]
pub struct TechnicianData {
    pub name: String,
    pub phone: PhoneNumber,
    pub skills: Vec<Skill>,
    pub base: Option<Coordinates>,
}

fn parse_data(
    check: &mut Validator,
    name: &str,
    phone: &str,
    skills: &[Skill],
    base: (Option<f64>, Option<f64>),
) -> Option<TechnicianData> {
    let name = check.name("name", name, 100);
    let phone = check.accept("phone", PhoneNumber::parse(phone));
    for (index, skill) in skills.iter().enumerate() {
        check.range(&format!("skills[{index}].level"), skill.level.into(), 1, 5);
        if skills[..index].iter().any(|earlier| earlier.skill == skill.skill) {
            check.fail::<()>(&format!("skills[{index}].skill"), ErrorCode::Taken);
        }
    }
    let mut place = Validator::default();
    let base = Coordinates::check(&mut place, base.0, base.1);
    for fault in place.faults() {
        check.fail::<()>(&format!("base_{}", fault.field), fault.code);
    }
    let (name, phone) = name.zip(phone)?;
    Some(TechnicianData { name, phone, skills: skills.to_vec(), base })
}

impl TechnicianCreate {
    /// Validates user name and data; the service checks the password.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<(String, TechnicianData), Vec<FieldFault>> {
        let mut check = Validator::default();
        let username = check.accept("username", parse_username(&self.username));
        let base = (self.base_latitude, self.base_longitude);
        let data = parse_data(&mut check, &self.name, &self.phone, &self.skills, base);
        check.finish(username.zip(data))
    }
}

impl TechnicianUpdate {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<TechnicianData, Vec<FieldFault>> {
        let mut check = Validator::default();
        let base = (self.base_latitude, self.base_longitude);
        let data = parse_data(&mut check, &self.name, &self.phone, &self.skills, base);
        check.finish(data)
    }
}

crate::text_enum! {
    /// Sort order of the list of technicians.
    TechnicianSort {
        Name => "name",
        NameDescending => "-name",
    }
}

/// `GET /api/technicians`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct TechnicianQuery {
    /// Part of the name, user name or phone number.
    pub q: Option<String>,
    pub active: Option<bool>,
    pub on_duty: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<TechnicianSort>,
    pub with_total: Option<bool>,
}
