//! Technician applications made in the bot.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::technician_registration::RegistrationStatus;
use shared::{ChatId, Lang, PhoneNumber, RegistrationId, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::technician_registrations as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct RegistrationRow {
    pub id: RegistrationId,
    pub chat_id: ChatId,
    pub telegram_name: String,
    pub name: String,
    pub phone: PhoneNumber,
    pub area: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// With commas between them.
    pub skills: String,
    pub photo_file: Option<String>,
    /// Pixels.
    pub photo_width: Option<i32>,
    /// Pixels.
    pub photo_height: Option<i32>,
    pub status: RegistrationStatus,
    pub reason: Option<String>,
    pub decided_at: Option<NaiveDateTime>,
    pub technician_id: Option<TechnicianId>,
    pub version: i64,
    pub created_at: NaiveDateTime,
    /// In which the bot writes to the applicant.
    pub lang: Lang,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewRegistrationRow<'a> {
    pub chat_id: ChatId,
    pub telegram_name: &'a str,
    pub name: &'a str,
    pub phone: &'a PhoneNumber,
    pub area: Option<&'a str>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub skills: &'a str,
    pub photo_file: Option<&'a str>,
    pub photo_width: Option<i32>,
    pub photo_height: Option<i32>,
    pub status: RegistrationStatus,
    pub created_at: NaiveDateTime,
    pub lang: Lang,
}

/// The decision about an application.
pub struct RegistrationDecision<'a> {
    pub status: RegistrationStatus,
    pub reason: Option<&'a str>,
    pub by: UserId,
    pub at: NaiveDateTime,
}

/// Adds a registration.
pub fn insert(conn: &mut Conn, new: &NewRegistrationRow<'_>) -> Result<RegistrationId, DbError> {
    Ok(diesel::insert_into(table::table).values(new).returning(table::id).get_result(conn)?)
}

/// One registration.
pub fn find(conn: &mut Conn, id: RegistrationId) -> Result<Option<RegistrationRow>, DbError> {
    Ok(table::table.find(id).select(RegistrationRow::as_select()).first(conn).optional()?)
}

/// The newest registration of a chat.
pub fn newest_for_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<RegistrationRow>, DbError> {
    Ok(table::table
        .filter(table::chat_id.eq(chat))
        .order(table::id.desc())
        .select(RegistrationRow::as_select())
        .first(conn)
        .optional()?)
}

/// Registrations, oldest first.
pub fn list(
    conn: &mut Conn,
    status: Option<RegistrationStatus>,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<RegistrationRow>, DbError> {
    let mut query = table::table.select(RegistrationRow::as_select()).into_boxed();
    if let Some(status) = status {
        query = query.filter(table::status.eq(status));
    }
    if let Some(cursor) = cursor {
        query = query.filter(table::id.gt(RegistrationId(cursor.id)));
    }
    Ok(query.order(table::id).limit(limit).load(conn)?)
}

/// The pending rows with this phone number, oldest first.
pub fn pending_with_phone(
    conn: &mut Conn,
    phone: &PhoneNumber,
) -> Result<Vec<RegistrationRow>, DbError> {
    Ok(table::table
        .filter(table::phone.eq(phone).and(table::status.eq(RegistrationStatus::Pending)))
        .order(table::id)
        .select(RegistrationRow::as_select())
        .load(conn)?)
}

/// Counts the registrations with this status.
pub fn count(conn: &mut Conn, status: Option<RegistrationStatus>) -> Result<i64, DbError> {
    let mut query = table::table.into_boxed();
    if let Some(status) = status {
        query = query.filter(table::status.eq(status));
    }
    Ok(query.count().get_result(conn)?)
}

/// Stores the decision about a pending registration; false if it was decided before.
pub fn decide(
    conn: &mut Conn,
    id: RegistrationId,
    decision: &RegistrationDecision<'_>,
) -> Result<bool, DbError> {
    let waiting =
        table::table.filter(table::id.eq(id).and(table::status.eq(RegistrationStatus::Pending)));
    let changed = diesel::update(waiting)
        .set((
            table::status.eq(decision.status),
            table::reason.eq(decision.reason),
            table::decided_by.eq(decision.by),
            table::decided_at.eq(decision.at),
            table::version.eq(table::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Links an approved registration to its technician.
pub fn set_technician(
    conn: &mut Conn,
    id: RegistrationId,
    technician: TechnicianId,
) -> Result<(), DbError> {
    let row = table::table.find(id);
    diesel::update(row).set(table::technician_id.eq(technician)).execute(conn)?;
    Ok(())
}

/// Decided registrations whose photo was not moved or deleted yet.
pub fn decided_with_photo(conn: &mut Conn, limit: i64) -> Result<Vec<RegistrationRow>, DbError> {
    Ok(table::table
        .filter(table::photo_file.is_not_null())
        .filter(table::status.ne(RegistrationStatus::Pending))
        .order(table::id)
        .limit(limit)
        .select(RegistrationRow::as_select())
        .load(conn)?)
}

/// Registrations with a photo after the one with this id.
pub fn with_photo_after(
    conn: &mut Conn,
    id: i64,
    limit: i64,
) -> Result<Vec<RegistrationRow>, DbError> {
    Ok(table::table
        .filter(table::photo_file.is_not_null())
        .filter(table::id.gt(RegistrationId(id)))
        .order(table::id)
        .limit(limit)
        .select(RegistrationRow::as_select())
        .load(conn)?)
}

/// Removes the photo of a registration; false if there is none.
pub fn clear_photo(conn: &mut Conn, id: RegistrationId) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::photo_file.is_not_null()));
    let changed = diesel::update(row)
        .set((
            table::photo_file.eq(None::<String>),
            table::photo_width.eq(None::<i32>),
            table::photo_height.eq(None::<i32>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
