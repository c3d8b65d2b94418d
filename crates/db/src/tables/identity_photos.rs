//! Photos of identity cards; the encrypted files are in the upload folder.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use shared::{CustomerId, TechnicianId, UserId};

use crate::conn::{Conn, MultiBackend};
use crate::error::DbError;
use crate::schema::{identity_photos as table, users};

/// The holder of an identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardHolder {
    Customer(CustomerId),
    Technician(TechnicianId),
}

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct IdentityPhotoRow {
    pub id: i64,
    pub customer_id: Option<CustomerId>,
    pub technician_id: Option<TechnicianId>,
    pub file_name: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    pub uploaded_at: NaiveDateTime,
}

impl IdentityPhotoRow {
    /// The holder; a check constraint makes sure that there is exactly one.
    pub fn holder(&self) -> Option<CardHolder> {
        let customer = self.customer_id.map(CardHolder::Customer);
        customer.or(self.technician_id.map(CardHolder::Technician))
    }
}

/// A new row.
#[derive(Debug)]
pub struct NewIdentityPhoto<'a> {
    pub holder: CardHolder,
    pub file_name: &'a str,
    pub width: i32,
    pub height: i32,
    pub uploaded_by: UserId,
    pub uploaded_at: NaiveDateTime,
}

fn for_holder(holder: CardHolder) -> table::BoxedQuery<'static, MultiBackend> {
    let all = table::table.into_boxed();
    match holder {
        CardHolder::Customer(id) => all.filter(table::customer_id.eq(id)),
        CardHolder::Technician(id) => all.filter(table::technician_id.eq(id)),
    }
}

/// The holder's photo and the name of its uploader.
pub fn find(
    conn: &mut Conn,
    holder: CardHolder,
) -> Result<Option<(IdentityPhotoRow, String)>, DbError> {
    let Some(row) = for_holder(holder)
        .select((IdentityPhotoRow::as_select(), table::uploaded_by))
        .first(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let (row, uploaded_by): (IdentityPhotoRow, UserId) = row;
    let name = users::table.find(uploaded_by).select(users::name).first(conn)?;
    Ok(Some((row, name)))
}

/// Returns those of the technicians who have a photo.
pub fn technicians_with(
    conn: &mut Conn,
    ids: &[TechnicianId],
) -> Result<Vec<TechnicianId>, DbError> {
    let rows = table::table.filter(table::technician_id.eq_any(ids.to_vec()));
    Ok(rows.select(table::technician_id.assume_not_null()).load(conn)?)
}

/// Photos after the one with this id.
pub fn after(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<IdentityPhotoRow>, DbError> {
    let rows = table::table.filter(table::id.gt(id)).order(table::id).limit(limit);
    Ok(rows.select(IdentityPhotoRow::as_select()).load(conn)?)
}

/// Whether a row names this file.
pub fn is_in_use(conn: &mut Conn, file_name: &str) -> Result<bool, DbError> {
    let row = table::table.filter(table::file_name.eq(file_name.to_owned()));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(conn)?)
}

/// Adds a photo; false if a concurrent request has added one for this holder.
pub fn insert(conn: &mut Conn, new: &NewIdentityPhoto<'_>) -> Result<bool, DbError> {
    let (customer_id, technician_id) = match new.holder {
        CardHolder::Customer(id) => (Some(id), None),
        CardHolder::Technician(id) => (None, Some(id)),
    };
    let statement = diesel::sql_query(
        "INSERT INTO identity_photos
             (customer_id, technician_id, file_name, width, height, uploaded_by, uploaded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind::<Nullable<BigInt>, _>(customer_id)
    .bind::<Nullable<BigInt>, _>(technician_id)
    .bind::<Text, _>(new.file_name)
    .bind::<Integer, _>(new.width)
    .bind::<Integer, _>(new.height)
    .bind::<BigInt, _>(new.uploaded_by)
    .bind::<Timestamp, _>(new.uploaded_at);
    Ok(statement.execute(conn)? == 1)
}

/// Deletes a photo; false if it was deleted before.
pub fn delete(conn: &mut Conn, id: i64) -> Result<bool, DbError> {
    Ok(diesel::delete(table::table.find(id)).execute(conn)? == 1)
}
