//! Tickets that open one WebSocket each: a browser can not send a header with one.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::SessionId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::ws_tickets as table;

/// Stores a ticket; tickets that nobody used in time are swept on the way.
pub fn insert(
    conn: &mut Conn,
    token_hash: &str,
    session: SessionId,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::expires_at.lt(now))).execute(conn)?;
    let row = (
        table::token_hash.eq(token_hash),
        table::session_id.eq(session),
        table::expires_at.eq(expires_at),
    );
    diesel::insert_into(table::table).values(row).execute(conn)?;
    Ok(())
}

/// Uses a ticket up: of which session it was, if it was still good.
pub fn take(
    conn: &mut Conn,
    token_hash: &str,
    now: NaiveDateTime,
) -> Result<Option<SessionId>, DbError> {
    let row = table::table.filter(table::token_hash.eq(token_hash).and(table::expires_at.ge(now)));
    Ok(diesel::delete(row).returning(table::session_id).get_result(conn).optional()?)
}
