//! Filter of the job list.

use std::ops::Range;

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use shared::job::{JobPriority, JobSort, JobType};
use shared::job_state_machine::JobStatus;
use shared::{CustomerId, TechnicianId};

use crate::schema::{job_technicians, jobs as table};
use crate::search::{Condition, SearchQuery};

/// Unfinished jobs, as the condition of the index of them says it: both databases use that index only for the same
/// text. (`NOT`, because for a list of statuses SQLite would rather use the index of the statuses.)
const UNFINISHED: &str = "jobs.status NOT IN ('completed', 'closed', 'cancelled')";

/// The status, so that no index of statuses is used for it.
const STATUS_OF_ROW: &str = "(jobs.status || '')";

/// Filter of the job list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobFilter {
    /// Words that all have to occur.
    pub search: Option<SearchQuery>,
    pub statuses: Vec<JobStatus>,
    pub job_type: Option<JobType>,
    pub priorities: Vec<JobPriority>,
    pub technician: Option<TechnicianId>,
    pub customer: Option<CustomerId>,
    /// Unfinished, not on hold, and due before this time.
    pub due_before: Option<NaiveDateTime>,
    /// Due at or after this time.
    pub due_from: Option<NaiveDateTime>,
    /// With an appointment in this span.
    pub appointment: Option<Range<NaiveDateTime>>,
}

impl JobFilter {
    /// Whether all jobs match.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the list is ranked by how well the search matches.
    pub fn is_ranked(&self, sort: Option<JobSort>) -> bool {
        self.search.is_some() && sort.is_none() && self.is_search_alone()
    }

    /// Whether nothing but the search limits the jobs.
    pub(super) fn is_search_alone(&self) -> bool {
        Self { search: None, ..self.clone() }.is_empty()
    }

    /// Whether the filter leaves few jobs even without the search.
    pub(super) fn is_narrow(&self) -> bool {
        self.technician.is_some()
            || self.customer.is_some()
            || self.appointment.is_some()
            || self.is_unfinished_only()
    }

    /// Whether finished jobs are left out.
    pub(super) fn is_unfinished_only(&self) -> bool {
        let unfinished = |status: &JobStatus| status.is_unfinished();
        self.due_before.is_some()
            || (!self.statuses.is_empty() && self.statuses.iter().all(unfinished))
    }

    /// The conditions, except the search. With `by_due_time` unfinished jobs are found in the index that has them in this
    /// order, otherwise in those of their statuses.
    pub(super) fn conditions(&self, by_due_time: bool) -> Vec<Condition<table::table>> {
        let mut all: Vec<Condition<table::table>> = Vec::new();
        let by_due_time = by_due_time || self.due_before.is_some();
        let unfinished = self.is_unfinished_only() && by_due_time;
        if unfinished {
            all.push(Box::new(sql::<Bool>(UNFINISHED)));
        }
        let mut one_of = |statuses: &[JobStatus]| {
            all.push(match unfinished {
                true => Box::new(sql::<Text>(STATUS_OF_ROW).eq_any(statuses.to_vec())),
                false => Box::new(table::status.eq_any(statuses.to_vec())),
            });
        };
        if !self.statuses.is_empty() {
            one_of(&self.statuses);
        }
        if let Some(time) = self.due_before {
            one_of(&SLA_RUNNING);
            all.push(Box::new(table::due_at.lt(time)));
        }
        if let Some(job_type) = self.job_type {
            all.push(Box::new(table::job_type.eq(job_type)));
        }
        if !self.priorities.is_empty() {
            all.push(Box::new(table::priority.eq_any(self.priorities.clone())));
        }
        if let Some(customer) = self.customer {
            all.push(Box::new(table::customer_id.eq(customer)));
        }
        if let Some(time) = self.due_from {
            all.push(Box::new(table::due_at.ge(time)));
        }
        if let Some(span) = &self.appointment {
            let start = table::scheduled_start.assume_not_null();
            all.push(Box::new(start.ge(span.start).and(start.lt(span.end))));
        }
        if let Some(technician) = self.technician {
            let own = job_technicians::table
                .filter(job_technicians::technician_id.eq(technician))
                .select(job_technicians::job_id);
            all.push(match self.is_unfinished_only() {
                true => Box::new(table::id.eq_any(own.filter(job_technicians::unfinished))),
                false => Box::new(table::id.eq_any(own)),
            });
        }
        all
    }
}

/// Statuses whose SLA clock runs.
pub const SLA_RUNNING: [JobStatus; 5] = [
    JobStatus::Open,
    JobStatus::Assigned,
    JobStatus::Accepted,
    JobStatus::EnRoute,
    JobStatus::InProgress,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_of_the_index_names_exactly_the_finished_statuses() {
        let finished = JobStatus::ALL.iter().filter(|status| !status.is_unfinished());
        let names: Vec<String> = finished.map(|status| format!("'{status}'")).collect();
        assert_eq!(UNFINISHED, format!("jobs.status NOT IN ({})", names.join(", ")));
    }
}
