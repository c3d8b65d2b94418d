//! Who changed what. The database refuses to change or remove a row.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::UserId;

use crate::cached::Cached;
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::audit as table;

/// One entry.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewAudit<'a> {
    pub at: NaiveDateTime,
    pub actor_id: Option<UserId>,
    pub actor_name: &'a str,
    pub action: &'a str,
    pub entity: &'a str,
    pub entity_id: Option<i64>,
    /// JSON.
    pub before: Option<String>,
    /// JSON.
    pub after: Option<String>,
    pub ip: Option<&'a str>,
    pub request_id: Option<&'a str>,
}

/// Writes an entry.
pub fn insert(conn: &mut Conn, entry: &NewAudit<'_>) -> Result<(), DbError> {
    Cached(diesel::insert_into(table::table).values(entry)).execute(conn)?;
    Ok(())
}
