//! Job types, priorities and kinds of timeline entries.

use crate::customer::CustomerStatus;
use crate::technician::SkillKind;
use crate::{Lang, Localized};

crate::text_enum! {
    /// Type of a job.
    JobType {
        Installation => "installation",
        Repair => "repair",
        Dismantle => "dismantle",
    }
}

/// Properties of a job type. A new type needs an entry here.
#[derive(Debug)]
pub struct JobTypeProfile {
    /// Prefix of the job number.
    pub number_prefix: &'static str,
    pub label: Localized,
    /// Default title without the customer's name.
    pub title: Localized,
    /// Skill that is used for the ranking of candidates.
    pub skill: SkillKind,
    /// What happens to the device whose serial number the completion gives.
    pub device: DeviceMove,
    /// Whether the completion may name a second device, which this one replaces.
    pub exchanges_device: bool,
    /// Status of the customer after the completion, if it changes.
    pub customer_status: Option<CustomerStatus>,
    pub defaults: JobTypeDefaults,
}

/// Movement of the ONT at the completion of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceMove {
    /// From the technician's bag to the customer.
    Installed,
    /// From the customer into the technician's bag.
    TakenBack,
}

/// Default settings of a job type.
#[derive(Debug)]
pub struct JobTypeDefaults {
    /// Working hours until a job of normal priority is due.
    pub sla_hours: i64,
    pub min_photos: i64,
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
}

/// *Pasang baru* (PSB).
const INSTALLATION: JobTypeProfile = JobTypeProfile {
    number_prefix: "PSB",
    label: Localized { id: "Pemasangan", en: "Installation" },
    title: Localized { id: "Pemasangan baru", en: "New installation" },
    skill: SkillKind::Installation,
    device: DeviceMove::Installed,
    exchanges_device: false,
    customer_status: None,
    defaults: JobTypeDefaults {
        sla_hours: 72,
        min_photos: 1,
        needs_ont_serial_number: true,
        needs_attenuation: true,
    },
};

/// *Gangguan*.
const REPAIR: JobTypeProfile = JobTypeProfile {
    number_prefix: "GGN",
    label: Localized { id: "Gangguan", en: "Repair" },
    title: Localized { id: "Perbaikan", en: "Repair" },
    skill: SkillKind::Repair,
    device: DeviceMove::Installed,
    exchanges_device: true,
    customer_status: None,
    defaults: JobTypeDefaults {
        sla_hours: 24,
        min_photos: 1,
        needs_ont_serial_number: false,
        needs_attenuation: false,
    },
};

/// *Pencabutan*: the service ends and the device comes back.
const DISMANTLE: JobTypeProfile = JobTypeProfile {
    number_prefix: "CBT",
    label: Localized { id: "Pencabutan", en: "Dismantling" },
    title: Localized { id: "Pencabutan", en: "Dismantling" },
    skill: SkillKind::Installation,
    device: DeviceMove::TakenBack,
    exchanges_device: false,
    customer_status: Some(CustomerStatus::Terminated),
    defaults: JobTypeDefaults {
        sla_hours: 72,
        min_photos: 1,
        needs_ont_serial_number: true,
        needs_attenuation: false,
    },
};

impl JobType {
    /// The properties of the type.
    pub const fn profile(self) -> &'static JobTypeProfile {
        match self {
            JobType::Installation => &INSTALLATION,
            JobType::Repair => &REPAIR,
            JobType::Dismantle => &DISMANTLE,
        }
    }

    /// Prefix of the job number.
    pub const fn number_prefix(self) -> &'static str {
        self.profile().number_prefix
    }

    /// Display name of the type.
    pub const fn label_in(self, lang: Lang) -> &'static str {
        self.profile().label.in_lang(lang)
    }

    /// Title of a job that is created without a title.
    pub fn default_title(self, lang: Lang, customer: &str) -> String {
        format!("{} – {customer}", self.profile().title.in_lang(lang))
    }
}

crate::text_enum! {
    /// Priority of a job; it determines the due time.
    JobPriority {
        Low => "low",
        Normal => "normal",
        High => "high",
        Urgent => "urgent",
    }
}

crate::text_enum! {
    /// SLA level of a job.
    SlaLevel {
        /// A quarter of the SLA time is left.
        Warning => "warning",
        /// The job is overdue.
        Breach => "breach",
    }
}

crate::text_enum! {
    /// Kind of a timeline entry.
    TimelineKind {
        Created => "created",
        Edited => "edited",
        Transition => "transition",
        Photo => "photo",
        Material => "material",
        /// Stock was insufficient when the job was accepted.
        ShortStock => "short_stock",
    }
}
