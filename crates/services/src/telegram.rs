//! Links between user accounts and Telegram chats.

use chrono::TimeDelta;
use db::tables::{technician_registrations, telegram_link_codes, telegram_links};
use db::{Conn, Tx};
use rand::Rng;
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::notification::Channel;
use shared::telegram::{TelegramCode, TelegramStatus};
use shared::{ChatId, ErrorCode, Lang, UserId};

use crate::audit::{self, AuditEvent};
use crate::auth::jwt::secret_hash;
use crate::auth::reauthentication::{self, Reauthentication};
use crate::auth::throttle::{self, Subject, ThrottleDecision};
use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::outbox::addresses;
use crate::technician_events;
use crate::{Actor, accounts, qr_code};

/// Validity of a link code.
pub const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Characters of a link code that can not be confused.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LENGTH: usize = 10;

/// A link as recorded in the audit.
#[derive(Serialize)]
struct LinkSnapshot {
    chat_id: ChatId,
}

/// The actor for a chat: the linked user account in its current state. `None` if there is no link
/// or the account is disabled.
pub fn actor_for_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<Actor>> {
    let Some(link) = telegram_links::find_by_chat(conn, chat)? else { return Ok(None) };
    let facts = accounts::account_state(conn, link.user_id)?.filter(|facts| facts.active);
    Ok(facts
        .map(|facts| Actor::for_user(facts.user_id, facts.name, facts.role, facts.technician_id)))
}

/// The language of a linked chat; `None` if the chat is not linked.
pub fn language_of_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<Lang>> {
    Ok(telegram_links::find_by_chat(conn, chat)?.map(|link| link.lang))
}

/// The language of a message that no update has asked for: that of the linked chat, or that in which the
/// chat has applied.
pub fn language_for_notice(conn: &mut Conn, chat: ChatId) -> Result<Lang> {
    if let Some(lang) = language_of_chat(conn, chat)? {
        return Ok(lang);
    }
    let application = technician_registrations::newest_for_chat(conn, chat)?;
    Ok(application.map_or(Lang::default(), |application| application.lang))
}

/// Changes the language in which the bot writes to the caller.
///
/// # Errors
/// `NotFound` if the caller has no linked chat.
pub fn set_language(tx: &mut Tx<'_>, actor: &Actor, lang: Lang) -> Result<()> {
    match telegram_links::set_lang(tx.conn(), actor.user_id, lang)? {
        true => Ok(()),
        false => Err(Error::refuse(ErrorCode::NotFound)),
    }
}

/// Records that the user has blocked or unblocked the bot.
pub fn set_blocked(tx: &mut Tx<'_>, chat: ChatId, blocked: bool) -> Result<()> {
    if !blocked {
        // Also an applicant, who has no link yet, gets the decision that was refused.
        mark_reachable(tx, chat)?;
        return addresses::revive(tx, Channel::Telegram, &chat.to_string());
    }
    let since = Some(tx.now().naive_utc());
    telegram_links::set_blocked(tx.conn(), chat, since)?;
    emit_reachability_changed(tx, chat)
}

/// Records that a chat sends or accepts messages: if it refused them, those of the last hours are sent.
pub fn mark_reachable(tx: &mut Tx<'_>, chat: ChatId) -> Result<()> {
    match addresses::mark_reachable(tx, Channel::Telegram, &chat.to_string())? {
        true => emit_reachability_changed(tx, chat),
        false => Ok(()),
    }
}

fn emit_reachability_changed(tx: &mut Tx<'_>, chat: ChatId) -> Result<()> {
    let Some(link) = telegram_links::find_by_chat(tx.conn(), chat)? else { return Ok(()) };
    // The account is as it was, so its open pages stay connected.
    match accounts::account_state(tx.conn(), link.user_id)?.and_then(|facts| facts.technician_id) {
        Some(technician) => technician_events::emit_updated(tx, technician),
        None => Ok(()),
    }
}

/// Link status of the caller. `bot` is the bot's user name, if known.
pub fn status(
    conn: &mut Conn,
    actor: &Actor,
    available: bool,
    bot: Option<&str>,
) -> Result<TelegramStatus> {
    let link = telegram_links::find_by_user(conn, actor.user_id)?;
    Ok(TelegramStatus {
        available,
        bot: bot.map(str::to_owned),
        linked: link.is_some(),
        linked_at: link.as_ref().map(|link| link.linked_at.and_utc()),
        blocked: link.is_some_and(|link| link.blocked_at.is_some()),
    })
}

