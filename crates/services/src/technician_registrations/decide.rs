//! Approval and rejection of technician registrations.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::tables::technician_registrations::{self as table, RegistrationDecision, RegistrationRow};
use db::{Conn, DbError, Tx};
use shared::audit::AuditAction;
use shared::technician::{Skill, SkillKind, TechnicianCreate};
use shared::technician_registration::{RegistrationStatus, TechnicianRegistration};
use shared::{ErrorCode, Permission, RegistrationId};

use super::username::free_username;
use super::{audit_event, emit_changed, get, to_registration};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result, check_version};
use crate::outbox::{self, Notice, Recipient};
use crate::{Actor, audit, technicians, telegram};

/// Skill level until the technician's work has been assessed.
const INITIAL_SKILL_LEVEL: u8 = 3;

/// An initial password and its hash.
pub struct InitialPassword<'a> {
    pub plaintext: &'a str,
    pub hash: &'a str,
}

/// Approves an applicant: creates the technician with user account and bag, and links the chat of
/// the application. The applicant receives the user name and an initial password that has to be
/// changed at the first login.
///
/// # Errors
/// `Forbidden`, `NotFound`, `VersionMismatch`, `RegistrationDecided`; `Taken` if another technician has the phone
/// number meanwhile.
pub fn approve(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    id: RegistrationId,
    version: Option<i64>,
    password: &InitialPassword<'_>,
) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    let before = load_pending(tx.conn(), id, version)?;
    // The conditional update comes first, so that the second of two concurrent decisions waits here
    // and fails.
    claim(tx, actor, id, RegistrationStatus::Approved, None)?;
    let username = free_username(tx.conn(), &before.name)?;
    let wish = technician_from(&before, &username);
    let technician = technicians::create_with(tx, actor, &wish, password.hash, true)
        .map_err(retry_on_taken_username)?;
    table::set_technician(tx.conn(), id, technician.id)?;
    record_decision(tx, actor, before.clone())?;
    telegram::link(tx, technician.user_id, before.chat_id, before.lang)?;
    let encrypted = cipher.encrypt(&password_context(id), password.plaintext.as_bytes());
    let notice = Notice::RegistrationApproved {
        registration_id: id,
        username,
        encrypted_password: STANDARD.encode(encrypted),
    };
    outbox::enqueue(tx, Recipient::User(technician.user_id), &notice, &id.to_string())?;
    get(tx.conn(), actor, id)
}

/// Rejects an applicant, who gets the reason and may apply again.
///
/// # Errors
/// `Forbidden`, `NotFound`, `VersionMismatch`, `RegistrationDecided`.
pub fn reject(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RegistrationId,
    version: Option<i64>,
    reason: &str,
) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    let before = load_pending(tx.conn(), id, version)?;
    reject_pending(tx, actor, before, reason)?;
    get(tx.conn(), actor, id)
}

/// Rejects an application that is known to be pending, whoever the actor is.
pub(super) fn reject_pending(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: RegistrationRow,
    reason: &str,
) -> Result<()> {
    let (id, chat) = (before.id, before.chat_id);
    claim(tx, actor, id, RegistrationStatus::Rejected, Some(reason))?;
    record_decision(tx, actor, before)?;
    let notice = Notice::RegistrationRejected { registration_id: id, reason: reason.to_owned() };
    outbox::enqueue(tx, Recipient::Chat(chat), &notice, &id.to_string())
}

fn load_pending(
    conn: &mut Conn,
    id: RegistrationId,
    version: Option<i64>,
) -> Result<RegistrationRow> {
    let row = table::find(conn, id)?.or_not_found()?;
    if row.status != RegistrationStatus::Pending {
        return Err(Error::refuse(ErrorCode::RegistrationDecided));
    }
    check_version(version, row.version)?;
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
    let decision = RegistrationDecision { status, reason, by: actor.user_id, at };
    match table::decide(tx.conn(), id, &decision)? {
        true => Ok(()),
        false => Err(Error::refuse(ErrorCode::RegistrationDecided)),
    }
}

/// Maps a conflict on the generated user name to a retry with another one.
fn retry_on_taken_username(error: Error) -> Error {
    match &error {
        Error::Refused(refusal) if refusal.faults.iter().any(|it| it.field == "username") => {
            Error::Db(DbError::Conflict)
        }
        _ => error,
    }
}

fn record_decision(tx: &mut Tx<'_>, actor: &Actor, before: RegistrationRow) -> Result<()> {
    let (id, name) = (before.id, before.name.clone());
    let after = to_registration(table::find(tx.conn(), id)?.or_not_found()?);
    let action = match after.status {
        RegistrationStatus::Rejected => AuditAction::TechnicianRegistrationReject,
        _ => AuditAction::TechnicianRegistrationApprove,
    };
    audit::record(
        tx,
        actor,
        audit_event(action, id),
        Some(&to_registration(before)),
        Some(&after),
    )?;
    emit_changed(tx, id, after.status);
    // The request to the admins is answered: update its message.
    let notice = Notice::RegistrationReceived { registration_id: id, name };
    outbox::enqueue_update(tx, Recipient::Admins, &notice, &id.to_string())
}

fn technician_from(row: &RegistrationRow, username: &str) -> TechnicianCreate {
    let skill = |skill: SkillKind| Skill { skill, level: INITIAL_SKILL_LEVEL };
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

/// Decrypts the initial password from the notification that carries it.
pub fn decrypt_password(cipher: &Cipher, id: RegistrationId, encrypted: &str) -> Result<String> {
    let failed = |why: String| Error::Decryption(format!("{}: {why}", password_context(id)));
    let encrypted = STANDARD.decode(encrypted).map_err(|error| failed(error.to_string()))?;
    let clear = cipher.decrypt(&password_context(id), &encrypted)?;
    String::from_utf8(clear).map_err(|error| failed(error.to_string()))
}
