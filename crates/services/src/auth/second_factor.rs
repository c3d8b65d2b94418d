//! Second factor (TOTP) of a user account: set-up, confirmation, removal.

use db::tables::{recovery_codes, second_factors, sessions, settings, users};
use db::{Conn, Db, Tx};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::second_factor::{RecoveryCodes, SecondFactorSetup, SecondFactorStatus};
use shared::user::User;
use shared::{ErrorCode, UserId};

use crate::Actor;
use crate::accounts::load_user;
use crate::audit::{self, AuditEvent};
use crate::auth::otp::{self, OtpProof, verify_once};
use crate::auth::passwords::{Hasher, QueueClass};
use crate::auth::reauthentication::{self, Reauthentication};
use crate::encryption::Cipher;
use crate::encryption_at_rest::totp_context;
use crate::error::{Error, OrNotFound, Result, check_version};

fn audit_event(action: AuditAction, user: UserId) -> AuditEvent {
    AuditEvent { action, entity_id: user.0 }
}

/// Status of the caller's second factor.
pub fn status(conn: &mut Conn, actor: &Actor) -> Result<SecondFactorStatus> {
    let (user, _) = users::find(conn, actor.user_id)?.or_not_found()?;
    Ok(SecondFactorStatus {
        enabled: user.second_factor,
        required: settings::load(conn)?.require_second_factor.applies_to(user.role),
        recovery_codes_left: recovery_codes::count(conn, user.id)?,
    })
}

/// Creates a new secret. It is required at login only after a code confirms it.
///
/// # Errors
/// `SecondFactorAlreadyEnabled`; `WrongPassword` if the password was changed meanwhile.
pub fn set_up(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    confirmed: &Reauthentication,
) -> Result<SecondFactorSetup> {
    confirmed.consume(tx, cipher, actor)?;
    let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
    let secret = otp::new_secret();
    let (encrypted, now) = (cipher.encrypt(&totp_context(user.id), &secret), tx.now().naive_utc());
    if !second_factors::store_unconfirmed(tx.conn(), user.id, &encrypted, now)? {
        return Err(Error::refuse(ErrorCode::SecondFactorAlreadyEnabled));
    }
    otp::setup_response(&secret, &user.username)
}

/// Recovery codes to show, and their hashes to store.
struct CodeSet {
    shown: RecoveryCodes,
    hashes: Vec<String>,
}

async fn generate_codes(hasher: &Hasher) -> Result<CodeSet> {
    let recovery_codes = otp::generate_codes();
    let hashes = hasher
        .reserve(QueueClass::Known)?
        .hash_codes(otp::normalize_codes(&recovery_codes))
        .await?;
    Ok(CodeSet { shown: RecoveryCodes { recovery_codes }, hashes })
}

/// Enables the proposed secret after a code from the app has proved it.
///
/// # Errors
/// `WrongOtp`, `SecondFactorAlreadyEnabled`, `SecondFactorNotEnabled` if nothing was set up, `TooManyAttempts`.
pub async fn confirm(
    db: &Db,
    hasher: &Hasher,
    cipher: &Cipher,
    actor: &Actor,
    otp: &str,
) -> Result<RecoveryCodes> {
    let counted = reauthentication::count_attempt(db, cipher, actor).await?;
    let CodeSet { shown, hashes } = generate_codes(hasher).await?;
    let (cipher, actor, otp) = (cipher.clone(), actor.clone(), OtpProof::digits(otp));
    db.write(move |tx| {
        let (id, now) = (actor.user_id, tx.now().naive_utc());
        let factor = second_factors::find(tx.conn(), id)?
            .ok_or_else(|| Error::refuse(ErrorCode::SecondFactorNotEnabled))?;
        if factor.confirmed_at.is_some() {
            return Err(Error::refuse(ErrorCode::SecondFactorAlreadyEnabled));
        }
        if !verify_once(tx, &cipher, id, &otp)? || !second_factors::confirm(tx.conn(), id, now)? {
            return Err(Error::field("otp", ErrorCode::WrongOtp));
        }
        reauthentication::forgive_attempts(tx, &cipher, &counted)?;
        recovery_codes::replace(tx.conn(), id, &hashes)?;
        users::set_second_factor(tx.conn(), id, true, now)?;
        audit::record::<(), ()>(
            tx,
            &actor,
            audit_event(AuditAction::UserSecondFactorOn, id),
            None,
            None,
        )?;
        tx.emit(LiveEvent::UserChanged(UserEvent { id }));
        Ok(())
    })
    .await?;
    Ok(shown)
}

/// Replaces the recovery codes.
///
/// # Errors
/// `SecondFactorNotEnabled`, `WrongOtp`.
pub async fn renew_codes(
    db: &Db,
    hasher: &Hasher,
    cipher: &Cipher,
    actor: &Actor,
    confirmed: Reauthentication,
) -> Result<RecoveryCodes> {
    let CodeSet { shown, hashes } = generate_codes(hasher).await?;
    let (cipher, actor) = (cipher.clone(), actor.clone());
    db.write(move |tx| {
        check_enabled(tx, actor.user_id)?;
        confirmed.consume(tx, &cipher, &actor)?;
        recovery_codes::replace(tx.conn(), actor.user_id, &hashes)?;
        let event = audit_event(AuditAction::UserRecoveryCodes, actor.user_id);
        audit::record::<(), ()>(tx, &actor, event, None, None)
    })
    .await?;
    Ok(shown)
}

/// Disables the caller's own second factor.
///
/// # Errors
/// `SecondFactorNotEnabled`, `WrongOtp`.
pub fn switch_off(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    confirmed: &Reauthentication,
) -> Result<()> {
    check_enabled(tx, actor.user_id)?;
    confirmed.consume(tx, cipher, actor)?;
    remove(tx, actor.user_id)?;
    let event = audit_event(AuditAction::UserSecondFactorOff, actor.user_id);
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: actor.user_id }));
    Ok(())
}

/// Removes the second factor of a user who has lost it, signs out all devices and returns the user.
///
/// # Errors
/// `Forbidden` for a role that is not below the actor's and for the own account; `SecondFactorNotEnabled`.
pub fn reset(tx: &mut Tx<'_>, actor: &Actor, id: UserId, version: Option<i64>) -> Result<User> {
    let (target, _) = users::find(tx.conn(), id)?.or_not_found()?;
    check_version(version, target.version)?;
    if id == actor.user_id || !actor.role.may_manage(target.role) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    check_enabled(tx, id)?;
    remove(tx, id)?;
    let now = tx.now().naive_utc();
    users::revoke_tokens(tx.conn(), id)?;
    sessions::revoke_all(tx.conn(), id, now)?;
    audit::record::<(), ()>(
        tx,
        actor,
        audit_event(AuditAction::UserSecondFactorReset, id),
        None,
        None,
    )?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    let (row, technician) = users::find(tx.conn(), id)?.or_not_found()?;
    load_user(tx.conn(), row, technician)
}

fn check_enabled(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let (user, _) = users::find(tx.conn(), id)?.or_not_found()?;
    if user.second_factor { Ok(()) } else { Err(Error::refuse(ErrorCode::SecondFactorNotEnabled)) }
}

/// Removes the second factor and the recovery codes of a user account.
pub(crate) fn remove(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    second_factors::delete(tx.conn(), id)?;
    recovery_codes::replace(tx.conn(), id, &[])?;
    Ok(users::set_second_factor(tx.conn(), id, false, now)?)
}
