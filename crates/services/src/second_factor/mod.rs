//! The second factor of a login: set up, confirmed, switched off.

mod proof;
mod totp;

use db::tables::{recovery_codes, second_factors, sessions, settings, users};
use db::{Conn, Db, Tx};
use shared::live::{LiveEvent, UserEvent};
use shared::second_factor::{RecoveryCodes, SecondFactorSetup, SecondFactorStatus};
use shared::user::User;
use shared::{ErrorCode, UserId};

pub use proof::{Proof, accept, is_recovery_code};
pub(crate) use totp::newest_step;

use crate::Actor;
use crate::audit::{self, Deed};
use crate::confirm::{self, Confirmed};
use crate::error::{Error, OrNotFound, Result};
use crate::passwords::{Hasher, Waiting};
use crate::sealed::totp_context;
use crate::users::user;
use crate::vault::Vault;

fn deed(action: &'static str, user: UserId) -> Deed {
    Deed { action, entity: "user", entity_id: user.0 }
}

/// How it stands with the caller's second factor.
///
/// # Errors
/// The database fails.
pub fn status(conn: &mut Conn, actor: &Actor) -> Result<SecondFactorStatus> {
    let (user, _) = users::find(conn, actor.user_id)?.or_not_found()?;
    Ok(SecondFactorStatus {
        enabled: user.second_factor,
        required: settings::load(conn)?.require_second_factor.reaches(user.role),
        recovery_codes_left: recovery_codes::count(conn, user.id)?,
    })
}

/// A new secret, to be confirmed by a code of it; until then it demands nothing.
///
/// # Errors
/// [`ErrorCode::SecondFactorAlreadyEnabled`]; the password was changed meanwhile.
pub fn set_up(
    tx: &mut Tx<'_>,
    vault: &Vault,
    actor: &Actor,
    confirmed: &Confirmed,
) -> Result<SecondFactorSetup> {
    confirmed.check(tx, vault, actor)?;
    let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
    let secret = totp::new_secret();
    let (sealed, now) = (vault.seal(&totp_context(user.id), &secret), tx.now().naive_utc());
    if !second_factors::propose(tx.conn(), user.id, &sealed, now)? {
        return Err(Error::refuse(ErrorCode::SecondFactorAlreadyEnabled));
    }
    totp::setup(&secret, &user.username)
}

/// Codes before they are stored.
struct CodeSet {
    shown: RecoveryCodes,
    hashes: Vec<String>,
}

async fn make_codes(hasher: &Hasher) -> Result<CodeSet> {
    let recovery_codes = proof::new_codes();
    let hashes =
        hasher.reserve(Waiting::Known)?.hash_codes(proof::bare_codes(&recovery_codes)).await?;
    Ok(CodeSet { shown: RecoveryCodes { recovery_codes }, hashes })
}

/// Puts the secret in force that the app has shown a code of: from now on signing in needs one.
///
/// # Errors
/// [`ErrorCode::WrongOtp`]; [`ErrorCode::SecondFactorAlreadyEnabled`]; [`ErrorCode::SecondFactorNotEnabled`] if nothing was
/// set up; too many failures.
pub async fn confirm(
    db: &Db,
    hasher: &Hasher,
    vault: &Vault,
    actor: &Actor,
    otp: &str,
) -> Result<RecoveryCodes> {
    let counted = confirm::count(db, vault, actor).await?;
    let CodeSet { shown, hashes } = make_codes(hasher).await?;
    let (vault, actor, otp) = (vault.clone(), actor.clone(), Proof::digits(otp));
    db.write(move |tx| {
        let (id, now) = (actor.user_id, tx.now().naive_utc());
        let factor = second_factors::find(tx.conn(), id)?
            .ok_or_else(|| Error::refuse(ErrorCode::SecondFactorNotEnabled))?;
        if factor.confirmed_at.is_some() {
            return Err(Error::refuse(ErrorCode::SecondFactorAlreadyEnabled));
        }
        if !accept(tx, &vault, id, &otp)? || !second_factors::confirm(tx.conn(), id, now)? {
            return Err(Error::field("otp", ErrorCode::WrongOtp));
        }
        confirm::forgive(tx, &vault, &counted)?;
        recovery_codes::replace(tx.conn(), id, &hashes)?;
        users::set_second_factor(tx.conn(), id, true, now)?;
        audit::record::<(), ()>(tx, &actor, deed("user.second_factor_on", id), None, None)?;
        tx.emit(LiveEvent::UserChanged(UserEvent { id }));
        Ok(())
    })
    .await?;
    Ok(shown)
}

/// A new set of recovery codes in place of the old one.
///
/// # Errors
/// [`ErrorCode::SecondFactorNotEnabled`]; [`ErrorCode::WrongOtp`].
pub async fn renew_codes(
    db: &Db,
    hasher: &Hasher,
    vault: &Vault,
    actor: &Actor,
    confirmed: Confirmed,
) -> Result<RecoveryCodes> {
    let CodeSet { shown, hashes } = make_codes(hasher).await?;
    let (vault, actor) = (vault.clone(), actor.clone());
    db.write(move |tx| {
        check_on(tx, actor.user_id)?;
        confirmed.check(tx, &vault, &actor)?;
        recovery_codes::replace(tx.conn(), actor.user_id, &hashes)?;
        let deed = deed("user.recovery_codes", actor.user_id);
        audit::record::<(), ()>(tx, &actor, deed, None, None)
    })
    .await?;
    Ok(shown)
}

/// Switches the caller's own second factor off.
///
/// # Errors
/// [`ErrorCode::SecondFactorNotEnabled`]; [`ErrorCode::WrongOtp`].
pub fn switch_off(
    tx: &mut Tx<'_>,
    vault: &Vault,
    actor: &Actor,
    confirmed: &Confirmed,
) -> Result<()> {
    check_on(tx, actor.user_id)?;
    confirmed.check(tx, vault, actor)?;
    forget(tx, actor.user_id)?;
    let deed = deed("user.second_factor_off", actor.user_id);
    audit::record::<(), ()>(tx, actor, deed, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: actor.user_id }));
    Ok(())
}

/// Removes the second factor of somebody who lost it. All devices of that login are signed out.
/// Returns the login.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for a role that is not below the actor's, and for the own login;
/// [`ErrorCode::SecondFactorNotEnabled`] if there is none.
pub fn reset(tx: &mut Tx<'_>, actor: &Actor, id: UserId) -> Result<User> {
    let (target, _) = users::find(tx.conn(), id)?.or_not_found()?;
    if id == actor.user_id || !actor.role.may_manage(target.role) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    check_on(tx, id)?;
    forget(tx, id)?;
    let now = tx.now().naive_utc();
    users::end_tokens(tx.conn(), id)?;
    sessions::revoke_all(tx.conn(), id, now)?;
    audit::record::<(), ()>(tx, actor, deed("user.second_factor_reset", id), None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    let (row, technician) = users::find(tx.conn(), id)?.or_not_found()?;
    user(tx.conn(), row, technician)
}

fn check_on(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let (user, _) = users::find(tx.conn(), id)?.or_not_found()?;
    if user.second_factor { Ok(()) } else { Err(Error::refuse(ErrorCode::SecondFactorNotEnabled)) }
}

/// Takes the second factor of a login away, with its recovery codes.
pub(crate) fn forget(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    second_factors::delete(tx.conn(), id)?;
    recovery_codes::replace(tx.conn(), id, &[])?;
    Ok(users::set_second_factor(tx.conn(), id, false, now)?)
}
