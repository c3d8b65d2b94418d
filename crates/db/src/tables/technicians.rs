//! Technicians.

use chrono::NaiveDateTime;
use diesel::dsl::{InnerJoinQuerySource, count_star};
use diesel::prelude::*;
use shared::technician::TechnicianSort;
use shared::{Coordinates, PhoneNumber, Role, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{job_technicians, technicians as table, users};
use crate::search::{self, Condition, Searchable};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct TechnicianRow {
    pub id: TechnicianId,
    pub user_id: UserId,
    pub name: String,
    pub phone: PhoneNumber,
    pub base_latitude: Option<f64>,
    pub base_longitude: Option<f64>,
    pub last_latitude: Option<f64>,
    pub last_longitude: Option<f64>,
    pub last_seen_at: Option<NaiveDateTime>,
    pub on_duty: bool,
    pub active: bool,
    pub version: i64,
}

/// The user account of a technician.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct TechnicianUser {
    pub username: String,
    pub role: Role,
    pub active: bool,
}

/// A technician with the user account. Both have to be active for the technician to work.
pub type TechnicianWithUser = (TechnicianRow, TechnicianUser);

type Joined = InnerJoinQuerySource<table::table, users::table>;

/// What the office can set.
#[derive(Debug, Clone)]
pub struct TechnicianValues<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub phone: &'a PhoneNumber,
    pub base: Option<Coordinates>,
    pub on_duty: bool,
    pub active: bool,
}

impl TechnicianValues<'_> {
    fn search_text(&self) -> String {
        search::search_text(&[self.name, self.username, self.phone.as_str()])
    }
}

/// Filter of the technician list.
#[derive(Debug, Clone, Default)]
pub struct TechnicianFilter {
    /// Words that all have to occur.
    pub words: Vec<String>,
    pub active: Option<bool>,
    pub on_duty: Option<bool>,
}

fn conditions(filter: &TechnicianFilter) -> Vec<Condition<Joined>> {
    let mut all: Vec<Condition<Joined>> =
        search::contains_all(Searchable::Technicians, &filter.words);
    match filter.active {
        Some(true) => all.push(Box::new(table::active.eq(true).and(users::active.eq(true)))),
        Some(false) => all.push(Box::new(table::active.eq(false).or(users::active.eq(false)))),
        None => {}
    }
    if let Some(on_duty) = filter.on_duty {
        all.push(Box::new(table::on_duty.eq(on_duty)));
    }
    all
}

/// Technicians by name, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &TechnicianFilter,
    sort: TechnicianSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<TechnicianWithUser>, DbError> {
    let mut query = table::table
        .inner_join(users::table)
        .select((TechnicianRow::as_select(), TechnicianUser::as_select()))
        .into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        let (name, id) = (cursor.as_text().to_owned(), TechnicianId(cursor.id));
        let same_or = table::name.eq(name.clone());
        query = match sort {
            TechnicianSort::Name => {
                query.filter(table::name.gt(name).or(same_or.and(table::id.gt(id))))
            }
            TechnicianSort::NameDescending => {
                query.filter(table::name.lt(name).or(same_or.and(table::id.lt(id))))
            }
        };
    }
    query = match sort {
        TechnicianSort::Name => query.order((table::name.asc(), table::id.asc())),
        TechnicianSort::NameDescending => query.order((table::name.desc(), table::id.desc())),
    };
    Ok(query.limit(limit).load(conn)?)
}

