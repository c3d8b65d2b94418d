//! Technician registrations: applications through the bot that an administrator decides on.

mod decide;
mod photo;
mod username;

pub use decide::{InitialPassword, approve, decrypt_password, reject};
pub use photo::{
    ApplicantPhoto, process_decided_photos, reencrypt_photos, store_encrypted_photo, view_photo,
};

use db::tables::technician_registrations::{self as table, NewRegistrationRow, RegistrationRow};
use db::tables::{settings, technicians as technicians_table};
use db::{Conn, Cursor, Tx};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, RegistrationEvent};
use shared::technician_registration::{
    RegistrationQuery, RegistrationStatus, TechnicianApplication, TechnicianRegistration,
};
use shared::text::strip_invisible;
use shared::{ChatId, Coordinates, ErrorCode, Lang, Page, Permission, PhoneNumber, RegistrationId};

use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result};
use crate::outbox::{self, Notice, Recipient};
use crate::pagination::PageRequest;
use crate::{Actor, users};

pub use shared::retention::UNFINISHED_APPLICATIONS as ABANDONED_RETENTION;

/// Maximum pending registrations, against floods.
const MAX_PENDING: i64 = 200;

/// Builds the registration as the API returns it.
fn to_registration(row: RegistrationRow) -> TechnicianRegistration {
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

/// Rejects applications while the organisation accepts none.
///
/// # Errors
/// `RegistrationClosed`, also when too many are pending.
pub fn check_open(conn: &mut Conn) -> Result<()> {
    let open = settings::load(conn)?.telegram_registration_open;
    if open && table::count(conn, Some(RegistrationStatus::Pending))? < MAX_PENDING {
        return Ok(());
    }
    Err(Error::refuse(ErrorCode::RegistrationClosed))
}

/// Rejects the phone number of an existing technician. It never leads to that technician's account,
/// because a number is no proof of identity.
///
/// # Errors
/// `Taken` of the field `phone`.
pub fn check_phone(conn: &mut Conn, phone: &PhoneNumber) -> Result<()> {
    if technicians_table::has_phone(conn, phone)? {
        return Err(Error::field("phone", ErrorCode::Taken));
    }
    Ok(())
}

/// The newest registration of a chat.
pub fn newest_of_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<TechnicianRegistration>> {
    Ok(table::newest_for_chat(conn, chat)?.map(to_registration))
}

/// Who applies, as Telegram describes the person.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    pub chat: ChatId,
    pub telegram_name: &'a str,
    /// The language of the person's Telegram.
    pub lang: Lang,
    /// Why an earlier application of the same person is rejected, in the language of that one.
    pub replaced_reason: fn(Lang) -> &'static str,
}

/// Submits an application and notifies the administrators. Telegram has proved that the phone number is the
/// applicant's, so a pending application with it from another chat is replaced: the person has a new
/// Telegram account.
///
/// # Errors
/// `RegistrationClosed`, `Duplicate` if the chat has a pending one, `Taken` (phone), invalid
/// fields.
pub fn submit(
    tx: &mut Tx<'_>,
    applicant: &Applicant<'_>,
    application: &TechnicianApplication,
    photo: Option<&ApplicantPhoto>,
) -> Result<RegistrationId> {
    check_open(tx.conn())?;
    let waiting = table::newest_for_chat(tx.conn(), applicant.chat)?;
    if waiting.is_some_and(|row| row.status == RegistrationStatus::Pending) {
        return Err(Error::refuse(ErrorCode::Duplicate));
    }
    let phone =
        PhoneNumber::parse(&application.phone).map_err(|code| Error::field("phone", code))?;
    check_phone(tx.conn(), &phone)?;
    let skills: Vec<&str> = application.skills.iter().map(|skill| skill.as_str()).collect();
    let row = NewRegistrationRow {
        chat_id: applicant.chat,
        telegram_name: &strip_invisible(applicant.telegram_name),
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
        lang: applicant.lang,
    };
    let system = users::system_actor(tx)?;
    for earlier in table::pending_with_phone(tx.conn(), &phone)? {
        let reason = (applicant.replaced_reason)(earlier.lang);
        decide::reject_pending(tx, &system, earlier, reason)?;
    }
    let id = table::insert(tx.conn(), &row)?;
    let after = to_registration(table::find(tx.conn(), id)?.or_not_found()?);
    audit::record::<(), _>(
        tx,
        &system,
        audit_event(AuditAction::TechnicianRegistrationSubmit, id),
        None,
        Some(&after),
    )?;
    let notice = Notice::RegistrationReceived { registration_id: id, name: after.name };
    outbox::enqueue(tx, Recipient::Admins, &notice, &id.to_string())?;
    emit_changed(tx, id, RegistrationStatus::Pending);
    Ok(id)
}

fn audit_event(action: AuditAction, id: RegistrationId) -> AuditEvent {
    AuditEvent { action, entity_id: id.0 }
}

fn emit_changed(tx: &mut Tx<'_>, id: RegistrationId, status: RegistrationStatus) {
    tx.emit(LiveEvent::TechnicianRegistered(RegistrationEvent { id, status }));
}

/// Lists registrations, oldest first.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    query: &RegistrationQuery,
) -> Result<Page<TechnicianRegistration>> {
    actor.scope(Permission::TechniciansManage)?;
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let rows = table::list(conn, query.status, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, query.status)).transpose()?;
    Ok(page.page(rows, total, |row| Cursor::text("", row.id.0), to_registration))
}

/// Loads a registration.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, actor: &Actor, id: RegistrationId) -> Result<TechnicianRegistration> {
    actor.scope(Permission::TechniciansManage)?;
    Ok(to_registration(table::find(conn, id)?.or_not_found()?))
}
