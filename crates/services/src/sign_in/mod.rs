//! Signing in.
//!
//! The order is the rule: a look at who tries, a place in the queue of hashes, then the count of attempts,
//! then the password, then the second factor. Whoever fails learns the same from every name, known or not.
//!
//! Nobody is kept out by the failures of others: a device and a network on which the owner has signed in
//! are counted apart and served first, a network that is new to the login comes before those that keep
//! failing, and where even that makes wait, password and second factor in one request are judged all the
//! same. Such a pair learns nothing but whether all of it is right: it guesses no password.

mod attempt;
mod lane;

use chrono::TimeDelta;
use db::tables::login_attempts;
use db::tables::sessions::{self, NewSession};
use db::tables::users::{self, UserRow};
use db::{Db, Tx};
use shared::auth::{LoginOutcome, LoginRequest};
use shared::{ErrorCode, TechnicianId};

use crate::auth::{Device, Session};
use crate::error::{Error, OrNotFound, Result};
use crate::passwords::{Hasher, Place};
use crate::second_factor::{self, Proof};
use crate::throttle::{self, Subject, Verdict};
use crate::tokens::AccessClaims;
use crate::users::signed_in;
use crate::vault::Vault;
use crate::{known_device, refresh};
use attempt::{Attempt, Counting, begin, turn_away};
use lane::Approach;

/// What became of an attempt that was compared.
enum Outcome {
    Open(Box<Session>),
    Refused(ErrorCode),
}

/// Signs in with name, password and, where there is one, the second factor.
///
/// # Errors
/// [`ErrorCode::Unavailable`] if too many sign in at once; [`ErrorCode::TooManyAttempts`] after too many
/// failures; [`ErrorCode::InvalidCredentials`]; [`ErrorCode::SecondFactorRequired`] and
/// [`ErrorCode::SecondFactorWrong`] once the password was right.
pub async fn sign_in(
    db: &Db,
    hasher: &Hasher,
    vault: &Vault,
    request: LoginRequest,
    device: Device,
    lifetime: TimeDelta,
) -> Result<Session> {
    let LoginRequest { username, password, otp } = request;
    let name = username.trim().to_ascii_lowercase();
    let place = admit(db, hasher, vault, &name, otp.is_some(), &device).await?;
    let counting = db.write_essential({
        let (vault, device, otp) = (vault.clone(), device.clone(), otp.clone());
        move |tx| begin(tx, &vault, &name, otp.as_deref(), &device)
    });
    let counting = match counting.await? {
        Attempt::Throttled(seconds) => return Err(throttle::refused(seconds)),
        Attempt::Counted(counting) => counting,
    };
    let right = place.verify(password, counting.password_hash()).await?;
    if !right && !counting.pair {
        return Err(Error::refuse(ErrorCode::InvalidCredentials));
    }
    let proof = prove(&place, otp.as_deref(), &counting).await?;
    drop(place);
    let vault = vault.clone();
    let finish = move |tx: &mut Tx<'_>| {
        finish(tx, &vault, &counting, right, proof.as_ref(), &device, lifetime)
    };
    match db.write_essential(finish).await? {
        Outcome::Open(session) => Ok(*session),
        Outcome::Refused(code) => Err(Error::refuse(code)),
    }
}

/// A place in the queue, unless the attempt has to wait anyhow: such a one takes nothing from others.
async fn admit(
    db: &Db,
    hasher: &Hasher,
    vault: &Vault,
    name: &str,
    with_code: bool,
    device: &Device,
) -> Result<Place> {
    let now = db.clock().now().naive_utc();
    let look = {
        let (vault, name, device) = (vault.clone(), name.to_owned(), device.clone());
        move |conn: &mut db::Conn| -> Result<_> {
            let approach = Approach::of(conn, &vault, &name, &device, now)?;
            let mut wait = throttle::wait(conn, &vault, &approach.subjects(&device), now)?;
            if with_code && wait.is_some() {
                wait = throttle::wait(conn, &vault, &approach.pair(&device), now)?;
            }
            Ok((approach.waiting(), wait))
        }
    };
    let (waiting, wait) = db.read(look).await?;
    if let Some(seconds) = wait {
        let (vault, name, device) = (vault.clone(), name.to_owned(), device.clone());
        db.write_essential(move |tx| turn_away(tx, &vault, &name, &device)).await?;
        return Err(throttle::refused(seconds));
    }
    hasher.reserve(waiting)
}

/// Reads the code that came with the password, if it makes a difference.
async fn prove(place: &Place, otp: Option<&str>, counting: &Counting) -> Result<Option<Proof>> {
    let Some(otp) = otp else { return Ok(None) };
    let hashes = counting.candidate.as_ref().map(|it| it.recovery_codes.clone());
    Ok(Some(Proof::read(place, otp, hashes.unwrap_or_default()).await?))
}

