//! Lists of jobs.

use std::collections::HashMap;

use diesel::expression::ValidGrouping;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;
use shared::job::JobSort;
use shared::{CustomerId, JobId};

use super::of_technician::JobsOfTechnician;
use super::{JobCustomer, JobFilter, JobRow, StoredJob, stored_jobs};
use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::page::{CountUpTo, Found};
use crate::prepared::{Limited, Prepared};
use crate::schema::{customers, jobs as table};
use crate::search::{self, Condition, Hit, Indexed, SearchQuery, WordMatch};

/// Customers whose jobs are shown if only the inside of their names was found.
const MAX_CUSTOMERS: i64 = 50;

/// The first page of the unfiltered list in its default order, which the office loads most often.
/// Unlike the boxed query of [`list`], diesel caches this one by its type.
fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<StoredJob>, DbError> {
    let order = (table::created_at.desc(), table::id.desc());
    Ok(match conn {
        Conn::Sqlite(conn) => stored_jobs!().order(order).limit(limit).load(conn)?,
        // With the limit as a parameter PostgreSQL would plan each time.
        Conn::Postgres(conn) => Limited(stored_jobs!().order(order), limit).load(conn)?,
    })
}

/// Jobs in the given order, after `cursor`; the filter's search is compared row by row.
pub fn list(
    conn: &mut Conn,
    filter: &JobFilter,
    sort: JobSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<StoredJob>, DbError> {
    if cursor.is_none() && sort == JobSort::NewestFirst && filter.is_empty() {
        return newest(conn, limit);
    }
    if let Some(jobs) = of_technician_by_creation(filter, sort) {
        let ids = jobs.ids(conn, cursor, limit)?;
        return in_order(conn, &ids);
    }
    let by_due_time = matches!(sort, JobSort::DueFirst | JobSort::DueLast);
    let mut conditions = filter.conditions(by_due_time);
    if let Some(query) = &filter.search {
        conditions.extend(search::starts_with_all(Indexed::Jobs, query));
    }
    load(conn, filter, conditions, sort, cursor, limit)
}

/// The jobs of one technician, if the list is in the order in which the index of the assignments has them.
fn of_technician_by_creation(filter: &JobFilter, sort: JobSort) -> Option<JobsOfTechnician> {
    let oldest_first = match sort {
        JobSort::NewestFirst => false,
        JobSort::OldestFirst => true,
        _ => return None,
    };
    // A customer or a day has fewer jobs than a technician.
    if filter.customer.is_some() || filter.appointment.is_some() {
        return None;
    }
    let technician = filter.technician?;
    let filter = JobFilter { technician: None, ..filter.clone() };
    Some(JobsOfTechnician { technician, filter, oldest_first })
}

/// Sorts a query of jobs.
macro_rules! ordered {
    ($query:expr, $sort:expr) => {
        match $sort {
            JobSort::NewestFirst => $query.order((table::created_at.desc(), table::id.desc())),
            JobSort::OldestFirst => $query.order((table::created_at.asc(), table::id.asc())),
            JobSort::DueFirst => $query.order((table::due_at.asc(), table::id.asc())),
            JobSort::DueLast => $query.order((table::due_at.desc(), table::id.desc())),
            JobSort::Number => $query.order(table::number.asc()),
            JobSort::NumberDescending => $query.order(table::number.desc()),
            JobSort::AppointmentFirst => {
                $query.order((table::scheduled_start.asc(), table::id.asc()))
            }
        }
    };
}

/// Loads one page. Its jobs are found first, by their ids: where the order needs sorting, whole rows with customers and
/// technicians would take ten times as long.
fn load(
    conn: &mut Conn,
    filter: &JobFilter,
    conditions: Vec<Condition<table::table>>,
    sort: JobSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<StoredJob>, DbError> {
    let mut page = table::table.select(table::id).into_boxed();
    for condition in conditions {
        page = page.filter(condition);
    }
    if let Some(cursor) = cursor {
        page = page.filter(after(sort, cursor));
    }
    if sort == JobSort::AppointmentFirst {
        page = page.filter(table::scheduled_start.is_not_null());
    }
    let statement = ordered!(page, sort).limit(limit);
    // Lists of values and searches have too many different texts to cache them all.
    let few_texts =
        filter.search.is_none() && filter.statuses.is_empty() && filter.priorities.is_empty();
    let ids: Vec<JobId> =
        if few_texts { Prepared(statement).load(conn)? } else { statement.load(conn)? };
    in_order(conn, &ids)
}

/// The jobs with these ids, in their order; ids without a job are left out.
fn in_order(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<StoredJob>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<StoredJob> = match conn {
        Conn::Sqlite(conn) => stored_jobs!().filter(IdIsOneOf::new(ids)).load(conn)?,
        Conn::Postgres(conn) => stored_jobs!().filter(table::id.eq_any(ids)).load(conn)?,
    };
    let mut rows: HashMap<JobId, StoredJob> =
        rows.into_iter().map(|job| (job.row.id, job)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// SQLite only: whether the id is one of some, which are passed as one JSON array. The statement has the same text for
/// any number of ids, so it stays prepared and is found by its type.
#[derive(Debug, QueryId, ValidGrouping)]
struct IdIsOneOf {
    ids: String,
}

impl IdIsOneOf {
    fn new(ids: &[JobId]) -> Self {
        let ids: Vec<String> = ids.iter().map(JobId::to_string).collect();
        Self { ids: format!("[{}]", ids.join(",")) }
    }
}

impl Expression for IdIsOneOf {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for IdIsOneOf where table::id: AppearsOnTable<QS> {}

impl QueryFragment<Sqlite> for IdIsOneOf {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("jobs.id IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql("))");
        Ok(())
    }
}

/// Jobs in the given order, after `cursor`, with their cursors. A search without an order or further filters
/// shows the best matches first; with them it considers only the newest matches if there are very many.
pub fn search(
    conn: &mut Conn,
    filter: &JobFilter,
    sort: Option<JobSort>,
    by_default: JobSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Found<StoredJob>, DbError> {
    let sort_or_default = sort.unwrap_or(by_default);
    let with_cursors = |rows: Vec<StoredJob>| -> Vec<(StoredJob, Cursor)> {
        let with_cursor = |job: StoredJob| {
            let cursor = cursor_of(sort_or_default, &job.row);
            (job, cursor)
        };
        rows.into_iter().map(with_cursor).collect()
    };
    match &filter.search {
        Some(query) if filter.is_ranked(sort) => {
            let rows = ranked(conn, query, cursor, limit)?;
            Ok(Found { rows, capped: false })
        }
        Some(query) if !filter.is_narrow() => {
            let ids = search::newest(conn, Indexed::Jobs, query, search::MAX_CANDIDATES)?;
            let capped = ids.len() as i64 == search::MAX_CANDIDATES;
            let conditions = among(filter, ids);
            let rows = load(conn, filter, conditions, sort_or_default, cursor, limit)?;
            Ok(Found { rows: with_cursors(rows), capped })
        }
        _ => {
            let rows = list(conn, filter, sort_or_default, cursor, limit)?;
            Ok(Found { rows: with_cursors(rows), capped: false })
        }
    }
}

fn among(filter: &JobFilter, ids: Vec<i64>) -> Vec<Condition<table::table>> {
    let mut conditions = filter.conditions(false);
    let ids: Vec<JobId> = ids.into_iter().map(JobId).collect();
    conditions.push(Box::new(table::id.eq_any(ids)));
    conditions
}

fn ranked(
    conn: &mut Conn,
    query: &SearchQuery,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<(StoredJob, Cursor)>, DbError> {
    let after = cursor.and_then(search::position);
    let mut hits = search::ranked(conn, Indexed::Jobs, query, after, limit)?;
    let inside = after.is_none_or(|hit| hit.how == WordMatch::Inside);
    if hits.is_empty() && inside {
        hits = of_customers_inside(conn, query, after.map(|hit| hit.id), limit)?;
    }
    let ids: Vec<JobId> = hits.iter().map(|hit| JobId(hit.id)).collect();
    let cursors: HashMap<JobId, Cursor> =
        hits.iter().map(|hit| (JobId(hit.id), hit.cursor())).collect();
    let with_cursor = |job: StoredJob| Some((cursors.get(&job.row.id)?.clone(), job));
    let rows = in_order(conn, &ids)?.into_iter().filter_map(with_cursor);
    Ok(rows.map(|(cursor, job)| (job, cursor)).collect())
}

/// The newest jobs of customers with the words inside of their names.
fn of_customers_inside(
    conn: &mut Conn,
    query: &SearchQuery,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    // Only by the names: who reads a job may not see everything of its customer.
    let customers = search::with_name_parts(conn, query, MAX_CUSTOMERS)?;
    let customers: Vec<CustomerId> = customers.into_iter().map(CustomerId).collect();
    let ids: Vec<JobId> = table::table
        .filter(table::customer_id.eq_any(customers))
        .filter(table::id.lt(JobId(before.unwrap_or(i64::MAX))))
        .order(table::id.desc())
        .limit(limit)
        .select(table::id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| Hit { id: id.0, how: WordMatch::Inside }).collect())
}

/// Rows after the cursor. The redundant comparison of the sort key comes first because an index can use
/// it.
fn after(sort: JobSort, cursor: &Cursor) -> Condition<table::table> {
    let id = JobId(cursor.id);
    let time = cursor.as_time().unwrap_or_default();
    let text = cursor.as_text().to_owned();
    match sort {
        JobSort::NewestFirst => Box::new(
            table::created_at.le(time).and(table::created_at.lt(time).or(table::id.lt(id))),
        ),
        JobSort::OldestFirst => Box::new(
            table::created_at.ge(time).and(table::created_at.gt(time).or(table::id.gt(id))),
        ),
        JobSort::DueFirst => {
            Box::new(table::due_at.ge(time).and(table::due_at.gt(time).or(table::id.gt(id))))
        }
        JobSort::DueLast => {
            Box::new(table::due_at.le(time).and(table::due_at.lt(time).or(table::id.lt(id))))
        }
        JobSort::Number => Box::new(table::number.gt(text)),
        JobSort::NumberDescending => Box::new(table::number.lt(text)),
        JobSort::AppointmentFirst => {
            let start = table::scheduled_start.assume_not_null();
            Box::new(start.ge(time).and(start.gt(time).or(table::id.gt(id))))
        }
    }
}

/// The cursor of a row in a list with this sort order.
fn cursor_of(sort: JobSort, row: &JobRow) -> Cursor {
    match sort {
        JobSort::NewestFirst | JobSort::OldestFirst => Cursor::time(row.created_at, row.id.0),
        JobSort::DueFirst | JobSort::DueLast => Cursor::time(row.due_at, row.id.0),
        JobSort::Number | JobSort::NumberDescending => Cursor::text(&row.number, row.id.0),
        JobSort::AppointmentFirst => {
            Cursor::time(row.scheduled_start.unwrap_or(row.created_at), row.id.0)
        }
    }
}

/// Counts the matching jobs, up to one more than a total shows.
pub fn count(conn: &mut Conn, filter: &JobFilter) -> Result<i64, DbError> {
    let conditions = match &filter.search {
        None => filter.conditions(false),
        Some(query) if filter.is_search_alone() => {
            let limit = CountUpTo::LIMIT;
            let found = search::count(conn, Indexed::Jobs, query, limit)?;
            let inside = |conn: &mut Conn| of_customers_inside(conn, query, None, limit);
            return Ok(if found > 0 { found } else { inside(conn)?.len() as i64 });
        }
        Some(query) if filter.is_narrow() => {
            let mut conditions = filter.conditions(false);
            conditions.extend(search::starts_with_all(Indexed::Jobs, query));
            conditions
        }
        Some(query) => {
            among(filter, search::newest(conn, Indexed::Jobs, query, search::MAX_CANDIDATES)?)
        }
    };
    let mut query = table::table.select(table::id).into_boxed();
    for condition in conditions {
        query = query.filter(condition);
    }
    Ok(CountUpTo(query.limit(CountUpTo::LIMIT)).get_result(conn)?)
}
