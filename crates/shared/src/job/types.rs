//! The kinds of jobs, priorities and entries of the timeline.

use crate::technician::SkillKind;
use crate::{Lang, Localized};

crate::text_enum! {
    /// What kind of work a job is.
    JobType {
        Installation => "installation",
        Repair => "repair",
    }
}

/// What distinguishes a type of job from the others. A new type needs an entry here.
#[derive(Debug)]
pub struct JobTypeProfile {
    /// First part of the job's number.
    pub number_prefix: &'static str,
    pub label: Localized,
    /// First part of the default title; the customer's name follows.
    pub title: Localized,
    /// The skill that counts when technicians are ranked.
    pub skill: SkillKind,
    pub defaults: JobTypeDefaults,
}

/// Settings of a type of job until the organisation changes them.
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
    label: Localized { id: "Perbaikan", en: "Repair" },
    title: Localized { id: "Perbaikan", en: "Repair" },
    skill: SkillKind::Repair,
    defaults: JobTypeDefaults {
        sla_hours: 24,
        min_photos: 1,
        needs_ont_serial_number: false,
        needs_attenuation: false,
    },
};

impl JobType {
    /// The profile of the type.
    pub const fn profile(self) -> &'static JobTypeProfile {
        match self {
            JobType::Installation => &INSTALLATION,
            JobType::Repair => &REPAIR,
        }
    }

    /// First part of the job's number.
    pub const fn number_prefix(self) -> &'static str {
        self.profile().number_prefix
    }

    /// The name of the type in a language.
    pub const fn label_in(self, lang: Lang) -> &'static str {
        self.profile().label.in_lang(lang)
    }

    /// Title of a job that was created without one.
    pub fn default_title(self, lang: Lang, customer: &str) -> String {
        format!("{} – {customer}", self.profile().title.in_lang(lang))
    }
}

crate::text_enum! {
    /// How urgent a job is; it decides the due time.
    JobPriority {
        Low => "low",
        Normal => "normal",
        High => "high",
        Urgent => "urgent",
    }
}

crate::text_enum! {
    /// How near the end of a job's SLA is.
    SlaLevel {
        /// A quarter of the time is left.
        Warning => "warning",
        /// The due time has passed.
        Breach => "breach",
    }
}

crate::text_enum! {
    /// What an entry of a job's timeline tells.
    TimelineKind {
        Created => "created",
        Edited => "edited",
        Transition => "transition",
        Photo => "photo",
        Material => "material",
        /// Material was short when the job was accepted.
        ShortStock => "short_stock",
    }
}
