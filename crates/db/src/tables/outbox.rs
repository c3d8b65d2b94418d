//! Outbox: messages to people outside the browser, from the change that causes them to their delivery.

mod cleanup;
mod delivery;
mod list;
mod metrics;
mod reports;

pub use cleanup::*;
pub use delivery::*;
pub use list::*;
pub use metrics::*;
pub use reports::*;

use std::fmt::Display;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamp};
use serde::Serialize;
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::{JobId, NotificationId, UserId};

use super::telegram_links::{self, TelegramLinkRow};
use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::json_rows::rows_as_json;
use crate::prepared::Prepared;
use crate::schema::outbox as table;

/// A new message.
#[derive(Serialize)]
pub struct NewMessage<'a> {
    pub channel: Channel,
    pub user_id: Option<UserId>,
    /// Where it goes on its channel; none if the user has no address there.
    pub address: Option<&'a str>,
    pub kind: MessageKind,
    /// JSON.
    pub payload: &'a str,
    pub job_id: Option<JobId>,
    /// The earlier message that this one replaces.
    pub replaces_id: Option<NotificationId>,
    /// Smaller ones are sent first.
    pub priority: i16,
    /// A second message with the same key is dropped.
    pub dedupe_key: &'a str,
    pub status: MessageStatus,
    pub failure: Option<DeliveryFailure>,
    pub created_at: NaiveDateTime,
}

/// Inserts a message unless one with the same key exists.
pub fn insert(conn: &mut Conn, message: &NewMessage<'_>) -> Result<(), DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO outbox
             (channel, user_id, address, kind, payload, job_id, replaces_id, priority, dedupe_key,
              status, failure, next_attempt_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
         ON CONFLICT (dedupe_key) DO NOTHING",
    )
    .bind::<Text, _>(message.channel)
    .bind::<Nullable<BigInt>, _>(message.user_id)
    .bind::<Nullable<Text>, _>(message.address)
    .bind::<Text, _>(message.kind)
    .bind::<Text, _>(message.payload)
    .bind::<Nullable<BigInt>, _>(message.job_id)
    .bind::<Nullable<BigInt>, _>(message.replaces_id)
    .bind::<SmallInt, _>(message.priority)
    .bind::<Text, _>(message.dedupe_key)
    .bind::<Text, _>(message.status)
    .bind::<Nullable<Text>, _>(message.failure)
    .bind::<Timestamp, _>(message.created_at);
    Prepared(statement).execute(conn)?;
    Ok(())
}

