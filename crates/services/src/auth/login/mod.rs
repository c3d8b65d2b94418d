//! Login with password and second factor.
//!
//! The order matters: classify the attempt, reserve a slot in the hash queue, count the attempt,
//! verify the password, verify the second factor. A failure reveals nothing about whether the name
//! exists.
//!
//! Failures of others never lock a user out. Attempts from a device or network where the owner has
//! signed in are counted separately and served first; a network that is new to the account comes
//! before those that keep failing. If even that is throttled, password and second factor in one
//! request are still verified, but the response reveals only whether both were correct, so it can
//! not be used to guess passwords.

mod attempt;
mod attempt_class;

use chrono::TimeDelta;
use db::tables::login_attempts;
use db::tables::sessions::{self, NewSession};
use db::tables::users::{self, UserRow};
use db::{Db, Tx};
use shared::session::{LoginOutcome, LoginRequest};
use shared::{ErrorCode, TechnicianId};

use crate::accounts::signed_in_user;
use crate::auth::access_claims::AccessClaims;
use crate::auth::issued_session::{Device, IssuedSession};
use crate::auth::otp::{self, OtpProof};
use crate::auth::passwords::{Hasher, QueueSlot};
use crate::auth::throttle::{self, Subject, ThrottleDecision};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result};
use crate::{auth::known_device, auth::refresh_token};
use attempt::{Attempt, PendingAttempt, begin_attempt, record_throttled};
use attempt_class::LoginContext;

/// Result of an attempt that was verified.
enum LoginResult {
    Open(Box<IssuedSession>),
    Refused(ErrorCode),
}

/// Signs in with user name, password and, if enabled, the second factor.
///
/// # Errors
/// `Unavailable` if too many hashes are queued, `TooManyAttempts`, `InvalidCredentials`; after a
/// correct password `SecondFactorRequired` or `SecondFactorWrong`.
pub async fn login(
    db: &Db,
    hasher: &Hasher,
    cipher: &Cipher,
    request: LoginRequest,
    device: Device,
    lifetime: TimeDelta,
) -> Result<IssuedSession> {
    let LoginRequest { username, password, otp } = request;
    let name = username.trim().to_ascii_lowercase();
    let place = admit(db, hasher, cipher, &name, otp.is_some(), &device).await?;
    let counting = db.write_essential({
        let (cipher, device, otp) = (cipher.clone(), device.clone(), otp.clone());
        move |tx| begin_attempt(tx, &cipher, &name, otp.as_deref(), &device)
    });
    let counting = match counting.await? {
        Attempt::Throttled(seconds) => return Err(throttle::refusal(seconds)),
        Attempt::Pending(counting) => counting,
    };
    let right = place.verify(password, counting.password_hash()).await?;
    if !right && !counting.is_pair {
        return Err(Error::refuse(ErrorCode::InvalidCredentials));
    }
    let proof = read_proof(&place, otp.as_deref(), &counting).await?;
    drop(place);
    let cipher = cipher.clone();
    let finish = move |tx: &mut Tx<'_>| {
        finish_attempt(tx, &cipher, &counting, right, proof.as_ref(), &device, lifetime)
    };
    match db.write_essential(finish).await? {
        LoginResult::Open(session) => Ok(*session),
        LoginResult::Refused(code) => Err(Error::refuse(code)),
    }
}

/// Reserves a slot in the hash queue, unless the attempt is throttled anyway: such an attempt must
/// take no slot from others.
async fn admit(
    db: &Db,
    hasher: &Hasher,
    cipher: &Cipher,
    name: &str,
    with_code: bool,
    device: &Device,
) -> Result<QueueSlot> {
    let now = db.clock().now().naive_utc();
    let look = {
        let (cipher, name, device) = (cipher.clone(), name.to_owned(), device.clone());
        move |conn: &mut db::Conn| -> Result<_> {
            let approach = LoginContext::load(conn, &cipher, &name, &device, now)?;
            let mut wait = throttle::wait_seconds(conn, &cipher, &approach.subjects(&device), now)?;
            if with_code && wait.is_some() {
                wait =
                    throttle::wait_seconds(conn, &cipher, &approach.pair_subjects(&device), now)?;
            }
            Ok((approach.queue_class(), wait))
        }
    };
    let (waiting, wait) = db.read(look).await?;
    if let Some(seconds) = wait {
        let (cipher, name, device) = (cipher.clone(), name.to_owned(), device.clone());
        db.write_essential(move |tx| record_throttled(tx, &cipher, &name, &device)).await?;
        return Err(throttle::refusal(seconds));
    }
    hasher.reserve(waiting)
}

