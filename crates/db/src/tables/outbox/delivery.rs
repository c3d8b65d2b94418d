//! Messages on their way: claims and stored outcomes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamp};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus, ReportedStatus};
use shared::{JobId, NotificationId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::outbox as table;

/// A message that was claimed for delivery.
#[derive(Debug, Clone, Queryable)]
pub struct ClaimedMessage {
    pub id: NotificationId,
    pub channel: Channel,
    pub user_id: Option<UserId>,
    pub address: String,
    pub kind: MessageKind,
    pub payload: String,
    pub job_id: Option<JobId>,
    pub replaces_id: Option<NotificationId>,
    /// How often it was claimed, this time included.
    pub attempts: i32,
    pub created_at: NaiveDateTime,
}

type ClaimedColumns = (
    table::id,
    table::channel,
    table::user_id,
    diesel::dsl::AssumeNotNull<table::address>,
    table::kind,
    table::payload,
    table::job_id,
    table::replaces_id,
    table::attempts,
    table::created_at,
);

/// The columns of a [`ClaimedMessage`]. Every message that can be claimed has an address.
pub(super) fn claimed_columns() -> ClaimedColumns {
    (
        table::id,
        table::channel,
        table::user_id,
        table::address.assume_not_null(),
        table::kind,
        table::payload,
        table::job_id,
        table::replaces_id,
        table::attempts,
        table::created_at,
    )
}

/// The next message of an address.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct QueueHead {
    #[diesel(sql_type = BigInt)]
    pub id: NotificationId,
    #[diesel(sql_type = Text)]
    pub address: String,
}

/// Returns the oldest waiting message of each address behind `after`, in the order of the addresses, at
/// most `limit`: only those that are due, and of addresses to which no message of the same priority is
/// being sent.
///
/// The query jumps from address to address along the index, so that the messages behind the first one
/// of an address cost nothing.
pub fn due_heads(
    conn: &mut Conn,
    channel: Channel,
    priority: i16,
    after: &str,
    now: NaiveDateTime,
    limit: i64,
) -> Result<Vec<QueueHead>, DbError> {
    let statement = diesel::sql_query(
        "WITH RECURSIVE addresses (address) AS (
             SELECT MIN(address) FROM outbox
             WHERE status = 'pending' AND channel = $1 AND priority = $2 AND address > $3
             UNION ALL
             SELECT (SELECT MIN(next.address) FROM outbox next
                     WHERE next.status = 'pending' AND next.channel = $1 AND next.priority = $2
                     AND next.address > addresses.address)
             FROM addresses WHERE addresses.address IS NOT NULL
         )
         SELECT head.id, head.address FROM addresses
         JOIN outbox head ON head.id = (SELECT MIN(first.id) FROM outbox first
             WHERE first.status = 'pending' AND first.channel = $1 AND first.priority = $2
             AND first.address = addresses.address)
         WHERE head.next_attempt_at <= $4
         AND NOT EXISTS (SELECT 1 FROM outbox busy
             WHERE busy.status = 'sending' AND busy.channel = $1 AND busy.priority = $2
             AND busy.address = addresses.address)
         LIMIT $5",
    )
    .bind::<Text, _>(channel)
    .bind::<SmallInt, _>(priority)
    .bind::<Text, _>(after)
    .bind::<Timestamp, _>(now)
    .bind::<BigInt, _>(limit);
    Ok(Prepared(statement).load(conn)?)
}

/// Claims these messages until `lease_until`, except those that are no longer waiting. Reports about
/// earlier attempts are forgotten.
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
            table::reported.eq(None::<ReportedStatus>),
        ))
        .returning(claimed_columns())
        .load(conn)?)
}

/// Gives messages whose claim has expired this status.
pub fn release_expired_claims(
    conn: &mut Conn,
    channel: Channel,
    now: NaiveDateTime,
    status: MessageStatus,
) -> Result<usize, DbError> {
    let expired = table::channel
        .eq(channel)
        .and(table::status.eq(MessageStatus::Sending))
        .and(table::lease_until.le(now));
    let released = diesel::update(table::table.filter(expired)).set(released_columns(now, status));
    Ok(released.execute(conn)?)
}

/// Gives all claimed messages this status.
pub fn release_all_claims(
    conn: &mut Conn,
    channel: Channel,
    now: NaiveDateTime,
    status: MessageStatus,
) -> Result<usize, DbError> {
    let claimed = table::channel.eq(channel).and(table::status.eq(MessageStatus::Sending));
    let released = diesel::update(table::table.filter(claimed)).set(released_columns(now, status));
    Ok(released.execute(conn)?)
}

