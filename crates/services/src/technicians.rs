//! Technicians: each has a login and a bag.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use db::tables::technicians::{
    self as table, TechnicianFilter, TechnicianRow, TechnicianValues, TechnicianWithUser,
};
use db::tables::users::{self as users_table, UserValues};
use db::tables::{identity_photos, technician_skills, telegram_links};
use db::{Conn, Cursor, DbError, Tx};
use shared::live::{LiveEvent, TechnicianEvent, UserEvent};
use shared::technician::{
    Skill, Technician, TechnicianCreate, TechnicianQuery, TechnicianSort, TechnicianUpdate,
};
use shared::user::NewUser;
use shared::{Coordinates, ErrorCode, Page, Role, TechnicianId};

use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, check_version, map_unique_violation};
use crate::inventory::locations;
use crate::pagination::PageRequest;
use crate::personal_data::search_words;
use crate::{Actor, users};

/// Technicians by name, a page at a time.
///
/// # Errors
/// A wrong limit or mark.
pub fn list(conn: &mut Conn, query: &TechnicianQuery) -> Result<Page<Technician>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let filter = TechnicianFilter {
        words: search_words(query.q.as_deref())?,
        active: query.active,
        on_duty: query.on_duty,
    };
    let sort = query.sort.unwrap_or(TechnicianSort::Name);
    let rows = table::list(conn, &filter, sort, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let ids: Vec<TechnicianId> = rows.iter().map(|(row, _)| row.id).collect();
    let mut beside = RelatedData::load(conn, &ids)?;
    let mark = |(row, _): &TechnicianWithUser| Cursor::text(&row.name, row.id.0);
    Ok(page.page(rows, total, mark, |row| beside.view(row)))
}

/// One technician.
///
/// # Errors
/// Unknown.
pub fn get(conn: &mut Conn, id: TechnicianId) -> Result<Technician> {
    let row = table::find(conn, id)?.or_not_found()?;
    Ok(RelatedData::load(conn, &[id])?.view(row))
}

/// Adds a technician together with the login, whose password was hashed before and has to be
/// changed at the first sign-in, and the bag.
///
/// # Errors
/// Wrong fields; the user name or phone number is taken.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &TechnicianCreate,
    password_hash: &str,
) -> Result<Technician> {
    create_with(tx, actor, input, password_hash, true)
}

pub(crate) fn create_with(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &TechnicianCreate,
    password_hash: &str,
    must_change_password: bool,
) -> Result<Technician> {
    let (username, data) = input.parse()?;
    let login = NewUser { username, name: data.name.clone(), role: Role::User };
    let user_id = users::insert(tx, &login, password_hash, must_change_password)?;
    let values = TechnicianValues {
        username: &login.username,
        name: &data.name,
        phone: &data.phone,
        base: data.base,
        on_duty: true,
        active: true,
    };
    let now = tx.now().naive_utc();
    let id = table::insert(tx.conn(), user_id, &values, now)
        .map_err(|error| map_unique_violation("phone", error))?;
    technician_skills::replace(tx.conn(), id, &data.skills)?;
    locations::create_bag(tx, id, &data.name)?;
    let created = get(tx.conn(), id)?;
    let deed = AuditEvent { action: "technician.create", entity: "technician", entity_id: id.0 };
    audit::record::<Technician, _>(tx, actor, deed, None, Some(&created))?;
    tx.emit(LiveEvent::TechnicianCreated(technician_event(&created)));
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user_id }));
    Ok(created)
}

/// Changes a technician. Without `active` the login is switched off and signed out everywhere;
/// that needs all jobs of the technician to be finished or handed over first. A login of another
/// role than [`Role::User`] is left alone: it is managed with the other logins.
///
/// # Errors
/// Unknown; moved on since `expected`; wrong fields; the phone number is taken; deactivated with
/// unfinished jobs ([`ErrorCode::TechnicianBusy`]); a program that switches a login on or off
/// ([`ErrorCode::SignInRequired`]).
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: TechnicianId,
    expected: Option<i64>,
    input: &TechnicianUpdate,
) -> Result<Technician> {
    let (row, login) = table::find(tx.conn(), id)?.or_not_found()?;
    let record_active = row.active;
    let before = RelatedData::load(tx.conn(), &[id])?.view((row, login));
    check_version(expected, before.version)?;
    let switched = before.active != input.active;
    if switched && actor.api_key.is_some() {
        return Err(Error::refuse(ErrorCode::SignInRequired));
    }
    let data = input.parse()?;
    let values = TechnicianValues {
        username: &before.username,
        name: &data.name,
        phone: &data.phone,
        base: data.base,
        on_duty: input.on_duty && input.active,
        // While only the login is off, an edit of something else leaves the record on.
        active: if switched { input.active } else { record_active },
    };
    let now = tx.now().naive_utc();
    let changed = table::update(tx.conn(), id, before.version, &values, now)
        .map_err(|error| map_unique_violation("phone", error))?;
    if !changed {
        return Err(DbError::Conflict.into());
    }
    technician_skills::replace(tx.conn(), id, &data.skills)?;
    if switched || before.name != data.name {
        locations::rename_bag(tx, id, &data.name)?;
        update_account(tx, &before, &data.name, input.active)?;
    }
    let after = get(tx.conn(), id)?;
    // Counted after the row is written: from then on nobody can assign this technician.
    if switched && !after.active && after.open_jobs > 0 {
        return Err(Error::refuse_with(ErrorCode::TechnicianBusy, after.open_jobs));
    }
    let deed = AuditEvent { action: "technician.update", entity: "technician", entity_id: id.0 };
    audit::record(tx, actor, deed, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::TechnicianUpdated(technician_event(&after)));
    Ok(after)
}

