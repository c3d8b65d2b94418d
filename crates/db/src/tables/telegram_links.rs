//! Links between users and Telegram chats.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{ChatId, Lang, TechnicianId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{technicians, telegram_links as table, users};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = table)]
pub struct TelegramLinkRow {
    pub user_id: UserId,
    pub chat_id: ChatId,
    pub linked_at: NaiveDateTime,
    /// When the user blocked the bot.
    pub blocked_at: Option<NaiveDateTime>,
    /// In which the bot writes to the chat.
    pub lang: Lang,
}

/// The link of a user.
pub fn find_by_user(conn: &mut Conn, user: UserId) -> Result<Option<TelegramLinkRow>, DbError> {
    let row = table::table.find(user).select(TelegramLinkRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// The link of a chat.
pub fn find_by_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<TelegramLinkRow>, DbError> {
    let row = table::table.filter(table::chat_id.eq(chat)).select(TelegramLinkRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// The links of several users; users without one are left out.
pub fn for_users(conn: &mut Conn, users: &[UserId]) -> Result<Vec<TelegramLinkRow>, DbError> {
    Ok(table::table
        .filter(table::user_id.eq_any(users.to_vec()))
        .select(TelegramLinkRow::as_select())
        .load(conn)?)
}

/// The links of technicians who can take a job now: active, on duty, bot not blocked.
pub fn for_technicians_on_duty(conn: &mut Conn) -> Result<Vec<TelegramLinkRow>, DbError> {
    Ok(table::table
        .inner_join(users::table)
        .inner_join(technicians::table.on(technicians::user_id.eq(table::user_id)))
        .filter(users::active.eq(true))
        .filter(technicians::active.eq(true).and(technicians::on_duty.eq(true)))
        .filter(table::blocked_at.is_null())
        .order(table::user_id)
        .select(TelegramLinkRow::as_select())
        .load(conn)?)
}

/// Returns those of the technicians who have a link, and since when they refuse messages.
pub fn technicians_with(
    conn: &mut Conn,
    ids: &[TechnicianId],
) -> Result<Vec<(TechnicianId, Option<NaiveDateTime>)>, DbError> {
    Ok(table::table
        .inner_join(users::table)
        .inner_join(technicians::table.on(technicians::user_id.eq(table::user_id)))
        .filter(technicians::id.eq_any(ids.to_vec()))
        .select((technicians::id, table::blocked_at))
        .load(conn)?)
}

/// Links a user and a chat, replacing earlier links of either.
pub fn link(
    conn: &mut Conn,
    user: UserId,
    chat: ChatId,
    lang: Lang,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let before = table::user_id.eq(user).or(table::chat_id.eq(chat));
    diesel::delete(table::table.filter(before)).execute(conn)?;
    let row =
        TelegramLinkRow { user_id: user, chat_id: chat, linked_at: now, blocked_at: None, lang };
    diesel::insert_into(table::table).values(row).execute(conn)?;
    Ok(())
}

/// Deletes a user's link; false if there was none.
pub fn delete(conn: &mut Conn, user: UserId) -> Result<bool, DbError> {
    Ok(diesel::delete(table::table.find(user)).execute(conn)? == 1)
}

/// Records that the user blocked or unblocked the bot.
pub fn set_blocked(
    conn: &mut Conn,
    chat: ChatId,
    blocked_at: Option<NaiveDateTime>,
) -> Result<(), DbError> {
    diesel::update(table::table.filter(table::chat_id.eq(chat)))
        .set(table::blocked_at.eq(blocked_at))
        .execute(conn)?;
    Ok(())
}

/// Records that the user accepts messages; false if they were not refused.
pub fn clear_blocked(conn: &mut Conn, chat: ChatId) -> Result<bool, DbError> {
    let blocked = table::table.filter(table::chat_id.eq(chat).and(table::blocked_at.is_not_null()));
    let changed =
        diesel::update(blocked).set(table::blocked_at.eq(None::<NaiveDateTime>)).execute(conn)?;
    Ok(changed > 0)
}

/// Changes the language of a user's chat; false if there is none.
pub fn set_lang(conn: &mut Conn, user: UserId, lang: Lang) -> Result<bool, DbError> {
    let changed =
        diesel::update(table::table.find(user)).set(table::lang.eq(lang)).execute(conn)?;
    Ok(changed == 1)
}
