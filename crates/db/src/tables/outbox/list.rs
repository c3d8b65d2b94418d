//! Queries of the list of notifications.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus, ReportedStatus};
use shared::{JobId, NotificationId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::page::CountUpTo;
use crate::schema::{jobs, outbox as table, users};
use crate::search;

/// A message with the names of its recipient and job.
#[derive(Debug, Clone, Queryable)]
pub struct NotificationRow {
    pub id: NotificationId,
    pub channel: Channel,
    pub user_id: Option<UserId>,
    pub address: Option<String>,
    pub kind: MessageKind,
    /// JSON.
    pub payload: String,
    pub status: MessageStatus,
    pub job_id: Option<JobId>,
    pub attempts: i32,
    pub next_attempt_at: NaiveDateTime,
    pub failure: Option<DeliveryFailure>,
    pub created_at: NaiveDateTime,
    pub sent_at: Option<NaiveDateTime>,
    /// Name of the recipient.
    pub recipient: Option<String>,
    pub job_number: Option<String>,
}

/// Filter of the list. Replies of the bot are never listed.
#[derive(Debug, Clone, Default)]
pub struct NotificationFilter {
    pub status: Vec<MessageStatus>,
    pub kind: Vec<MessageKind>,
    pub channel: Option<Channel>,
    pub job_id: Option<JobId>,
    /// Words in lower case that must all occur in the recipient's name or the job's number.
    pub search_words: Vec<String>,
}

macro_rules! filtered {
    ($filter:expr) => {{
        let filter: &NotificationFilter = $filter;
        let mut query = table::table
            .left_join(users::table)
            .left_join(jobs::table)
            .filter(table::kind.ne(MessageKind::Reply))
            .into_boxed();
        // Messages that were not sent are few, and have an index of their own; to find sent ones, the newest messages are
        // looked through.
        if filter.status.contains(&MessageStatus::Sent) {
            query = query.filter(sql::<Text>("(outbox.status || '')").eq_any(filter.status.clone()));
        } else if !filter.status.is_empty() {
            query = query.filter(sql::<Bool>("outbox.status <> 'sent'"));
            query = query.filter(table::status.eq_any(filter.status.clone()));
        }
        if !filter.kind.is_empty() {
            query = query.filter(table::kind.eq_any(filter.kind.clone()));
        }
        if let Some(channel) = filter.channel {
            query = query.filter(table::channel.eq(channel));
        }
        if let Some(job) = filter.job_id {
            query = query.filter(table::job_id.eq(job));
        }
        for word in &filter.search_words {
            let text = "lower(coalesce(users.name, '') || ' ' || coalesce(jobs.number, ''))";
            let found = sql::<Bool>(&format!("{text} LIKE "))
                .bind::<Text, _>(search::like_pattern(word))
                .sql(" ESCAPE '\\'");
            query = query.filter(found);
        }
        query
    }};
}

macro_rules! columns {
    () => {
        (
            table::id,
            table::channel,
            table::user_id,
            table::address,
            table::kind,
            table::payload,
            table::status,
            table::job_id,
            table::attempts,
            table::next_attempt_at,
            table::failure,
            table::created_at,
            table::sent_at,
            users::name.nullable(),
            jobs::number.nullable(),
        )
    };
}

/// Lists the messages before `cursor`, newest first.
pub fn list(
    conn: &mut Conn,
    filter: &NotificationFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<NotificationRow>, DbError> {
    let mut query = filtered!(filter);
    if let Some(cursor) = cursor {
        query = query.filter(table::id.lt(NotificationId(cursor.id)));
    }
    Ok(query.order(table::id.desc()).limit(limit).select(columns!()).load(conn)?)
}

/// Counts the matching messages.
pub fn count(conn: &mut Conn, filter: &NotificationFilter) -> Result<i64, DbError> {
    let some = filtered!(filter).select(table::id).limit(CountUpTo::LIMIT);
    Ok(CountUpTo(some).get_result(conn)?)
}

/// Finds a message; none for a reply of the bot.
pub fn find(conn: &mut Conn, id: NotificationId) -> Result<Option<NotificationRow>, DbError> {
    let row = filtered!(&NotificationFilter::default()).filter(table::id.eq(id));
    Ok(row.select(columns!()).first(conn).optional()?)
}

/// Makes an ended message due again at this address; false if it has not ended.
pub fn resend(
    conn: &mut Conn,
    id: NotificationId,
    address: &str,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let ended = [MessageStatus::Dead, MessageStatus::Disabled, MessageStatus::Unknown];
    let row = table::table.filter(table::id.eq(id).and(table::status.eq_any(ended)));
    let changed = diesel::update(row)
        .set((
            table::status.eq(MessageStatus::Pending),
            table::address.eq(address),
            table::attempts.eq(0),
            table::next_attempt_at.eq(now),
            table::failure.eq(None::<DeliveryFailure>),
            table::reported.eq(None::<ReportedStatus>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