/// Creates a link code for the caller with link and QR code, after reauthentication.
///
/// # Errors
/// `WrongPassword` if the password was changed meanwhile.
pub fn create_link_code(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    confirmed: &Reauthentication,
    bot: Option<&str>,
) -> Result<TelegramCode> {
    confirmed.consume(tx, cipher, actor)?;
    let code = issue_code(tx, actor)?;
    let event = AuditEvent { action: AuditAction::UserTelegramCode, entity_id: actor.user_id.0 };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    let link = bot.map(|bot| format!("https://t.me/{bot}?start={code}"));
    let qr_svg = link.as_deref().map(qr_code::svg).transpose()?;
    Ok(TelegramCode { code, expires_at: tx.now() + CODE_LIFETIME, link, qr_svg })
}

/// Creates a link code for the caller; an earlier one becomes invalid.
pub fn issue_code(tx: &mut Tx<'_>, actor: &Actor) -> Result<String> {
    let mut random = rand::rng();
    let code: String = (0..CODE_LENGTH)
        .map(|_| char::from(CODE_ALPHABET[random.random_range(0..CODE_ALPHABET.len())]))
        .collect();
    let expires_at = (tx.now() + CODE_LIFETIME).naive_utc();
    telegram_link_codes::replace(tx.conn(), actor.user_id, &secret_hash(&code), expires_at)?;
    Ok(code)
}

/// Links the chat with the user account that the code was created for. Existing links of either are
/// removed, so a new phone replaces a lost one.
///
/// # Errors
/// `WrongLinkCode` if the code is unknown, used or expired.
pub fn redeem_code(tx: &mut Tx<'_>, chat: ChatId, lang: Lang, code: &str) -> Result<UserId> {
    let code = code.trim().to_ascii_uppercase();
    let now = tx.now().naive_utc();
    let user = telegram_link_codes::consume(tx.conn(), &secret_hash(&code), now)?
        .ok_or_else(|| Error::refuse(ErrorCode::WrongLinkCode))?;
    link(tx, user, chat, lang)?;
    Ok(user)
}

/// Result of an attempt to link with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAttempt {
    Linked(UserId),
    /// The attempt is counted, so the transaction has to be committed.
    Wrong,
}

/// Redeems a code, unless the chat has sent too many wrong ones.
///
/// # Errors
/// `TooManyAttempts` with the seconds to wait.
pub fn attempt_link(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    chat: ChatId,
    lang: Lang,
    code: &str,
) -> Result<LinkAttempt> {
    let counted = match throttle::count_attempt(tx, cipher, vec![Subject::LinkCode(chat)])? {
        ThrottleDecision::Wait(seconds) => return Err(throttle::refusal(seconds)),
        ThrottleDecision::Allow(counted) => counted,
    };
    match redeem_code(tx, chat, lang, code) {
        Ok(user) => {
            reauthentication::forgive_attempts(tx, cipher, &counted)?;
            Ok(LinkAttempt::Linked(user))
        }
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::WrongLinkCode => {
            Ok(LinkAttempt::Wrong)
        }
        Err(error) => Err(error),
    }
}

/// Links a chat with a user account, in the name of that user.
pub(crate) fn link(tx: &mut Tx<'_>, user: UserId, chat: ChatId, lang: Lang) -> Result<()> {
    let now = tx.now().naive_utc();
    let before = telegram_links::find_by_chat(tx.conn(), chat)?.map(|link| link.user_id);
    telegram_links::link(tx.conn(), user, chat, lang, now)?;
    let actor = actor_for_chat(tx.conn(), chat)?;
    let actor = match actor {
        Some(actor) => actor,
        None => accounts::system_actor(tx)?,
    };
    let event = AuditEvent { action: AuditAction::UserLinkTelegram, entity_id: user.0 };
    audit::record::<(), _>(tx, &actor, event, None, Some(&LinkSnapshot { chat_id: chat }))?;
    if let Some(before) = before.filter(|before| *before != user) {
        emit_changed(tx, before)?;
    }
    emit_changed(tx, user)
}

/// Removes the chat link of a user account.
///
/// # Errors
/// `NotFound` if there is none.
pub fn unlink(tx: &mut Tx<'_>, actor: &Actor, user: UserId) -> Result<()> {
    let Some(link) = telegram_links::find_by_user(tx.conn(), user)? else {
        return Err(Error::refuse(ErrorCode::NotFound));
    };
    telegram_links::delete(tx.conn(), user)?;
    let event = AuditEvent { action: AuditAction::UserUnlinkTelegram, entity_id: user.0 };
    audit::record::<_, ()>(tx, actor, event, Some(&LinkSnapshot { chat_id: link.chat_id }), None)?;
    emit_changed(tx, user)
}

fn emit_changed(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user }));
    match accounts::account_state(tx.conn(), user)?.and_then(|facts| facts.technician_id) {
        Some(technician) => technician_events::emit_updated(tx, technician),
        None => Ok(()),
    }
}