/// Inserts messages, except those whose key exists.
fn insert_all(conn: &mut Conn, messages: &[NewMessage<'_>]) -> Result<(), DbError> {
    if conn.backend() == Backend::Sqlite || messages.len() < 2 {
        return messages.iter().try_for_each(|message| insert(conn, message));
    }
    let statement = diesel::sql_query(
        "INSERT INTO outbox
             (channel, user_id, address, kind, payload, job_id, replaces_id, priority, dedupe_key,
              status, failure, next_attempt_at, created_at)
         SELECT channel, user_id, address, kind, payload, job_id, replaces_id, priority, dedupe_key,
                status, failure, created_at, created_at
           FROM json_to_recordset($1::json)
                AS m (channel TEXT, user_id BIGINT, address TEXT, kind TEXT, payload TEXT, job_id BIGINT,
                      replaces_id BIGINT, priority SMALLINT, dedupe_key TEXT, status TEXT, failure TEXT,
                      created_at TIMESTAMP)
         ON CONFLICT (dedupe_key) DO NOTHING",
    );
    for batch in messages.chunks(BATCH) {
        let rows = rows_as_json(batch)?;
        statement.clone().bind::<Text, _>(rows).execute(conn)?;
    }
    Ok(())
}

/// Rows per statement.
const BATCH: usize = 1_000;

/// The key of a message about an event, for a recipient such as `user:7`.
pub fn dedupe_key(kind: MessageKind, recipient: &impl Display, event_key: &str) -> String {
    format!("{kind}:{recipient}:{event_key}")
}

/// A message for every technician who can take a job: active, on duty, and reachable in Telegram.
pub struct TechnicianMessage {
    pub kind: MessageKind,
    /// JSON.
    pub payload: String,
    pub job_id: Option<JobId>,
    pub priority: i16,
    /// Identifies the event within its kind and recipient.
    pub event_key: String,
    pub status: MessageStatus,
    pub created_at: NaiveDateTime,
}

/// Inserts each of the messages for each of the technicians, except those whose key exists. Returns whether there are
/// any technicians.
pub(crate) fn insert_for_technicians(
    conn: &mut Conn,
    messages: &[TechnicianMessage],
) -> Result<bool, DbError> {
    if messages.is_empty() {
        return Ok(false);
    }
    let links = telegram_links::for_technicians_on_duty(conn)?;
    let addresses: Vec<String> = links.iter().map(|link| link.chat_id.to_string()).collect();
    let recipients = || links.iter().zip(&addresses);
    let keys: Vec<String> = messages
        .iter()
        .flat_map(|message| recipients().map(move |(link, _)| message.key_for(link)))
        .collect();
    let pairs = messages.iter().flat_map(|message| recipients().map(move |to| (message, to)));
    let rows = pairs.zip(&keys).map(|((message, (link, address)), dedupe_key)| NewMessage {
        channel: Channel::Telegram,
        user_id: Some(link.user_id),
        address: Some(address),
        kind: message.kind,
        payload: &message.payload,
        job_id: message.job_id,
        replaces_id: None,
        priority: message.priority,
        dedupe_key,
        status: message.status,
        failure: None,
        created_at: message.created_at,
    });
    insert_all(conn, &rows.collect::<Vec<_>>())?;
    Ok(!links.is_empty())
}

impl TechnicianMessage {
    fn key_for(&self, link: &TelegramLinkRow) -> String {
        dedupe_key(self.kind, &format_args!("user:{}", link.user_id), &self.event_key)
    }
}

/// An offer of a job that its recipient may have received.
#[derive(Debug, Clone, Queryable)]
pub struct OfferRow {
    pub id: NotificationId,
    pub user_id: Option<UserId>,
    pub channel: Channel,
    pub address: Option<String>,
}

/// Withdraws the offers of a job that were not sent. Returns those that were or may have been sent, unless
/// a later message has closed them.
pub fn withdraw_offers(conn: &mut Conn, job: JobId) -> Result<Vec<OfferRow>, DbError> {
    let offers = table::job_id.eq(job).and(table::kind.eq(MessageKind::JobOffered));
    let unsent = [MessageStatus::Pending, MessageStatus::Disabled, MessageStatus::Dead];
    diesel::update(table::table.filter(offers.and(table::status.eq_any(unsent))))
        .set(table::status.eq(MessageStatus::Withdrawn))
        .execute(conn)?;
    let visible = [MessageStatus::Sent, MessageStatus::Sending, MessageStatus::Unknown];
    let closing = diesel::alias!(crate::schema::outbox as closing);
    let closed = closing.filter(closing.field(table::replaces_id).eq(table::id.nullable()));
    Ok(table::table
        .filter(offers.and(table::status.eq_any(visible)))
        .filter(diesel::dsl::not(diesel::dsl::exists(closed)))
        .order(table::id)
        .select((table::id, table::user_id, table::channel, table::address))
        .load(conn)?)
}

/// Finds a message by its dedupe key.
pub fn find_id_by_dedupe_key(
    conn: &mut Conn,
    dedupe_key: &str,
) -> Result<Option<NotificationId>, DbError> {
    let row = table::table.filter(table::dedupe_key.eq(dedupe_key)).select(table::id);
    Ok(row.first(conn).optional()?)
}

/// Changes the payload of a waiting message; false if it waits no longer.
pub fn update_pending_payload(
    conn: &mut Conn,
    id: NotificationId,
    payload: &str,
) -> Result<bool, DbError> {
    let waits = table::id.eq(id).and(table::status.eq(MessageStatus::Pending));
    let changed =
        diesel::update(table::table.filter(waits)).set(table::payload.eq(payload)).execute(conn)?;
    Ok(changed == 1)
}

/// Changes the payload of a message in any state.
pub fn set_payload(conn: &mut Conn, id: NotificationId, payload: &str) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::payload.eq(payload)).execute(conn)?;
    Ok(())
}

/// Deletes all messages.
pub fn delete_all(conn: &mut Conn) -> Result<(), DbError> {
    diesel::delete(table::table).execute(conn)?;
    Ok(())
}