fn update_account(tx: &mut Tx<'_>, before: &Technician, name: &str, active: bool) -> Result<()> {
    let (login, _) = users_table::find(tx.conn(), before.user_id)?.or_not_found()?;
    let switched = before.active != active;
    if login.role != Role::User {
        // Else whoever manages technicians could switch an administrator on.
        let stays_off = switched && active && !login.active;
        return if stays_off { Err(Error::refuse(ErrorCode::Forbidden)) } else { Ok(()) };
    }
    let active = if switched { active } else { login.active };
    let values = UserValues { name, role: login.role, active };
    let now = tx.now().naive_utc();
    if !users_table::update(tx.conn(), &login, &values, now)? {
        return Err(DbError::Conflict.into());
    }
    if switched && !active {
        users::revoke_access(tx, login.id)?;
    }
    tx.emit(LiveEvent::UserChanged(UserEvent { id: login.id }));
    Ok(())
}

/// Notes where the technician who acts is now, and tells the browsers.
///
/// # Errors
/// The actor is no technician.
pub fn record_location(tx: &mut Tx<'_>, actor: &Actor, place: Coordinates) -> Result<()> {
    let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let now = tx.now().naive_utc();
    table::set_last_seen(tx.conn(), id, place, now)?;
    emit_updated(tx, id)
}

/// How long a place that a phone has told is believed.
const LOCATION_MAX_AGE: TimeDelta = TimeDelta::hours(12);

/// Where a technician most probably is: where the phone was in the last twelve hours, else where the
/// working day starts, else where the phone was before.
///
/// # Errors
/// Unknown.
pub fn likely_location(
    conn: &mut Conn,
    id: TechnicianId,
    now: DateTime<Utc>,
) -> Result<Option<Coordinates>> {
    let (row, _) = table::find(conn, id)?.or_not_found()?;
    Ok(likely_location_of(&row, now))
}

/// [`place`] of a technician who is read already.
pub(crate) fn likely_location_of(row: &TechnicianRow, now: DateTime<Utc>) -> Option<Coordinates> {
    let point = |latitude: Option<f64>, longitude: Option<f64>| {
        latitude.zip(longitude).and_then(|(lat, lon)| Coordinates::new(lat, lon))
    };
    let seen = point(row.last_latitude, row.last_longitude);
    let base = point(row.base_latitude, row.base_longitude);
    let fresh = row.last_seen_at.is_some_and(|at| at.and_utc() + LOCATION_MAX_AGE >= now);
    if fresh { seen.or(base) } else { base.or(seen) }
}

/// The technician who acts goes on or off duty: only on duty new jobs are offered.
///
/// # Errors
/// The actor is no technician.
pub fn set_on_duty(tx: &mut Tx<'_>, actor: &Actor, on_duty: bool) -> Result<Technician> {
    let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let before = get(tx.conn(), id)?;
    if before.on_duty == on_duty {
        return Ok(before);
    }
    let now = tx.now().naive_utc();
    table::set_on_duty(tx.conn(), id, on_duty, now)?;
    let after = get(tx.conn(), id)?;
    let deed = AuditEvent { action: "technician.duty", entity: "technician", entity_id: id.0 };
    audit::record(tx, actor, deed, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::TechnicianUpdated(technician_event(&after)));
    Ok(after)
}

/// Tells the browsers that a technician's login was switched on or off.
pub(crate) fn emit_updated(tx: &mut Tx<'_>, id: TechnicianId) -> Result<()> {
    let technician = get(tx.conn(), id)?;
    tx.emit(LiveEvent::TechnicianUpdated(technician_event(&technician)));
    Ok(())
}

fn technician_event(technician: &Technician) -> TechnicianEvent {
    TechnicianEvent {
        id: technician.id,
        on_duty: technician.on_duty,
        active: technician.active,
        version: technician.version,
    }
}

/// What stands beside the rows of technicians.
struct RelatedData {
    skills: HashMap<TechnicianId, Vec<Skill>>,
    open_jobs: HashMap<TechnicianId, i64>,
    identity_photos: HashSet<TechnicianId>,
    telegram: HashSet<TechnicianId>,
}

impl RelatedData {
    fn load(conn: &mut Conn, ids: &[TechnicianId]) -> Result<Self> {
        let mut skills: HashMap<TechnicianId, Vec<Skill>> = HashMap::new();
        for (id, skill) in technician_skills::for_technicians(conn, ids)? {
            skills.entry(id).or_default().push(skill);
        }
        let open_jobs = table::count_open_jobs(conn, ids)?.into_iter().collect();
        let identity_photos = identity_photos::technicians_with(conn, ids)?.into_iter().collect();
        let telegram = telegram_links::technicians_with(conn, ids)?.into_iter().collect();
        Ok(Self { skills, open_jobs, identity_photos, telegram })
    }

    fn view(&mut self, (row, login): TechnicianWithUser) -> Technician {
        Technician {
            id: row.id,
            user_id: row.user_id,
            username: login.username,
            name: row.name,
            phone: row.phone.to_string(),
            skills: self.skills.remove(&row.id).unwrap_or_default(),
            base_latitude: row.base_latitude,
            base_longitude: row.base_longitude,
            last_latitude: row.last_latitude,
            last_longitude: row.last_longitude,
            last_seen_at: row.last_seen_at.map(|at| at.and_utc()),
            on_duty: row.on_duty,
            active: row.active && login.active,
            telegram_linked: self.telegram.contains(&row.id),
            open_jobs: self.open_jobs.get(&row.id).copied().unwrap_or(0),
            identity_photo: self.identity_photos.contains(&row.id),
            version: row.version,
        }
    }
}
