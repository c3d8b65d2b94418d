//! Photos of jobs; the files are in the upload folder.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::photo::PhotoKind;
use shared::{JobId, PhotoId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{photos as table, users};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct PhotoRow {
    pub id: PhotoId,
    pub job_id: JobId,
    pub kind: PhotoKind,
    pub file_name: String,
    pub thumbnail_name: String,
    pub sha256: String,
    pub width: i32,
    pub height: i32,
    pub taken_at: Option<NaiveDateTime>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub created_at: NaiveDateTime,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewPhotoRow<'a> {
    pub job_id: JobId,
    pub kind: PhotoKind,
    pub file_name: &'a str,
    pub thumbnail_name: &'a str,
    pub sha256: &'a str,
    pub width: i32,
    pub height: i32,
    pub taken_at: Option<NaiveDateTime>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub uploaded_by: UserId,
    pub created_at: NaiveDateTime,
}

/// The photos of a job with the names of their uploaders, oldest first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<(PhotoRow, String)>, DbError> {
    Ok(table::table
        .inner_join(users::table)
        .filter(table::job_id.eq(job))
        .order(table::id)
        .select((PhotoRow::as_select(), users::name))
        .load(conn)?)
}

/// One photo with the name of its uploader.
pub fn find(conn: &mut Conn, id: PhotoId) -> Result<Option<(PhotoRow, String)>, DbError> {
    Ok(table::table
        .inner_join(users::table)
        .filter(table::id.eq(id))
        .select((PhotoRow::as_select(), users::name))
        .first(conn)
        .optional()?)
}

/// Counts a job's photos by kind, in the order of the kinds; kinds without photos are left out.
pub fn count_by_kind(conn: &mut Conn, job: JobId) -> Result<Vec<(PhotoKind, i64)>, DbError> {
    let mut counts: Vec<(PhotoKind, i64)> = table::table
        .filter(table::job_id.eq(job))
        .group_by(table::kind)
        .select((table::kind, diesel::dsl::count_star()))
        .load(conn)?;
    counts.sort_unstable_by_key(|(kind, _)| *kind);
    Ok(counts)
}

/// Adds a photo.
pub fn insert(conn: &mut Conn, photo: &NewPhotoRow<'_>) -> Result<PhotoId, DbError> {
    Ok(diesel::insert_into(table::table).values(photo).returning(table::id).get_result(conn)?)
}
