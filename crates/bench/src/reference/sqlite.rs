//! The reference on SQLite: queries, and the conversion of rows to jobs.

use std::cell::RefCell;
use std::path::Path;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, Type, ValueRef};
use rusqlite::{Connection, OpenFlags, Row, Rows};
use shared::job::{Job, JobTechnician};
use shared::{CustomerId, JobId, Page, PlanId, TechnicianId, UserId};

use crate::reference::{page, sql};

/// The same cache size as a connection of the server.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA cache_size = -4000;
    PRAGMA temp_store = MEMORY;";

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// Runs `work` with this thread's connection.
pub fn with_connection<T>(
    database: &Path,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    CONNECTION.with_borrow_mut(|slot| {
        if slot.is_none() {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(database, flags)?;
            connection.execute_batch(PRAGMAS)?;
            *slot = Some(connection);
        }
        slot.as_ref().map_or(Err(rusqlite::Error::InvalidQuery), work)
    })
}

/// The first page.
pub fn list(conn: &Connection, limit: i64) -> rusqlite::Result<Page<Job>> {
    let mut statement = conn.prepare_cached(sql::LIST)?;
    Ok(page(jobs(statement.query([limit + 1])?, 21)?, limit))
}

/// One job.
pub fn get(conn: &Connection, id: i64) -> rusqlite::Result<Job> {
    let mut statement = conn.prepare_cached(sql::GET)?;
    let jobs = jobs(statement.query([id])?, 1)?;
    jobs.into_iter().next().ok_or(rusqlite::Error::QueryReturnedNoRows)
}

fn jobs(mut rows: Rows<'_>, expected: usize) -> rusqlite::Result<Vec<Job>> {
    let mut jobs: Vec<Job> = Vec::with_capacity(expected);
    while let Some(row) = rows.next()? {
        let id = JobId(row.get(0)?);
        if jobs.last().is_none_or(|last| last.id != id) {
            jobs.push(job(row, id)?);
        }
        if let (Some(technician), Some(job)) = (row.get(26)?, jobs.last_mut()) {
            let technician_id = TechnicianId(technician);
            job.technicians.push(JobTechnician {
                technician_id,
                name: row.get(27)?,
                lead: row.get(28)?,
            });
        }
    }
    Ok(jobs)
}

fn job(row: &Row<'_>, id: JobId) -> rusqlite::Result<Job> {
    Ok(Job {
        id,
        number: row.get(1)?,
        job_type: parse_column(row, 2)?,
        priority: parse_column(row, 3)?,
        status: parse_column(row, 4)?,
        title: row.get(5)?,
        description: row.get(6)?,
        customer_id: CustomerId(row.get(7)?),
        customer_name: row.get(8)?,
        customer_number: row.get(9)?,
        customer_phone: row.get(10)?,
        plan_id: row.get::<_, Option<i64>>(11)?.map(PlanId),
        address: row.get(12)?,
        latitude: row.get(13)?,
        longitude: row.get(14)?,
        scheduled_start: row.get::<_, Option<StoredTime>>(15)?.map(|time| time.0),
        scheduled_end: row.get::<_, Option<StoredTime>>(16)?.map(|time| time.0),
        due_at: row.get::<_, StoredTime>(17)?.0,
        on_hold_reason: row.get(18)?,
        technicians: Vec::new(),
        report: row.get(19)?,
        ont_serial_number: row.get(20)?,
        attenuation_dbm: row.get(21)?,
        // No repair of the seed took a device back.
        returned_device: None,
        created_by: UserId(row.get(22)?),
        created_at: row.get::<_, StoredTime>(23)?.0,
        completed_at: row.get::<_, Option<StoredTime>>(24)?.map(|time| time.0),
        version: row.get(25)?,
    })
}

fn parse_column<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let bad = || rusqlite::Error::InvalidColumnType(column, String::new(), Type::Text);
    row.get_ref(column)?.as_str()?.parse().map_err(|_| bad())
}

/// A UTC time as the server stores it: `2026-11-23 08:15:00.123456`.
struct StoredTime(DateTime<Utc>);

impl FromSql for StoredTime {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?.as_bytes();
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            digits.iter().try_fold(0_u32, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
            })
        };
        let time = || {
            let year = i32::try_from(number(0, 4)?).ok()?;
            let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
            let digits = text.len().saturating_sub(20).min(9);
            let fraction = number(20.min(text.len()), 20.min(text.len()) + digits)?;
            let nanos = fraction * 10_u32.pow(9 - digits as u32);
            date.and_hms_nano_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?, nanos)
        };
        time().map(|time| StoredTime(time.and_utc())).ok_or(FromSqlError::InvalidType)
    }
}
