//! Settings of the organisation, stored as one row.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::settings::Settings;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::settings as table;

/// The stored settings, or the defaults.
pub fn load(conn: &mut Conn) -> Result<Settings, DbError> {
    let row: Option<(String, i64)> =
        table::table.select((table::data, table::version)).first(conn).optional()?;
    let Some((data, version)) = row else { return Ok(Settings::default()) };
    let stored: Settings = serde_json::from_str(&data)
        .map_err(|error| DbError::Corrupt(format!("settings: {error}")))?;
    Ok(Settings { version, ..stored }.with_all_job_types())
}

/// Stores the settings under their next version.
pub(crate) fn store(
    conn: &mut Conn,
    settings: &Settings,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let data = serde_json::to_string(settings)
        .map_err(|error| DbError::Encode(format!("settings: {error}")))?;
    let row =
        (table::data.eq(&data), table::version.eq(settings.version), table::updated_at.eq(now));
    let changed = diesel::update(table::table.filter(table::id.eq(1))).set(row).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(table::table).values((table::id.eq(1), row)).execute(conn)?;
    }
    Ok(())
}
