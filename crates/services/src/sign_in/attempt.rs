//! An attempt to sign in, counted and noted before its password is looked at.

use chrono::TimeDelta;
use db::Tx;
use db::tables::login_attempts::{self, NewLoginAttempt};
use db::tables::recovery_codes;
use db::tables::users::UserRow;
use shared::auth::LoginOutcome;
use shared::{LoginAttemptId, UserId};

use super::lane::{Approach, Lane};
use crate::auth::Device;
use crate::error::Result;
use crate::second_factor;
use crate::throttle::{self, Account, Counted, Subject, Verdict, network};
use crate::vault::Vault;

/// Attempts that have to wait stand in the history of a login no more often than this.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// An attempt before the password is looked at.
pub(super) enum Attempt {
    /// Refused unseen; seconds until the next one.
    Throttled(u64),
    Counted(Counting),
}

/// A counted attempt.
pub(super) struct Counting {
    pub counted: Vec<Counted>,
    pub account: Account,
    /// It would have to wait, but for its code: then it is told only whether all of it was right.
    pub pair: bool,
    /// The active login of this name.
    pub candidate: Option<Candidate>,
}

/// What an attempt has to be compared with.
pub(super) struct Candidate {
    pub user_id: UserId,
    pub password_hash: String,
    /// Where the attempt stands in the login history.
    pub noted: LoginAttemptId,
    /// Hashes of the recovery codes, where one may have been sent.
    pub recovery_codes: Vec<String>,
}

impl Counting {
    pub fn password_hash(&self) -> Option<String> {
        self.candidate.as_ref().map(|candidate| candidate.password_hash.clone())
    }
}

/// Counts the attempt and notes it, as failed until the contrary is known.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    vault: &Vault,
    name: &str,
    otp: Option<&str>,
    device: &Device,
) -> Result<Attempt> {
    let now = tx.now().naive_utc();
    let approach = Approach::of(tx.conn(), vault, name, device, now)?;
    let mut verdict = throttle::count(tx, vault, approach.subjects(device))?;
    let pair = otp.is_some() && matches!(verdict, Verdict::Wait(_));
    if pair {
        verdict = throttle::count(tx, vault, approach.pair(device))?;
    }
    let counted = match verdict {
        Verdict::Wait(seconds) => {
            turned_away(tx, vault, &approach, device)?;
            return Ok(Attempt::Throttled(seconds));
        }
        Verdict::Go(counted) => counted,
    };
    let Approach { user, account, .. } = approach;
    let noted = match &user {
        Some(user) if user.active => Some(note(tx, user, LoginOutcome::WrongPassword, device)?),
        Some(user) => Some(note(tx, user, LoginOutcome::Disabled, device)?),
        None => None,
    };
    let mut candidate = None;
    if let Some((user, noted)) = user.zip(noted).filter(|(user, _)| user.active) {
        let recovery_codes = if otp.is_some_and(second_factor::is_recovery_code) {
            recovery_codes::hashes(tx.conn(), user.id)?
        } else {
            Vec::new()
        };
        let UserRow { id: user_id, password_hash, .. } = user;
        candidate = Some(Candidate { user_id, password_hash, noted, recovery_codes });
    }
    Ok(Attempt::Counted(Counting { counted, account, pair, candidate }))
}

/// Notes that an attempt has to wait.
pub(super) fn turn_away(tx: &mut Tx<'_>, vault: &Vault, name: &str, device: &Device) -> Result<()> {
    let now = tx.now().naive_utc();
    let approach = Approach::of(tx.conn(), vault, name, device, now)?;
    turned_away(tx, vault, &approach, device)
}

/// A network that does not wait as it was told is soon no longer new to the login.
fn turned_away(tx: &mut Tx<'_>, vault: &Vault, approach: &Approach, device: &Device) -> Result<()> {
    let Approach { user, account, lane } = approach;
    let (all, now) = (Subject::Newcomers(account.clone()), tx.now().naive_utc());
    if *lane == Lane::Newcomer && throttle::wait(tx.conn(), vault, &[all], now)?.is_some() {
        let newcomer = Subject::Newcomer(account.clone(), device.ip.clone());
        throttle::count(tx, vault, vec![newcomer])?;
    }
    // The same work for a name that nobody has.
    throttle::touch(tx, vault, &Subject::Address(device.ip.clone()))?;
    let id = user.as_ref().map_or(UserId(0), |user| user.id);
    let (throttled, since) = (LoginOutcome::Throttled, now - NOTED_EVERY);
    let noted = login_attempts::newest_is(tx.conn(), id, throttled, since)?;
    if let Some(user) = user.as_ref().filter(|_| !noted) {
        note(tx, user, throttled, device)?;
    }
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    user: &UserRow,
    outcome: LoginOutcome,
    device: &Device,
) -> Result<LoginAttemptId> {
    let row = NewLoginAttempt {
        user_id: user.id,
        at: tx.now().naive_utc(),
        ip: &device.ip,
        network: &network(&device.ip),
        user_agent: &device.user_agent,
        outcome,
    };
    Ok(login_attempts::insert(tx.conn(), &row)?)
}