/// Parses the code sent with the password.
async fn read_proof(
    place: &QueueSlot,
    otp: Option<&str>,
    counting: &PendingAttempt,
) -> Result<Option<OtpProof>> {
    let Some(otp) = otp else { return Ok(None) };
    let hashes = counting.candidate.as_ref().map(|it| it.recovery_codes.clone());
    Ok(Some(OtpProof::parse(place, otp, hashes.unwrap_or_default()).await?))
}

/// Decides after the password was compared.
fn finish_attempt(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    counting: &PendingAttempt,
    right: bool,
    proof: Option<&OtpProof>,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<LoginResult> {
    let refused = Ok(LoginResult::Refused(ErrorCode::InvalidCredentials));
    let Some(candidate) = &counting.candidate else {
        // Only an attempt with password and code gets here without a user; its response has to take
        // as long as with one.
        throttle::touch(tx, cipher, &Subject::PasswordsWithCodeFrom(device.ip.clone()))?;
        return refused;
    };
    let (user, technician) = users::find(tx.conn(), candidate.user_id)?.or_not_found()?;
    if !user.active || user.password_hash != candidate.password_hash {
        return refused;
    }
    let wrong = if counting.is_pair {
        pair_refusal(tx, cipher, counting, &user, right, proof)?
    } else {
        second_factor_refusal(tx, cipher, counting, &user, proof)?
    };
    if let Some((outcome, code)) = wrong {
        login_attempts::set_outcome(tx.conn(), candidate.attempt_id, outcome)?;
        return Ok(LoginResult::Refused(code));
    }
    login_attempts::set_outcome(tx.conn(), candidate.attempt_id, LoginOutcome::Success)?;
    for counted in &counting.counted {
        throttle::forgive(tx, cipher, counted)?;
    }
    Ok(LoginResult::Open(Box::new(open_session(tx, cipher, &user, technician, device, lifetime)?)))
}

type RefusalReason = Option<(LoginOutcome, ErrorCode)>;

/// Why the second factor is not accepted after a correct password.
fn second_factor_refusal(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    counting: &PendingAttempt,
    user: &UserRow,
    proof: Option<&OtpProof>,
) -> Result<RefusalReason> {
    if !user.second_factor {
        return Ok(None);
    }
    let Some(proof) = proof else {
        for counted in &counting.counted {
            throttle::undo(tx, cipher, counted)?;
        }
        return Ok(Some((LoginOutcome::SecondFactorMissing, ErrorCode::SecondFactorRequired)));
    };
    let good = otp::verify_once(tx, cipher, user.id, proof)?;
    Ok((!good).then_some((LoginOutcome::SecondFactorWrong, ErrorCode::SecondFactorWrong)))
}

/// Why an attempt with password and code is not accepted. The response does not reveal which of the
/// two was wrong. Wrong codes are counted only with the correct password, which nobody else can
/// send.
fn pair_refusal(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    counting: &PendingAttempt,
    user: &UserRow,
    right: bool,
    proof: Option<&OtpProof>,
) -> Result<RefusalReason> {
    let refused = |outcome| Ok(Some((outcome, ErrorCode::InvalidCredentials)));
    if !right {
        return refused(LoginOutcome::WrongPassword);
    }
    if !user.second_factor {
        return refused(LoginOutcome::Throttled);
    }
    let account = counting.account.clone();
    let ThrottleDecision::Allow(codes) =
        throttle::count_attempt(tx, cipher, vec![Subject::WrongCodes(account)])?
    else {
        return refused(LoginOutcome::SecondFactorWrong);
    };
    let good = match proof {
        Some(proof) => otp::verify_once(tx, cipher, user.id, proof)?,
        None => false,
    };
    if !good {
        return refused(LoginOutcome::SecondFactorWrong);
    }
    for counted in &codes {
        throttle::forgive(tx, cipher, counted)?;
    }
    Ok(None)
}

/// Opens a session for an authenticated user.
pub(crate) fn open_session(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    user: &UserRow,
    technician: Option<(TechnicianId, bool)>,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<IssuedSession> {
    let (first, now) = (refresh_token::new_family(cipher), tx.now());
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
    users::set_last_login(tx.conn(), user.id, now.naive_utc())?;
    Ok(IssuedSession {
        claims: AccessClaims { user_id: user.id, session_id: id, epoch: user.token_epoch },
        refresh_token: first.encode(id),
        device: known_device::renew(user, device.known_device.as_ref()),
        user: signed_in_user(tx.conn(), user, technician)?,
    })
}
