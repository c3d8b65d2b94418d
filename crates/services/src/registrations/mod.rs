//! People who ask the bot to become technicians: they apply, an administrator decides.

mod photo;

pub use photo::{ApplicantPhoto, open_photo, reseal_photos, seal_photo, settle_photos};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::tables::technician_registrations::{
    self as table, Decision, NewRegistrationRow, RegistrationRow,
};
use db::tables::{settings, technicians as technicians_table, users as users_table};
use db::{Conn, Cursor, DbError, Tx};
use shared::live::{LiveEvent, RegistrationEvent};
use shared::registration::{
    Application, RegistrationQuery, RegistrationStatus, TechnicianRegistration,
};
use shared::technician::{Skill, SkillKind, TechnicianCreate};
use shared::{
    ChatId, Coordinates, ErrorCode, Page, Permission, PhoneNumber, RegistrationId, TechnicianId,
};

use crate::audit::{self, Deed};
use crate::error::{Error, OrNotFound, Result};
use crate::outbox::{self, Notice, Recipient};
use crate::paging::PageRequest;
use crate::vault::Vault;
use crate::{Actor, technicians, telegram, users};

/// Most registrations that may wait: a flood ends here.
const MAX_PENDING: i64 = 200;
/// The level of a skill until somebody has seen the technician work.
const FIRST_LEVEL: u8 = 3;
/// Longest name that is made up for a login.
const MAX_USERNAME: usize = 24;

/// A registration as it is shown.
fn view(row: RegistrationRow) -> TechnicianRegistration {
    TechnicianRegistration {
        id: row.id,
        name: row.name,
        phone: row.phone.to_string(),
        telegram_name: row.telegram_name,
        area: row.area,
        latitude: row.latitude,
        longitude: row.longitude,
        skills: row.skills.split(',').filter_map(|skill| skill.parse().ok()).collect(),
        identity_photo: row.photo_file.is_some(),
        status: row.status,
        reason: row.reason,
        decided_at: row.decided_at.map(|at| at.and_utc()),
        technician_id: row.technician_id,
        version: row.version,
        created_at: row.created_at.and_utc(),
    }
}

/// Refuses if the organisation takes no applications at the moment.
///
/// # Errors
/// [`ErrorCode::RegistrationClosed`], also when too many wait already.
pub fn check_open(conn: &mut Conn) -> Result<()> {
    let open = settings::load(conn)?.telegram_registration_open;
    if open && table::count(conn, Some(RegistrationStatus::Pending))? < MAX_PENDING {
        return Ok(());
    }
    Err(Error::refuse(ErrorCode::RegistrationClosed))
}

/// Refuses a phone number that a technician has already. It never leads to that technician's login:
/// a number is no proof.
///
/// # Errors
/// [`ErrorCode::Taken`] of the field `phone`.
pub fn check_phone(conn: &mut Conn, phone: &PhoneNumber) -> Result<()> {
    if technicians_table::has_phone(conn, phone)? {
        return Err(Error::field("phone", ErrorCode::Taken));
    }
    Ok(())
}

/// The newest registration of a chat.
///
/// # Errors
/// The database fails.
pub fn of_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<TechnicianRegistration>> {
    Ok(table::newest_of(conn, chat)?.map(view))
}

/// Takes an application in: it waits, and the administrators are told.
///
/// # Errors
/// Registration is closed; one of this chat waits already ([`ErrorCode::Duplicate`]); wrong fields;
/// the phone number is a technician's.
pub fn submit(
    tx: &mut Tx<'_>,
    chat: ChatId,
    telegram_name: &str,
    application: &Application,
    photo: Option<&ApplicantPhoto>,
) -> Result<RegistrationId> {
    check_open(tx.conn())?;
    let waiting = table::newest_of(tx.conn(), chat)?;
    if waiting.is_some_and(|row| row.status == RegistrationStatus::Pending) {
        return Err(Error::refuse(ErrorCode::Duplicate));
    }
    let phone =
        PhoneNumber::parse(&application.phone).map_err(|code| Error::field("phone", code))?;
    check_phone(tx.conn(), &phone)?;
    let skills: Vec<&str> = application.skills.iter().map(|skill| skill.as_str()).collect();
    let row = NewRegistrationRow {
        chat_id: chat,
        telegram_name,
        name: &application.name,
        phone: &phone,
        area: application.area.as_deref(),
        latitude: application.place.map(Coordinates::latitude),
        longitude: application.place.map(Coordinates::longitude),
        skills: &skills.join(","),
        photo_file: photo.map(|photo| photo.file_name.as_str()),
        photo_width: photo.map(|photo| photo.width),
        photo_height: photo.map(|photo| photo.height),
        status: RegistrationStatus::Pending,
        created_at: tx.now().naive_utc(),
    };
    let id = table::insert(tx.conn(), &row)?;
    let system = users::system_actor(tx)?;
    let after = view(table::find(tx.conn(), id)?.or_not_found()?);
    audit::record::<(), _>(
        tx,
        &system,
        deed("technician_registration.submit", id),
        None,
        Some(&after),
    )?;
    let notice = Notice::RegistrationReceived { registration_id: id, name: after.name };
    outbox::send(tx, Recipient::Admins, &notice, &id.to_string())?;
    told(tx, id, RegistrationStatus::Pending);
    Ok(id)
}

