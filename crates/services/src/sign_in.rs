//! Signing in.
//!
//! The order is the rule: a place in the queue of hashes, then the count of attempts, then the password,
//! then the second factor. Whoever fails learns the same from every name, known or not.

use chrono::TimeDelta;
use db::tables::login_attempts::{self, NewLoginAttempt};
use db::tables::recovery_codes;
use db::tables::sessions::{self, NewSession};
use db::tables::users::{self, UserRow};
use db::{Db, Tx};
use shared::auth::{LoginOutcome, LoginRequest};
use shared::{ErrorCode, LoginAttemptId, TechnicianId, UserId};

use crate::auth::{Device, Session};
use crate::error::{Error, OrNotFound, Result};
use crate::passwords::Hasher;
use crate::refresh;
use crate::second_factor::{self, Proof};
use crate::throttle::{self, Counted, Subject, Verdict};
use crate::tokens::AccessClaims;
use crate::users::signed_in;
use crate::vault::Vault;

/// An attempt before the password is looked at.
enum Attempt {
    /// Refused unseen; seconds until the next one.
    Throttled(u64),
    /// Counted, with the active login of this name.
    Counted(Vec<Counted>, Option<Candidate>),
}

/// What an attempt has to be compared with.
#[derive(Clone)]
struct Candidate {
    user_id: UserId,
    password_hash: String,
    /// Where the attempt stands in the login history.
    noted: LoginAttemptId,
    /// Hashes of the recovery codes, where one may have been sent.
    recovery_codes: Vec<String>,
}

/// What became of an attempt whose password was right.
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
    let place = hasher.reserve()?;
    let LoginRequest { username, password, otp } = request;
    let attempt = db.write({
        let (vault, device, otp) = (vault.clone(), device.clone(), otp.clone());
        let name = username.trim().to_ascii_lowercase();
        move |tx| begin(tx, &vault, &name, otp.as_deref(), &device)
    });
    let (counted, candidate) = match attempt.await? {
        Attempt::Throttled(seconds) => return Err(throttle::refused(seconds)),
        Attempt::Counted(counted, candidate) => (counted, candidate),
    };
    let stored = candidate.as_ref().map(|candidate| candidate.password_hash.clone());
    let right = place.verify(password, stored).await?;
    let Some(candidate) = candidate.filter(|_| right) else {
        return Err(Error::refuse(ErrorCode::InvalidCredentials));
    };
    let proof = match otp {
        Some(otp) => Some(Proof::read(&place, &otp, candidate.recovery_codes.clone()).await?),
        None => None,
    };
    drop(place);
    let vault = vault.clone();
    let finish = move |tx: &mut Tx<'_>| {
        finish(tx, &vault, &counted, &candidate, proof.as_ref(), &device, lifetime)
    };
    match db.write(finish).await? {
        Outcome::Open(session) => Ok(*session),
        Outcome::Refused(code) => Err(Error::refuse(code)),
    }
}

/// Counts the attempt and notes it, as failed until the contrary is known.
fn begin(
    tx: &mut Tx<'_>,
    vault: &Vault,
    name: &str,
    otp: Option<&str>,
    device: &Device,
) -> Result<Attempt> {
    let found = users::find_by_username(tx.conn(), name)?.map(|(user, _)| user);
    let at_home = match &found {
        Some(user) => login_attempts::knows_place(tx.conn(), user.id, &device.ip)?,
        None => false,
    };
    let account = if at_home {
        Subject::AccountAtHome(name.to_owned(), device.ip.clone())
    } else {
        Subject::Account(name.to_owned())
    };
    let verdict = throttle::count(tx, vault, vec![account, Subject::Address(device.ip.clone())])?;
    let noted = match &found {
        Some(user) => Some(note(tx, user, &verdict, device)?),
        None => None,
    };
    let counted = match verdict {
        Verdict::Wait(seconds) => return Ok(Attempt::Throttled(seconds)),
        Verdict::Go(counted) => counted,
    };
    let Some((user, noted)) = found.zip(noted).filter(|(user, _)| user.active) else {
        return Ok(Attempt::Counted(counted, None));
    };
    let recovery_codes = if otp.is_some_and(second_factor::is_recovery_code) {
        recovery_codes::hashes(tx.conn(), user.id)?
    } else {
        Vec::new()
    };
    let UserRow { id: user_id, password_hash, .. } = user;
    let candidate = Candidate { user_id, password_hash, noted, recovery_codes };
    Ok(Attempt::Counted(counted, Some(candidate)))
}

fn note(
    tx: &mut Tx<'_>,
    user: &UserRow,
    verdict: &Verdict,
    device: &Device,
) -> Result<LoginAttemptId> {
    let outcome = match verdict {
        Verdict::Wait(_) => LoginOutcome::Throttled,
        Verdict::Go(_) if user.active => LoginOutcome::WrongPassword,
        Verdict::Go(_) => LoginOutcome::Disabled,
    };
    let row = NewLoginAttempt {
        user_id: user.id,
        at: tx.now().naive_utc(),
        ip: &device.ip,
        user_agent: &device.user_agent,
        outcome,
    };
    Ok(login_attempts::insert(tx.conn(), &row)?)
}

/// Decides after the password was found right.
fn finish(
    tx: &mut Tx<'_>,
    vault: &Vault,
    counted: &[Counted],
    candidate: &Candidate,
    proof: Option<&Proof>,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<Outcome> {
    let (user, technician) = users::find(tx.conn(), candidate.user_id)?.or_not_found()?;
    if !user.active || user.password_hash != candidate.password_hash {
        return Ok(Outcome::Refused(ErrorCode::InvalidCredentials));
    }
    let noted = candidate.noted;
    if user.second_factor {
        let Some(proof) = proof else {
            login_attempts::set_outcome(tx.conn(), noted, LoginOutcome::SecondFactorMissing)?;
            for counted in counted {
                throttle::take_back(tx, vault, counted)?;
            }
            return Ok(Outcome::Refused(ErrorCode::SecondFactorRequired));
        };
        if !second_factor::accept(tx, vault, user.id, proof)? {
            login_attempts::set_outcome(tx.conn(), noted, LoginOutcome::SecondFactorWrong)?;
            return Ok(Outcome::Refused(ErrorCode::SecondFactorWrong));
        }
    }
    login_attempts::set_outcome(tx.conn(), noted, LoginOutcome::Success)?;
    let mut counted = counted.iter();
    if let Some(account) = counted.next() {
        throttle::reset(tx, vault, account)?;
    }
    // A right password of one's own must not make up for wrong ones of others.
    for address in counted {
        throttle::take_back(tx, vault, address)?;
    }
    Ok(Outcome::Open(Box::new(open(tx, vault, &user, technician, device, lifetime)?)))
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
        user: signed_in(tx.conn(), user, technician)?,
    })
}
