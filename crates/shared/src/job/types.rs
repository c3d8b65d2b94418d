//! The kinds of jobs, priorities and entries of the timeline.

crate::text_enum! {
    /// What kind of work a job is.
    JobType {
        Installation => "installation",
        Repair => "repair",
    }
}

impl JobType {
    /// First part of the job's number: *pasang baru* or *gangguan*.
    pub const fn number_prefix(self) -> &'static str {
        match self {
            JobType::Installation => "PSB",
            JobType::Repair => "GGN",
        }
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
