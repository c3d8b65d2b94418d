//! Messages that nobody needs any more.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use shared::message::{MessageKind, MessageStatus};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::outbox as table;

/// Forgets what came to its end: answers of before `answers`, everything else of before `others`.
/// What a later message takes the place of stays as long as that one.
pub fn forget(
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
        .select(table::id);
    let ids: Vec<shared::NotificationId> = ended.load(conn)?;
    let mut forgotten = 0;
    // Below the limit of parameters of a statement.
    for batch in ids.chunks(500) {
        let rows = table::table.filter(table::id.eq_any(batch.to_vec()));
        forgotten += diesel::delete(rows).execute(conn)?;
    }
    Ok(forgotten)
}
