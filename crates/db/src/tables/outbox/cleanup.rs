//! Deletion of ended messages after their retention time.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use shared::notification::{MessageKind, MessageStatus};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::outbox as table;
use crate::tables::expiry::BATCH_SIZE;

/// Deletes ended messages: replies from before `answers`, all others from before `others`, at most
/// [`AT_ONCE`]. A message that a later one replaces is kept as long as that one.
pub fn delete_ended(
    conn: &mut Conn,
    answers: NaiveDateTime,
    others: NaiveDateTime,
) -> Result<usize, DbError> {
    let later = diesel::alias!(crate::schema::outbox as later);
    let replaced = later.filter(later.field(table::replaces_id).eq(table::id.nullable()));
    let open = [MessageStatus::Pending, MessageStatus::Sending];
    let is_answer = table::kind.eq(MessageKind::Reply);
    let old = table::created_at.lt(others).or(is_answer.and(table::created_at.lt(answers)));
    let ended = table::table
        .filter(table::status.ne_all(open).and(old))
        .filter(not(exists(replaced)))
        .select(table::id)
        .limit(BATCH_SIZE as i64);
    let ids: Vec<shared::NotificationId> = ended.load(conn)?;
    Ok(diesel::delete(table::table.filter(table::id.eq_any(ids))).execute(conn)?)
}