type ReleasedColumns = (
    diesel::dsl::Eq<table::status, MessageStatus>,
    diesel::dsl::Eq<table::next_attempt_at, NaiveDateTime>,
    diesel::dsl::Eq<table::lease_until, Option<NaiveDateTime>>,
);

fn released_columns(now: NaiveDateTime, status: MessageStatus) -> ReleasedColumns {
    (table::status.eq(status), table::next_attempt_at.eq(now), table::lease_until.eq(None))
}

/// Whether a claim has expired.
pub fn has_expired_claims(
    conn: &mut Conn,
    channel: Channel,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let expired = table::channel
        .eq(channel)
        .and(table::status.eq(MessageStatus::Sending))
        .and(table::lease_until.le(now));
    Ok(diesel::select(diesel::dsl::exists(table::table.filter(expired))).get_result(conn)?)
}

/// Marks a message as sent, whoever has claimed it now; false if the provider has reported a failure.
/// Without `external_id` the one that was reported stays.
pub fn mark_sent(
    conn: &mut Conn,
    id: NotificationId,
    external_id: Option<&str>,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let statement = diesel::sql_query(
        "UPDATE outbox SET status = 'sent', external_id = COALESCE($1, external_id), sent_at = $2,
             failure = NULL, lease_until = NULL
         WHERE id = $3 AND (reported IS NULL OR reported <> 'failed')",
    )
    .bind::<Nullable<Text>, _>(external_id)
    .bind::<Timestamp, _>(now)
    .bind::<BigInt, _>(id);
    Ok(Prepared(statement).execute(conn)? == 1)
}

/// The state of a message whose claim is released.
#[derive(Debug, Clone, Copy)]
pub struct ReleasedMessage {
    pub status: MessageStatus,
    pub attempts: i32,
    pub next_attempt_at: NaiveDateTime,
    pub failure: Option<DeliveryFailure>,
}

/// Releases the claim of the `attempt`th attempt; false if another worker has claimed the message
/// since.
pub fn release(
    conn: &mut Conn,
    id: NotificationId,
    attempt: i32,
    released: &ReleasedMessage,
) -> Result<bool, DbError> {
    let own = table::id
        .eq(id)
        .and(table::status.eq(MessageStatus::Sending))
        .and(table::attempts.eq(attempt));
    let statement = diesel::update(table::table.filter(own)).set((
        table::status.eq(released.status),
        table::attempts.eq(released.attempts),
        table::next_attempt_at.eq(released.next_attempt_at),
        table::failure.eq(released.failure),
        table::lease_until.eq(None::<NaiveDateTime>),
    ));
    Ok(Prepared(statement).execute(conn)? == 1)
}

/// Changes the address of a message.
pub fn redirect(conn: &mut Conn, id: NotificationId, address: &str) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::address.eq(address)).execute(conn)?;
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
pub fn make_unreachable_due(
    conn: &mut Conn,
    channel: Channel,
    now: NaiveDateTime,
) -> Result<usize, DbError> {
    let waiting = table::channel
        .eq(channel)
        .and(table::status.eq(MessageStatus::Pending))
        .and(table::failure.eq(DeliveryFailure::Unreachable))
        .and(table::next_attempt_at.gt(now));
    Ok(diesel::update(table::table.filter(waiting))
        .set(table::next_attempt_at.eq(now))
        .execute(conn)?)
}

/// Makes the messages due again that an address has refused and that were made after `since`. Replies are not
/// among them: what they answer is over.
pub fn revive_blocked(
    conn: &mut Conn,
    channel: Channel,
    address: &str,
    since: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<i64, DbError> {
    let refused = table::channel
        .eq(channel)
        .and(table::address.eq(address))
        .and(table::status.eq(MessageStatus::Dead))
        .and(table::failure.eq(DeliveryFailure::Blocked))
        .and(table::kind.ne(MessageKind::Reply))
        .and(table::created_at.gt(since));
    let revived = diesel::update(table::table.filter(refused))
        .set((
            table::status.eq(MessageStatus::Pending),
            table::attempts.eq(0),
            table::next_attempt_at.eq(now),
            table::failure.eq(None::<DeliveryFailure>),
        ))
        .execute(conn)?;
    Ok(i64::try_from(revived).unwrap_or(i64::MAX))
}

/// Returns the status of a message, and the provider's id once it was sent.
pub fn find_external_id(
    conn: &mut Conn,
    id: NotificationId,
) -> Result<Option<(MessageStatus, Option<String>)>, DbError> {
    Ok(table::table.find(id).select((table::status, table::external_id)).first(conn).optional()?)
}

/// Makes due what waits for a time beyond `latest`, and ends claims that go beyond it: both were set
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
