//! Letting applicants in, and turning them down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::tables::technician_registrations::{self as table, Decision, RegistrationRow};
use db::{Conn, DbError, Tx};
use shared::registration::{RegistrationStatus, TechnicianRegistration};
use shared::technician::{Skill, SkillKind, TechnicianCreate};
use shared::{ErrorCode, Permission, RegistrationId};

use super::username::free_username;
use super::{deed, get, told, view};
use crate::error::{Error, OrNotFound, Result};
use crate::outbox::{self, Notice, Recipient};
use crate::vault::Vault;
use crate::{Actor, audit, technicians, telegram};

/// The level of a skill until somebody has seen the technician work.
const FIRST_LEVEL: u8 = 3;

/// A first password, and its hash.
pub struct FirstPassword<'a> {
    pub clear: &'a str,
    pub hash: &'a str,
}

/// Lets an applicant in: a technician with a login and a bag, joined with the chat of the application.
/// The applicant gets the user name and the first password, which has to be changed at the first
/// sign-in.
///
/// # Errors
/// Not allowed; unknown; decided already ([`ErrorCode::RegistrationDecided`]); the phone number has
/// become another technician's meanwhile.
pub fn approve(
    tx: &mut Tx<'_>,
    vault: &Vault,
    actor: &Actor,
    id: RegistrationId,
    password: &FirstPassword<'_>,
) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    let before = waiting(tx.conn(), id)?;
    // First of all: of two who decide at the same instant, the second one waits here and hears it.
    claim(tx, actor, id, RegistrationStatus::Approved, None)?;
    let username = free_username(tx.conn(), &before.name)?;
    let wish = technician_of(&before, &username);
    let technician =
        technicians::add(tx, actor, &wish, password.hash, true).map_err(start_again)?;
    table::set_technician(tx.conn(), id, technician.id)?;
    leave_traces(tx, actor, before.clone())?;
    telegram::link(tx, technician.user_id, before.chat_id)?;
    let sealed = vault.seal(&password_context(id), password.clear.as_bytes());
    let notice = Notice::RegistrationApproved {
        registration_id: id,
        username,
        sealed_password: STANDARD.encode(sealed),
    };
    outbox::send(tx, Recipient::User(technician.user_id), &notice, &id.to_string())?;
    get(tx.conn(), actor, id)
}

/// Turns an applicant down, who reads why and may apply again.
///
/// # Errors
/// Not allowed; unknown; decided already ([`ErrorCode::RegistrationDecided`]).
pub fn reject(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RegistrationId,
    reason: &str,
) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    let before = waiting(tx.conn(), id)?;
    claim(tx, actor, id, RegistrationStatus::Rejected, Some(reason))?;
    leave_traces(tx, actor, before.clone())?;
    let notice = Notice::RegistrationRejected { registration_id: id, reason: reason.to_owned() };
    outbox::send(tx, Recipient::Chat(before.chat_id), &notice, &id.to_string())?;
    get(tx.conn(), actor, id)
}

fn waiting(conn: &mut Conn, id: RegistrationId) -> Result<RegistrationRow> {
    let row = table::find(conn, id)?.or_not_found()?;
    if row.status != RegistrationStatus::Pending {
        return Err(Error::refuse(ErrorCode::RegistrationDecided));
    }
    Ok(row)
}

fn claim(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RegistrationId,
    status: RegistrationStatus,
    reason: Option<&str>,
) -> Result<()> {
    let at = tx.now().naive_utc();
    let decision = Decision { status, reason, by: actor.user_id, at };
    match table::decide(tx.conn(), id, &decision)? {
        true => Ok(()),
        false => Err(Error::refuse(ErrorCode::RegistrationDecided)),
    }
}

/// Somebody has just taken the user name that was made up: another one is made up.
fn start_again(error: Error) -> Error {
    match &error {
        Error::Refused(refusal) if refusal.faults.iter().any(|it| it.field == "username") => {
            Error::Db(DbError::Conflict)
        }
        _ => error,
    }
}

fn leave_traces(tx: &mut Tx<'_>, actor: &Actor, before: RegistrationRow) -> Result<()> {
    let (id, name) = (before.id, before.name.clone());
    let after = view(table::find(tx.conn(), id)?.or_not_found()?);
    let action = match after.status {
        RegistrationStatus::Rejected => "technician_registration.reject",
        _ => "technician_registration.approve",
    };
    audit::record(tx, actor, deed(action, id), Some(&view(before)), Some(&after))?;
    told(tx, id, after.status);
    // What the administrators were asked has an answer now.
    let notice = Notice::RegistrationReceived { registration_id: id, name };
    outbox::send_again(tx, Recipient::Admins, &notice, &id.to_string())
}

fn technician_of(row: &RegistrationRow, username: &str) -> TechnicianCreate {
    let skill = |skill: SkillKind| Skill { skill, level: FIRST_LEVEL };
    let skills = row.skills.split(',').filter_map(|skill| skill.parse().ok());
    TechnicianCreate {
        name: row.name.clone(),
        phone: row.phone.to_string(),
        username: username.to_owned(),
        password: String::new(),
        skills: skills.map(skill).collect(),
        base_latitude: row.latitude,
        base_longitude: row.longitude,
    }
}

fn password_context(id: RegistrationId) -> String {
    format!("registration.password:{id}")
}

/// The first password out of the notice that carries it.
///
/// # Errors
/// It was sealed elsewhere.
pub fn open_password(vault: &Vault, id: RegistrationId, sealed: &str) -> Result<String> {
    let corrupt = |why: String| Error::Db(DbError::Corrupt(why));
    let sealed = STANDARD.decode(sealed).map_err(|error| corrupt(error.to_string()))?;
    let clear = vault.open(&password_context(id), &sealed)?;
    String::from_utf8(clear).map_err(|error| corrupt(error.to_string()))
}
