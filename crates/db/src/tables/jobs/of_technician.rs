//! The jobs of one technician.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{JobId, TechnicianId};

use super::JobFilter;
use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{job_technicians as table, jobs};
use crate::search::{self, Indexed};
use crate::stored_time::StoredTime;

/// Assignments whose jobs are compared with the filter at once, for each job of the page.
const FIRST_STEP: i64 = 4;
/// The most that are compared at once.
const LARGEST_STEP: i64 = 2_000;

/// Which jobs of a technician.
pub(super) struct JobsOfTechnician {
    pub technician: TechnicianId,
    /// Of the jobs, without the technician.
    pub filter: JobFilter,
    pub oldest_first: bool,
}

impl JobsOfTechnician {
    /// Their ids in the order of their creation, after `cursor`. The index of the assignments has this order, so only as
    /// many jobs are read as the page needs, and not all that the technician ever had.
    pub fn ids(
        &self,
        conn: &mut Conn,
        cursor: Option<&Cursor>,
        limit: i64,
    ) -> Result<Vec<JobId>, DbError> {
        let mut after =
            cursor.map(|cursor| (cursor.as_time().unwrap_or_default(), JobId(cursor.id)));
        if self.filter.is_empty() {
            let assigned = self.assignments(conn, after, limit)?;
            return Ok(assigned.into_iter().map(|(_, id)| id).collect());
        }
        let mut found: Vec<JobId> = Vec::new();
        let mut step = (limit * FIRST_STEP).min(LARGEST_STEP);
        loop {
            let assigned = self.assignments(conn, after, step)?;
            let ids: Vec<JobId> = assigned.iter().map(|(_, id)| *id).collect();
            let matching = self.matching(conn, &ids)?;
            found.extend(ids.iter().filter(|id| matching.contains(id)));
            let is_last = (assigned.len() as i64) < step;
            if is_last || found.len() as i64 >= limit {
                found.truncate(limit as usize);
                return Ok(found);
            }
            after = assigned.last().copied();
            step = (step * 4).min(LARGEST_STEP);
        }
    }

    fn assignments(
        &self,
        conn: &mut Conn,
        after: Option<(NaiveDateTime, JobId)>,
        limit: i64,
    ) -> Result<Vec<(NaiveDateTime, JobId)>, DbError> {
        let (at, job) = (table::job_created_at, table::job_id);
        let mut query = table::table
            .filter(table::technician_id.eq(self.technician))
            .select((at, job))
            .into_boxed();
        if self.filter.is_unfinished_only() {
            query = query.filter(table::unfinished);
        }
        if let Some((time, id)) = after {
            query = match self.oldest_first {
                true => query.filter(at.ge(time).and(at.gt(time).or(job.gt(id)))),
                false => query.filter(at.le(time).and(at.lt(time).or(job.lt(id)))),
            };
        }
        let query = match self.oldest_first {
            true => query.order((at.asc(), job.asc())),
            false => query.order((at.desc(), job.desc())),
        };
        let rows: Vec<(StoredTime, JobId)> = Prepared(query.limit(limit)).load(conn)?;
        Ok(rows.into_iter().map(|(at, id)| (at.into(), id)).collect())
    }

    fn matching(&self, conn: &mut Conn, ids: &[JobId]) -> Result<HashSet<JobId>, DbError> {
        let mut query =
            jobs::table.select(jobs::id).filter(jobs::id.eq_any(ids.to_vec())).into_boxed();
        for condition in self.filter.conditions(false) {
            query = query.filter(condition);
        }
        if let Some(words) = &self.filter.search {
            for condition in search::starts_with_all(Indexed::Jobs, words) {
                query = query.filter(condition);
            }
        }
        let matching: Vec<JobId> = query.load(conn)?;
        Ok(matching.into_iter().collect())
    }
}