fn deed(action: &'static str, id: RegistrationId) -> Deed {
    Deed { action, entity: "technician_registration", entity_id: id.0 }
}

fn told(tx: &mut Tx<'_>, id: RegistrationId, status: RegistrationStatus) {
    tx.emit(LiveEvent::TechnicianRegistered(RegistrationEvent { id, status }));
}

/// Registrations, the oldest first.
///
/// # Errors
/// Not allowed; wrong parameters.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    query: &RegistrationQuery,
) -> Result<Page<TechnicianRegistration>> {
    actor.scope(Permission::TechniciansManage)?;
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let rows = table::list(conn, query.status, page.cursor.as_ref(), page.fetch())?;
    let total = page.with_total.then(|| table::count(conn, query.status)).transpose()?;
    Ok(page.page(rows, total, |row| Cursor::text("", row.id.0), view))
}

/// One registration.
///
/// # Errors
/// Not allowed; unknown.
pub fn get(conn: &mut Conn, actor: &Actor, id: RegistrationId) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    Ok(view(table::find(conn, id)?.or_not_found()?))
}

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
    let username = free_username(tx.conn(), &before.name)?;
    let wish = technician_of(&before, &username);
    let technician = technicians::add(tx, actor, &wish, password.hash, true)?;
    decide(tx, actor, &before, RegistrationStatus::Approved, None, Some(technician.id))?;
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
    decide(tx, actor, &before, RegistrationStatus::Rejected, Some(reason), None)?;
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

fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &RegistrationRow,
    status: RegistrationStatus,
    reason: Option<&str>,
    technician_id: Option<TechnicianId>,
) -> Result<()> {
    let at = tx.now().naive_utc();
    let decision = Decision { status, reason, by: actor.user_id, at, technician_id };
    if !table::decide(tx.conn(), before.id, &decision)? {
        return Err(Error::refuse(ErrorCode::RegistrationDecided));
    }
    let action = match status {
        RegistrationStatus::Rejected => "technician_registration.reject",
        _ => "technician_registration.approve",
    };
    let after = view(table::find(tx.conn(), before.id)?.or_not_found()?);
    let before_view = view(before.clone());
    audit::record(tx, actor, deed(action, before.id), Some(&before_view), Some(&after))?;
    told(tx, before.id, status);
    Ok(())
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

/// `budi.santoso`, or `budi.santoso2` if there is one already.
fn free_username(conn: &mut Conn, name: &str) -> Result<String> {
    let wanted = username_of(name);
    for number in 1..1_000 {
        let username = if number == 1 { wanted.clone() } else { format!("{wanted}{number}") };
        if users_table::find_by_username(conn, &username)?.is_none() {
            return Ok(username);
        }
    }
    Err(Error::Db(DbError::Conflict))
}

fn username_of(name: &str) -> String {
    let plain = |word: &str| -> String {
        word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let words: Vec<String> = name.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let mut username = words.join(".");
    username.truncate(MAX_USERNAME);
    let username = username.trim_end_matches('.');
    if username.len() < 2 { "teknisi".to_owned() } else { username.to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_made_of_what_a_user_name_may_have() {
        for (name, username) in [
            ("Budi Santoso", "budi.santoso"),
            ("Siti Nur'aini", "siti.nuraini"),
            ("Ñandú Ω", "and"),
            ("Ω", "teknisi"),
            ("Raden Mas Suryadiningrat Kusumo", "raden.mas.suryadiningrat"),
        ] {
            assert_eq!(username_of(name), username);
            assert!(shared::user::parse_username(&username_of(name)).is_ok());
        }
    }
}
