//! The upload folder that belongs to the database.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::upload_folder as table;
use crate::schema::{identity_photos, photos, technician_registrations};

/// The content of the folder's marker file; `None` until a folder was chosen.
pub fn find_marker(conn: &mut Conn) -> Result<Option<String>, DbError> {
    Ok(table::table.select(table::mark).first(conn).optional()?)
}

/// Stores the marker of the folder, unless another server has done so; returns the stored marker.
pub fn set_marker(conn: &mut Conn, new: &str) -> Result<String, DbError> {
    diesel::sql_query("INSERT INTO upload_folder (id, mark) VALUES (1, $1) ON CONFLICT DO NOTHING")
        .bind::<Text, _>(new)
        .execute(conn)?;
    Ok(table::table.select(table::mark).first(conn)?)
}

/// Whether any row names a file in the folder.
pub fn has_photos(conn: &mut Conn) -> Result<bool, DbError> {
    let photo: Option<String> = photos::table.select(photos::file_name).first(conn).optional()?;
    let identity: Option<String> =
        identity_photos::table.select(identity_photos::file_name).first(conn).optional()?;
    let applicant: Option<Option<String>> = technician_registrations::table
        .filter(technician_registrations::photo_file.is_not_null())
        .select(technician_registrations::photo_file)
        .first(conn)
        .optional()?;
    Ok(photo.is_some() || identity.is_some() || applicant.is_some())
}
