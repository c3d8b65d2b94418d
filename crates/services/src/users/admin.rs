//! Administration of user accounts.

use db::tables::telegram_links;
use db::tables::users::{self as table, SYSTEM_USERNAME, UserFilter, UserRow, UserValues};
use db::{Conn, DbError, Tx};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::user::{User, UserQuery, UserSort, UserUpdate};
use shared::{ErrorCode, Page, Role, UserId};

use crate::accounts::{LinkedTechnician, load_user, revoke_access, to_user};
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, check_version};
use crate::pagination::PageRequest;
use crate::personal_data::search_words;
use crate::technician_events;
use crate::{Actor, telegram};

/// Lists user accounts.
///
/// # Errors
/// `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
pub fn list(conn: &mut Conn, query: &UserQuery) -> Result<Page<User>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let sort = query.sort.unwrap_or(UserSort::Username);
    if matches!(sort, UserSort::OldestFirst | UserSort::NewestFirst) {
        page.check_time_cursor()?;
    }
    let filter = UserFilter {
        words: search_words(query.q.as_deref())?,
        roles: query.role.clone().map(|list| list.0).unwrap_or_default(),
        active: query.active,
        pending: query.pending,
    };
    let rows = table::list(conn, &filter, sort, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let mark = |(row, _): &(UserRow, LinkedTechnician)| table::mark(sort, row);
    let ids: Vec<UserId> = rows.iter().map(|(row, _)| row.id).collect();
    let links = telegram_links::for_users(conn, &ids)?;
    let linked = |id| links.iter().any(|link| link.user_id == id);
    Ok(page.page(rows, total, mark, |(row, technician)| {
        let linked = linked(row.id);
        to_user(row, technician, linked)
    }))
}

/// Loads a user account.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Conn, id: UserId) -> Result<User> {
    let (row, technician) = find_person(conn, id)?;
    load_user(conn, row, technician)
}

/// Loads the account of a person; the system account stays hidden.
pub(super) fn find_person(conn: &mut Conn, id: UserId) -> Result<(UserRow, LinkedTechnician)> {
    table::find(conn, id)?.filter(|(row, _)| row.username != SYSTEM_USERNAME).or_not_found()
}

/// Updates a user account. A changed role and disabling end all its tokens, sessions and
/// connections at once. A technician whose account is disabled gets no new jobs but keeps the
/// existing ones, which the office reassigns.
///
/// # Errors
/// `NotFound`, `VersionMismatch`, invalid fields; `Forbidden` for a role that the actor can not
/// manage; `CannotModifySelf` for the own role or status; `LastSuperadmin`.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: UserId,
    expected: Option<i64>,
    input: &UserUpdate,
) -> Result<User> {
    let (before, technician) = find_person(tx.conn(), id)?;
    check_version(expected, before.version)?;
    let change = input.parse()?;
    let switched = before.active != change.active;
    let rights_change = switched || before.role != change.role;
    check_manages(actor, &before, change.role, rights_change)?;
    let rules = |role: Role, active: bool| active && role == Role::Superadmin;
    if rules(before.role, before.active) && !rules(change.role, change.active) {
        check_superadmin_remains(tx, id)?;
    }
    let values = UserValues { name: &change.name, role: change.role, active: change.active };
    let now = tx.now().naive_utc();
    if !table::update(tx.conn(), &before, &values, now)? {
        return Err(DbError::Conflict.into());
    }
    if rights_change {
        revoke_access(tx, id)?;
    }
    if let (true, Some((technician, _))) = (switched, technician) {
        technician_events::emit_updated(tx, technician)?;
    }
    let before = load_user(tx.conn(), before, technician)?;
    record_change(tx, actor, AuditAction::UserUpdate, Some(&before), id)
}

fn check_manages(actor: &Actor, login: &UserRow, role: Role, rights_change: bool) -> Result<()> {
    if actor.user_id == login.id {
        return if rights_change {
            Err(Error::refuse(ErrorCode::CannotModifySelf))
        } else {
            Ok(())
        };
    }
    if actor.role.may_manage(login.role) && actor.role.may_manage(role) {
        Ok(())
    } else {
        Err(Error::refuse(ErrorCode::Forbidden))
    }
}

/// Rejects the removal of the last active superadmin.
fn check_superadmin_remains(tx: &mut Tx<'_>, leaving: UserId) -> Result<()> {
    let others = table::active_superadmins(tx.conn())?.into_iter().filter(|&id| id != leaving);
    if others.count() == 0 {
        return Err(Error::refuse(ErrorCode::LastSuperadmin));
    }
    Ok(())
}

/// Sets another password, hashed already, which the user has to change at the next login. Every
/// device has to sign in again; API keys of the user stay valid.
///
/// # Errors
/// `NotFound`; `Forbidden` for a role that the actor can not manage; `CannotModifySelf`.
pub fn reset_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: UserId,
    version: Option<i64>,
    password_hash: &str,
) -> Result<User> {
    let (before, technician) = find_person(tx.conn(), id)?;
    check_version(version, before.version)?;
    check_manages(actor, &before, before.role, true)?;
    let now = tx.now().naive_utc();
    table::set_password(tx.conn(), id, password_hash, true, now)?;
    revoke_access(tx, id)?;
    let before = load_user(tx.conn(), before, technician)?;
    record_change(tx, actor, AuditAction::UserResetPassword, Some(&before), id)
}

/// Removes the Telegram link of a user, for instance after the loss of a phone.
///
/// # Errors
/// `NotFound` (also without a link); `Forbidden` for a role that the actor can not manage;
/// `CannotModifySelf`.
pub fn unlink_telegram(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: UserId,
    version: Option<i64>,
) -> Result<()> {
    let (login, _) = find_person(tx.conn(), id)?;
    check_version(version, login.version)?;
    check_manages(actor, &login, login.role, true)?;
    telegram::unlink(tx, actor, id)
}

/// Records the change of a user account and returns it.
pub(super) fn record_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: AuditAction,
    before: Option<&User>,
    id: UserId,
) -> Result<User> {
    let after = get(tx.conn(), id)?;
    let event = AuditEvent { action, entity_id: id.0 };
    audit::record(tx, actor, event, before, Some(&after))?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(after)
}
