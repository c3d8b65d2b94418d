//! Messages on their way.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt, Timestamp};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::{ChatId, JobId, NotificationId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::outbox as table;

/// A message that was taken up for delivery.
#[derive(Debug, Clone, Queryable)]
pub struct ClaimedMessage {
    pub id: NotificationId,
    pub channel: Channel,
    pub user_id: Option<UserId>,
    pub chat_id: Option<ChatId>,
    pub kind: MessageKind,
    pub payload: String,
    pub job_id: Option<JobId>,
    pub replaces_id: Option<NotificationId>,
    /// How often it was taken up, this time included.
    pub attempts: i32,
    pub created_at: NaiveDateTime,
}

/// The message of a chat that goes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct QueueHead {
    #[diesel(sql_type = BigInt)]
    pub id: NotificationId,
    #[diesel(sql_type = BigInt)]
    pub chat_id: ChatId,
}

/// The oldest waiting message of this priority of each chat behind `after`, if it is due and none of
/// its chat and priority is being sent. At most `limit`, in the order of the chats.
///
/// It jumps from chat to chat along the index: what a chat has waiting behind its first message
/// costs nothing.
pub fn due_heads(
    conn: &mut Conn,
    priority: i16,
    after: ChatId,
    now: NaiveDateTime,
    limit: i64,
) -> Result<Vec<QueueHead>, DbError> {
    let statement = diesel::sql_query(
        "WITH RECURSIVE chats (chat_id) AS (
             SELECT MIN(chat_id) FROM outbox
             WHERE status = 'pending' AND priority = $1 AND chat_id > $2
             UNION ALL
             SELECT (SELECT MIN(next.chat_id) FROM outbox next
                     WHERE next.status = 'pending' AND next.priority = $1
                     AND next.chat_id > chats.chat_id)
             FROM chats WHERE chats.chat_id IS NOT NULL
         )
         SELECT head.id, head.chat_id FROM chats
         JOIN outbox head ON head.id = (SELECT MIN(first.id) FROM outbox first
             WHERE first.status = 'pending' AND first.priority = $1
             AND first.chat_id = chats.chat_id)
         WHERE head.next_attempt_at <= $3
         AND NOT EXISTS (SELECT 1 FROM outbox busy
             WHERE busy.status = 'sending' AND busy.priority = $1
             AND busy.chat_id = chats.chat_id)
         LIMIT $4",
    )
    .bind::<SmallInt, _>(priority)
    .bind::<BigInt, _>(after)
    .bind::<Timestamp, _>(now)
    .bind::<BigInt, _>(limit);
    Ok(Prepared(statement).load(conn)?)
}

/// Takes these messages up until `lease_until`, as far as nobody else was faster.
pub fn claim(
    conn: &mut Conn,
    ids: &[NotificationId],
    lease_until: NaiveDateTime,
) -> Result<Vec<ClaimedMessage>, DbError> {
    let waiting = table::id.eq_any(ids.to_vec()).and(table::status.eq(MessageStatus::Pending));
    Ok(diesel::update(table::table.filter(waiting))
        .set((
            table::status.eq(MessageStatus::Sending),
            table::attempts.eq(table::attempts + 1),
            table::lease_until.eq(lease_until),
        ))
        .returning((
            table::id,
            table::channel,
            table::user_id,
            table::chat_id,
            table::kind,
            table::payload,
            table::job_id,
            table::replaces_id,
            table::attempts,
            table::created_at,
        ))
        .load(conn)?)
}

/// Gives back what was taken up by somebody who has not come to an end with it.
pub fn release_expired_claims(conn: &mut Conn, now: NaiveDateTime) -> Result<usize, DbError> {
    let expired = table::status.eq(MessageStatus::Sending).and(table::lease_until.le(now));
    Ok(diesel::update(table::table.filter(expired)).set(released_columns(now)).execute(conn)?)
}

/// Gives back whatever is taken up.
pub fn release_all_claims(conn: &mut Conn, now: NaiveDateTime) -> Result<usize, DbError> {
    let taken = table::table.filter(table::status.eq(MessageStatus::Sending));
    Ok(diesel::update(taken).set(released_columns(now)).execute(conn)?)
}

type ReleasedColumns = (
    diesel::dsl::Eq<table::status, MessageStatus>,
    diesel::dsl::Eq<table::next_attempt_at, NaiveDateTime>,
    diesel::dsl::Eq<table::lease_until, Option<NaiveDateTime>>,
);