/// Counts the matching technicians.
pub fn count(conn: &mut Conn, filter: &TechnicianFilter) -> Result<i64, DbError> {
    let mut query = table::table.inner_join(users::table).into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// One technician.
pub fn find(conn: &mut Conn, id: TechnicianId) -> Result<Option<TechnicianWithUser>, DbError> {
    Ok(table::table
        .inner_join(users::table)
        .filter(table::id.eq(id))
        .select((TechnicianRow::as_select(), TechnicianUser::as_select()))
        .first(conn)
        .optional()?)
}

/// Counts the unfinished jobs of each of these technicians; those without any are left out.
pub fn count_open_jobs(
    conn: &mut Conn,
    ids: &[TechnicianId],
) -> Result<Vec<(TechnicianId, i64)>, DbError> {
    Ok(job_technicians::table
        .filter(job_technicians::unfinished)
        .filter(job_technicians::technician_id.eq_any(ids.to_vec()))
        .group_by(job_technicians::technician_id)
        .select((job_technicians::technician_id, count_star()))
        .load(conn)?)
}

/// Adds a technician.
pub fn insert(
    conn: &mut Conn,
    user_id: UserId,
    values: &TechnicianValues<'_>,
    now: NaiveDateTime,
) -> Result<TechnicianId, DbError> {
    let row = (
        table::user_id.eq(user_id),
        table::name.eq(values.name),
        table::phone.eq(values.phone),
        table::base_latitude.eq(values.base.map(Coordinates::latitude)),
        table::base_longitude.eq(values.base.map(Coordinates::longitude)),
        table::on_duty.eq(values.on_duty),
        table::active.eq(values.active),
        table::search_text.eq(values.search_text()),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Updates a technician that still has `version`; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    id: TechnicianId,
    version: i64,
    values: &TechnicianValues<'_>,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    let changed = diesel::update(row)
        .set((
            table::name.eq(values.name),
            table::phone.eq(values.phone),
            table::base_latitude.eq(values.base.map(Coordinates::latitude)),
            table::base_longitude.eq(values.base.map(Coordinates::longitude)),
            table::on_duty.eq(values.on_duty),
            table::active.eq(values.active),
            table::search_text.eq(values.search_text()),
            table::version.eq(version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Whether a technician and the user account are active; `None` if there is none. On PostgreSQL both
/// rows are locked until the transaction ends, so that nobody is assigned while being deactivated.
pub fn is_active(conn: &mut Conn, id: TechnicianId) -> Result<Option<bool>, DbError> {
    let row = table::table
        .inner_join(users::table)
        .filter(table::id.eq(id))
        .select((table::active, users::active));
    let active: Result<(bool, bool), _> = match conn {
        Conn::Sqlite(conn) => row.first(conn),
        Conn::Postgres(conn) => row.for_share().first(conn),
    };
    Ok(active.optional()?.map(|(technician, login)| technician && login))
}

/// Whether a technician has this phone number.
pub fn has_phone(conn: &mut Conn, phone: &PhoneNumber) -> Result<bool, DbError> {
    let of_one = table::table.filter(table::phone.eq(phone.clone()));
    Ok(diesel::select(diesel::dsl::exists(of_one)).get_result(conn)?)
}

/// The user account of a technician.
pub fn find_user_id(conn: &mut Conn, id: TechnicianId) -> Result<Option<UserId>, DbError> {
    Ok(table::table.find(id).select(table::user_id).first(conn).optional()?)
}

/// Records a technician's last position. Does not increment the version, because nobody edits it.
pub fn set_last_seen(
    conn: &mut Conn,
    id: TechnicianId,
    place: Coordinates,
    at: NaiveDateTime,
) -> Result<bool, DbError> {
    let newer = table::last_seen_at.is_null().or(table::last_seen_at.le(at));
    let changed = diesel::update(table::table.find(id).filter(newer))
        .set((
            table::last_latitude.eq(place.latitude()),
            table::last_longitude.eq(place.longitude()),
            table::last_seen_at.eq(at),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Sets whether a technician is on duty.
pub fn set_on_duty(
    conn: &mut Conn,
    id: TechnicianId,
    on_duty: bool,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((
            table::on_duty.eq(on_duty),
            table::version.eq(table::version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts the active technicians, and those of them who are on duty.
pub fn count_active(conn: &mut Conn) -> Result<(i64, i64), DbError> {
    let active = table::table
        .inner_join(users::table)
        .filter(table::active.eq(true).and(users::active.eq(true)));
    let all = active.count().get_result(conn)?;
    let on_duty = active.filter(table::on_duty.eq(true)).count().get_result(conn)?;
    Ok((all, on_duty))
}
