//! Technicians: each has a user account and a bag.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use db::tables::technicians::{
    self as table, TechnicianFilter, TechnicianRow, TechnicianValues, TechnicianWithUser,
};
use db::tables::users::{self as users_table, UserValues};
use db::tables::{identity_photos, technician_skills, telegram_links};
use db::{Conn, Cursor, DbError, Tx};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, TechnicianEvent, UserEvent};
use shared::technician::{
    Skill, Technician, TechnicianCreate, TechnicianQuery, TechnicianSort, TechnicianUpdate,
};
use shared::user::NewUser;
use shared::{Coordinates, ErrorCode, Page, Role, TechnicianId};

use crate::accounts::revoke_access;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, check_version, map_unique_violation};
use crate::inventory::locations;
use crate::pagination::PageRequest;
use crate::personal_data::search_words;
use crate::{Actor, technician_events, users};

/// Lists technicians by name.
///
/// # Errors
/// `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
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

/// Loads a technician.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Conn, id: TechnicianId) -> Result<Technician> {
    let row = table::find(conn, id)?.or_not_found()?;
    Ok(RelatedData::load(conn, &[id])?.view(row))
}

/// Creates a technician together with the bag and the user account, whose password is hashed
/// already and has to be changed at the first login.
///
/// # Errors
/// Invalid fields; `Taken` (user name, phone).
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
    let event = AuditEvent { action: AuditAction::TechnicianCreate, entity_id: id.0 };
    audit::record::<Technician, _>(tx, actor, event, None, Some(&created))?;
    tx.emit(LiveEvent::TechnicianCreated(technician_event(&created)));
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user_id }));
    Ok(created)
}

/// Updates a technician. Deactivating also disables the user account and signs it out everywhere;
/// it requires that no jobs are unfinished. A user account with a role other than [`Role::User`]
/// stays unchanged, because it is managed with the other accounts.
///
/// # Errors
/// `NotFound`, `VersionMismatch`, invalid fields, `Taken` (phone), `TechnicianBusy`, `Forbidden`;
/// `SignInRequired` if an API key switches an account on or off.
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
        // While only the account is disabled, other edits keep the technician record active.
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
    let event = AuditEvent { action: AuditAction::TechnicianUpdate, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::TechnicianUpdated(technician_event(&after)));
    Ok(after)
}

fn update_account(tx: &mut Tx<'_>, before: &Technician, name: &str, active: bool) -> Result<()> {
    let (login, _) = users_table::find(tx.conn(), before.user_id)?.or_not_found()?;
    let switched = before.active != active;
    if login.role != Role::User {
        // Otherwise a manager of technicians could enable an administrator's account.
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
        revoke_access(tx, login.id)?;
    }
    tx.emit(LiveEvent::UserChanged(UserEvent { id: login.id }));
    Ok(())
}

/// What became of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedLocation {
    /// It is the newest one.
    Current,
    /// A newer one is known, so it changes nothing.
    Superseded,
}

/// Records where the acting technician was at this time. Locations arrive late and out of order; the newest
/// one counts. A time in the future, of a clock that is ahead, counts as now.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn record_location(
    tx: &mut Tx<'_>,
    actor: &Actor,
    place: Coordinates,
    at: DateTime<Utc>,
) -> Result<RecordedLocation> {
    let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let at = at.min(tx.now()).naive_utc();
    if !table::set_last_seen(tx.conn(), id, place, at)? {
        return Ok(RecordedLocation::Superseded);
    }
    technician_events::emit_updated(tx, id)?;
    Ok(RecordedLocation::Current)
}

/// How long a reported location counts as current.
const LOCATION_MAX_AGE: TimeDelta = TimeDelta::hours(12);

/// Estimates where a technician is: the location reported within [`LOCATION_MAX_AGE`], else the
/// base, else an older location.
///
/// # Errors
/// `NotFound`.
pub fn likely_location(
    conn: &mut Conn,
    id: TechnicianId,
    now: DateTime<Utc>,
) -> Result<Option<Coordinates>> {
    let (row, _) = table::find(conn, id)?.or_not_found()?;
    Ok(likely_location_of(&row, now))
}

/// [`likely_location`] for a row that is already loaded.
pub(crate) fn likely_location_of(row: &TechnicianRow, now: DateTime<Utc>) -> Option<Coordinates> {
    let point = |latitude: Option<f64>, longitude: Option<f64>| {
        latitude.zip(longitude).and_then(|(lat, lon)| Coordinates::new(lat, lon))
    };
    let seen = point(row.last_latitude, row.last_longitude);
    let base = point(row.base_latitude, row.base_longitude);
    let fresh = row.last_seen_at.is_some_and(|at| at.and_utc() + LOCATION_MAX_AGE >= now);
    if fresh { seen.or(base) } else { base.or(seen) }
}

/// Sets the acting technician on or off duty. New jobs are offered only on duty.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn set_on_duty(tx: &mut Tx<'_>, actor: &Actor, on_duty: bool) -> Result<Technician> {
    let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let before = get(tx.conn(), id)?;
    if before.on_duty == on_duty {
        return Ok(before);
    }
    let now = tx.now().naive_utc();
    table::set_on_duty(tx.conn(), id, on_duty, now)?;
    let after = get(tx.conn(), id)?;
    let event = AuditEvent { action: AuditAction::TechnicianDuty, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::TechnicianUpdated(technician_event(&after)));
    Ok(after)
}

fn technician_event(technician: &Technician) -> TechnicianEvent {
    TechnicianEvent {
        id: technician.id,
        on_duty: technician.on_duty,
        active: technician.active,
        version: technician.version,
    }
}

/// Related data of technician rows.
struct RelatedData {
    skills: HashMap<TechnicianId, Vec<Skill>>,
    open_jobs: HashMap<TechnicianId, i64>,
    identity_photos: HashSet<TechnicianId>,
    /// Linked chats, and whether the technician has blocked the bot.
    telegram: HashMap<TechnicianId, bool>,
}

impl RelatedData {
    fn load(conn: &mut Conn, ids: &[TechnicianId]) -> Result<Self> {
        let mut skills: HashMap<TechnicianId, Vec<Skill>> = HashMap::new();
        for (id, skill) in technician_skills::for_technicians(conn, ids)? {
            skills.entry(id).or_default().push(skill);
        }
        let open_jobs = table::count_open_jobs(conn, ids)?.into_iter().collect();
        let identity_photos = identity_photos::technicians_with(conn, ids)?.into_iter().collect();
        let telegram = telegram_links::technicians_with(conn, ids)?;
        let telegram = telegram.into_iter().map(|(id, blocked)| (id, blocked.is_some())).collect();
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
            telegram_linked: self.telegram.contains_key(&row.id),
            telegram_blocked: self.telegram.get(&row.id).copied().unwrap_or(false),
            open_jobs: self.open_jobs.get(&row.id).copied().unwrap_or(0),
            identity_photo: self.identity_photos.contains(&row.id),
            version: row.version,
        }
    }
}