/// Decides after the password was compared.
fn finish(
    tx: &mut Tx<'_>,
    vault: &Vault,
    counting: &Counting,
    right: bool,
    proof: Option<&Proof>,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<Outcome> {
    let refused = Ok(Outcome::Refused(ErrorCode::InvalidCredentials));
    let Some(candidate) = &counting.candidate else {
        // Only a pair comes this far without a login: the answer has to take as long as with one.
        throttle::touch(tx, vault, &Subject::PairsFrom(device.ip.clone()))?;
        return refused;
    };
    let (user, technician) = users::find(tx.conn(), candidate.user_id)?.or_not_found()?;
    if !user.active || user.password_hash != candidate.password_hash {
        return refused;
    }
    let wrong = if counting.pair {
        refuse_pair(tx, vault, counting, &user, right, proof)?
    } else {
        refuse_code(tx, vault, counting, &user, proof)?
    };
    if let Some((outcome, code)) = wrong {
        login_attempts::set_outcome(tx.conn(), candidate.noted, outcome)?;
        return Ok(Outcome::Refused(code));
    }
    login_attempts::set_outcome(tx.conn(), candidate.noted, LoginOutcome::Success)?;
    for counted in &counting.counted {
        throttle::forgive(tx, vault, counted)?;
    }
    Ok(Outcome::Open(Box::new(open(tx, vault, &user, technician, device, lifetime)?)))
}

type Refusal = Option<(LoginOutcome, ErrorCode)>;

/// Why the second factor is not good enough, after the password was found right.
fn refuse_code(
    tx: &mut Tx<'_>,
    vault: &Vault,
    counting: &Counting,
    user: &UserRow,
    proof: Option<&Proof>,
) -> Result<Refusal> {
    if !user.second_factor {
        return Ok(None);
    }
    let Some(proof) = proof else {
        for counted in &counting.counted {
            throttle::take_back(tx, vault, counted)?;
        }
        return Ok(Some((LoginOutcome::SecondFactorMissing, ErrorCode::SecondFactorRequired)));
    };
    let good = second_factor::accept(tx, vault, user.id, proof)?;
    Ok((!good).then_some((LoginOutcome::SecondFactorWrong, ErrorCode::SecondFactorWrong)))
}

/// Why a pair of password and code is not good enough. Whoever sent it is not told which of the two was
/// wrong. Wrong codes count only with the right password, which nobody else can send.
fn refuse_pair(
    tx: &mut Tx<'_>,
    vault: &Vault,
    counting: &Counting,
    user: &UserRow,
    right: bool,
    proof: Option<&Proof>,
) -> Result<Refusal> {
    let refused = |outcome| Ok(Some((outcome, ErrorCode::InvalidCredentials)));
    if !right {
        return refused(LoginOutcome::WrongPassword);
    }
    if !user.second_factor {
        return refused(LoginOutcome::Throttled);
    }
    let account = counting.account.clone();
    let Verdict::Go(codes) = throttle::count(tx, vault, vec![Subject::Codes(account)])? else {
        return refused(LoginOutcome::SecondFactorWrong);
    };
    let good = match proof {
        Some(proof) => second_factor::accept(tx, vault, user.id, proof)?,
        None => false,
    };
    if !good {
        return refused(LoginOutcome::SecondFactorWrong);
    }
    for counted in &codes {
        throttle::forgive(tx, vault, counted)?;
    }
    Ok(None)
}

/// Opens a session for somebody who has proven who it is.
///
/// # Errors
/// The database fails.
pub(crate) fn open(
    tx: &mut Tx<'_>,
    vault: &Vault,
    user: &UserRow,
    technician: Option<(TechnicianId, bool)>,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<Session> {
    let (first, now) = (refresh::first(vault), tx.now());
    let row = NewSession {
        user_id: user.id,
        token_hash: &first.hash,
        family_nonce: &first.nonce,
        created_at: now.naive_utc(),
        last_used_at: now.naive_utc(),
        expires_at: (now + lifetime).naive_utc(),
        user_agent: &device.user_agent,
        ip: &device.ip,
    };
    let id = sessions::insert(tx.conn(), &row)?;
    users::touch_login(tx.conn(), user.id, now.naive_utc())?;
    Ok(Session {
        claims: AccessClaims { user_id: user.id, session_id: id, epoch: user.token_epoch },
        refresh_token: first.token(id),
        device: known_device::of(user, device.known.as_ref()),
        user: signed_in(tx.conn(), user, technician)?,
    })
}
