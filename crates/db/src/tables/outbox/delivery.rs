//! Messages on their way.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::message::{Channel, MessageKind, MessageStatus};
use shared::{ChatId, JobId, NotificationId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::outbox as table;

/// A message that was taken up for delivery.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct DueMessage {
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

/// What the channel called an earlier message, once it was delivered.
pub fn external_id(
    conn: &mut Conn,
    id: NotificationId,
) -> Result<Option<(MessageStatus, Option<String>)>, DbError> {
    Ok(table::table.find(id).select((table::status, table::external_id)).first(conn).optional()?)
}