fn released_columns(now: NaiveDateTime) -> ReleasedColumns {
    (
        table::status.eq(MessageStatus::Pending),
        table::next_attempt_at.eq(now),
        table::lease_until.eq(None),
    )
}

/// Whether something was taken up and has outlived its lease.
pub fn has_expired_claims(conn: &mut Conn, now: NaiveDateTime) -> Result<bool, DbError> {
    let expired = table::status.eq(MessageStatus::Sending).and(table::lease_until.le(now));
    Ok(diesel::select(diesel::dsl::exists(table::table.filter(expired))).get_result(conn)?)
}

/// Marks a message as delivered, whoever has it now: it stands in the chat.
pub fn mark_sent(
    conn: &mut Conn,
    id: NotificationId,
    external_id: Option<&str>,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let statement = diesel::update(table::table.find(id)).set((
        table::status.eq(MessageStatus::Sent),
        table::external_id.eq(external_id),
        table::sent_at.eq(now),
        table::failure.eq(None::<DeliveryFailure>),
        table::lease_until.eq(None::<NaiveDateTime>),
    ));
    Prepared(statement).execute(conn)?;
    Ok(())
}

/// Where a message goes that could not be delivered.
#[derive(Debug, Clone, Copy)]
pub struct ReleasedMessage {
    pub status: MessageStatus,
    pub attempts: i32,
    pub next_attempt_at: NaiveDateTime,
    pub failure: Option<DeliveryFailure>,
}

/// Lets go of a message that was taken up for the `attempt`th time; false if somebody else has it
/// now.
pub fn release(
    conn: &mut Conn,
    id: NotificationId,
    attempt: i32,
    after: &ReleasedMessage,
) -> Result<bool, DbError> {
    let own = table::id
        .eq(id)
        .and(table::status.eq(MessageStatus::Sending))
        .and(table::attempts.eq(attempt));
    let statement = diesel::update(table::table.filter(own)).set((
        table::status.eq(after.status),
        table::attempts.eq(after.attempts),
        table::next_attempt_at.eq(after.next_attempt_at),
        table::failure.eq(after.failure),
        table::lease_until.eq(None::<NaiveDateTime>),
    ));
    Ok(Prepared(statement).execute(conn)? == 1)
}

/// Sends a message that was taken up to another chat.
pub fn set_chat(conn: &mut Conn, id: NotificationId, chat: ChatId) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::chat_id.eq(chat)).execute(conn)?;
    Ok(())
}

/// Withdraws a message unless it was sent or is being sent.
pub fn withdraw(conn: &mut Conn, id: NotificationId) -> Result<(), DbError> {
    let open = [MessageStatus::Pending, MessageStatus::Disabled, MessageStatus::Dead];
    diesel::update(table::table.find(id).filter(table::status.eq_any(open)))
        .set(table::status.eq(MessageStatus::Withdrawn))
        .execute(conn)?;
    Ok(())
}

/// Makes everything due that waits because the channel could not be reached.
pub fn make_unreachable_due(conn: &mut Conn, now: NaiveDateTime) -> Result<usize, DbError> {
    let waiting = table::status
        .eq(MessageStatus::Pending)
        .and(table::failure.eq(DeliveryFailure::Unreachable))
        .and(table::next_attempt_at.gt(now));
    Ok(diesel::update(table::table.filter(waiting))
        .set(table::next_attempt_at.eq(now))
        .execute(conn)?)
}

/// What the channel called an earlier message, once it was delivered.
pub fn find_external_id(
    conn: &mut Conn,
    id: NotificationId,
) -> Result<Option<(MessageStatus, Option<String>)>, DbError> {
    Ok(table::table.find(id).select((table::status, table::external_id)).first(conn).optional()?)
}

/// Makes due what waits for a time beyond `latest`, and frees what is leased beyond it: both were set
/// while the clock was ahead.
pub fn clamp_future_times(
    conn: &mut Conn,
    latest: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<usize, DbError> {
    let waiting = table::status.eq(MessageStatus::Pending).and(table::next_attempt_at.gt(latest));
    let due = diesel::update(table::table.filter(waiting)).set(table::next_attempt_at.eq(now));
    let leased = table::status.eq(MessageStatus::Sending).and(table::lease_until.gt(latest));
    let freed = diesel::update(table::table.filter(leased)).set(table::lease_until.eq(Some(now)));
    Ok(due.execute(conn)? + freed.execute(conn)?)
}
