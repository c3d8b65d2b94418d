//! Which Telegram chat acts in the name of which login.

use chrono::TimeDelta;
use db::tables::{telegram_link_codes, telegram_links};
use db::{Conn, Tx};
use rand::Rng;
use serde::Serialize;
use shared::live::{LiveEvent, UserEvent};
use shared::{ChatId, ErrorCode, Role, UserId};

use crate::audit::{self, Deed};
use crate::error::{Error, Result};
use crate::tokens::secret_hash;
use crate::{Actor, technicians, users};

/// How long a code is good.
pub const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Signs of a code: none that looks like another one.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LENGTH: usize = 10;

/// A link as the audit keeps it.
#[derive(Serialize)]
struct Linked {
    chat_id: ChatId,
}

/// Who acts in this chat: the login that it belongs to, as it is at this moment. `None` if there is
/// none, or if it is switched off.
///
/// # Errors
/// The database fails.
pub fn actor_of(conn: &mut Conn, chat: ChatId) -> Result<Option<Actor>> {
    let Some(link) = telegram_links::of_chat(conn, chat)? else { return Ok(None) };
    let facts = users::facts(conn, link.user_id)?.filter(|facts| facts.active);
    Ok(facts.map(|facts| Actor::person(facts.user_id, facts.name, facts.role, facts.technician_id)))
}

/// Ends what a login may do in Telegram because its rights or its password have changed: a code that
/// nobody has used yet and, of everybody but technicians, the link. A technician works in Telegram
/// alone, and changes the first password while doing so.
///
/// # Errors
/// The database fails.
pub(crate) fn end_rights(tx: &mut Tx<'_>, user: UserId, role: Role) -> Result<()> {
    telegram_link_codes::forget(tx.conn(), user)?;
    if role != Role::User {
        telegram_links::delete(tx.conn(), user)?;
    }
    Ok(())
}

/// Whether the caller's login has a chat.
///
/// # Errors
/// The database fails.
pub fn is_linked(conn: &mut Conn, user: UserId) -> Result<bool> {
    Ok(telegram_links::of_user(conn, user)?.is_some())
}

/// A new one-time code for the caller's login; an earlier one is no longer good.
///
/// # Errors
/// The database fails.
pub fn issue_code(tx: &mut Tx<'_>, actor: &Actor) -> Result<String> {
    let mut random = rand::rng();
    let code: String = (0..CODE_LENGTH)
        .map(|_| char::from(CODE_ALPHABET[random.random_range(0..CODE_ALPHABET.len())]))
        .collect();
    let expires_at = (tx.now() + CODE_LIFETIME).naive_utc();
    telegram_link_codes::put(tx.conn(), actor.user_id, &secret_hash(&code), expires_at)?;
    Ok(code)
}

/// Joins the chat with the login that the code was made for. Whatever either was joined with before
/// is let go: of a lost phone, the new one takes over.
///
/// # Errors
/// [`ErrorCode::WrongLinkCode`] if the code is unknown, used or too old.
pub fn redeem_code(tx: &mut Tx<'_>, chat: ChatId, code: &str) -> Result<UserId> {
    let code = code.trim().to_ascii_uppercase();
    let now = tx.now().naive_utc();
    let user = telegram_link_codes::take(tx.conn(), &secret_hash(&code), now)?
        .ok_or_else(|| Error::refuse(ErrorCode::WrongLinkCode))?;
    link(tx, user, chat)?;
    Ok(user)
}

/// Joins a chat with a login, in the name of that login.
///
/// # Errors
/// The database fails.
pub(crate) fn link(tx: &mut Tx<'_>, user: UserId, chat: ChatId) -> Result<()> {
    let now = tx.now().naive_utc();
    let before = telegram_links::of_chat(tx.conn(), chat)?.map(|link| link.user_id);
    telegram_links::put(tx.conn(), user, chat, now)?;
    let actor = actor_of(tx.conn(), chat)?;
    let actor = match actor {
        Some(actor) => actor,
        None => users::system_actor(tx)?,
    };
    let deed = Deed { action: "user.link_telegram", entity: "user", entity_id: user.0 };
    audit::record::<(), _>(tx, &actor, deed, None, Some(&Linked { chat_id: chat }))?;
    if let Some(before) = before.filter(|before| *before != user) {
        told(tx, before)?;
    }
    told(tx, user)
}

/// Lets the chat of a login go: from then on it can do nothing in its name.
///
/// # Errors
/// [`ErrorCode::NotFound`] if there is none.
pub fn unlink(tx: &mut Tx<'_>, actor: &Actor, user: UserId) -> Result<()> {
    let Some(link) = telegram_links::of_user(tx.conn(), user)? else {
        return Err(Error::refuse(ErrorCode::NotFound));
    };
    telegram_links::delete(tx.conn(), user)?;
    let deed = Deed { action: "user.unlink_telegram", entity: "user", entity_id: user.0 };
    audit::record::<_, ()>(tx, actor, deed, Some(&Linked { chat_id: link.chat_id }), None)?;
    told(tx, user)
}

fn told(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user }));
    match users::facts(tx.conn(), user)?.and_then(|facts| facts.technician_id) {
        Some(technician) => technicians::announce(tx, technician),
        None => Ok(()),
    }
}
