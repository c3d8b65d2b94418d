//! Login attempts: counted and recorded before the password is verified.

use chrono::TimeDelta;
use db::Tx;
use db::tables::login_attempts::{self, NewLoginAttempt};
use db::tables::recovery_codes;
use db::tables::users::UserRow;
use shared::session::LoginOutcome;
use shared::{LoginAttemptId, UserId};

use super::attempt_class::{AttemptClass, LoginContext};
use crate::auth::issued_session::Device;
use crate::auth::otp;
use crate::auth::throttle::{
    self, Account, CountedAttempt, Subject, ThrottleDecision, customer_network,
};
use crate::encryption::Cipher;
use crate::error::Result;

/// Throttled attempts are recorded in the login history at most once per interval.
const THROTTLED_RECORD_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// An attempt before its password is verified.
pub(super) enum Attempt {
    /// Rejected without verification; seconds to wait.
    Throttled(u64),
    Pending(PendingAttempt),
}

/// An attempt that was counted and may be verified.
pub(super) struct PendingAttempt {
    pub counted: Vec<CountedAttempt>,
    pub account: Account,
    /// Throttled as a password alone, but allowed because it carries a code: its response reveals
    /// only whether both were correct.
    pub is_pair: bool,
    /// The active user account with this name.
    pub candidate: Option<LoginCandidate>,
}

/// What the attempt is compared with.
pub(super) struct LoginCandidate {
    pub user_id: UserId,
    pub password_hash: String,
    /// The attempt's entry in the login history.
    pub attempt_id: LoginAttemptId,
    /// Hashes of the recovery codes, if the attempt may contain one.
    pub recovery_codes: Vec<String>,
}

impl PendingAttempt {
    pub fn password_hash(&self) -> Option<String> {
        self.candidate.as_ref().map(|candidate| candidate.password_hash.clone())
    }
}

/// Counts the attempt and records it as failed until proven otherwise.
pub(super) fn begin_attempt(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    name: &str,
    otp: Option<&str>,
    device: &Device,
) -> Result<Attempt> {
    let now = tx.now().naive_utc();
    let approach = LoginContext::load(tx.conn(), cipher, name, device, now)?;
    let mut verdict = throttle::count_attempt(tx, cipher, approach.subjects(device))?;
    let pair = otp.is_some() && matches!(verdict, ThrottleDecision::Wait(_));
    if pair {
        verdict = throttle::count_attempt(tx, cipher, approach.pair_subjects(device))?;
    }
    let counted = match verdict {
        ThrottleDecision::Wait(seconds) => {
            record_throttled_in(tx, cipher, &approach, device)?;
            return Ok(Attempt::Throttled(seconds));
        }
        ThrottleDecision::Allow(counted) => counted,
    };
    let LoginContext { user, account, .. } = approach;
    let attempt_id = match &user {
        Some(user) if user.active => {
            Some(record_attempt(tx, user, LoginOutcome::WrongPassword, device)?)
        }
        Some(user) => Some(record_attempt(tx, user, LoginOutcome::Disabled, device)?),
        None => None,
    };
    let mut candidate = None;
    if let Some((user, attempt_id)) = user.zip(attempt_id).filter(|(user, _)| user.active) {
        let recovery_codes = if otp.is_some_and(otp::is_recovery_code) {
            recovery_codes::hashes(tx.conn(), user.id)?
        } else {
            Vec::new()
        };
        let UserRow { id: user_id, password_hash, .. } = user;
        candidate = Some(LoginCandidate { user_id, password_hash, attempt_id, recovery_codes });
    }
    Ok(Attempt::Pending(PendingAttempt { counted, account, is_pair: pair, candidate }))
}

/// Records a throttled attempt.
pub(super) fn record_throttled(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    name: &str,
    device: &Device,
) -> Result<()> {
    let now = tx.now().naive_utc();
    let approach = LoginContext::load(tx.conn(), cipher, name, device, now)?;
    record_throttled_in(tx, cipher, &approach, device)
}

/// A network that keeps trying while throttled soon stops being new to the account.
fn record_throttled_in(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    approach: &LoginContext,
    device: &Device,
) -> Result<()> {
    let LoginContext { user, account, class: lane } = approach;
    let (all, now) = (Subject::AccountFromAllNewNetworks(account.clone()), tx.now().naive_utc());
    if *lane == AttemptClass::NewNetwork
        && throttle::wait_seconds(tx.conn(), cipher, &[all], now)?.is_some()
    {
        let newcomer = Subject::AccountFromNewNetwork(account.clone(), device.ip.clone());
        throttle::count_attempt(tx, cipher, vec![newcomer])?;
    }
    // The same work for a name that nobody has, so that the duration reveals nothing.
    throttle::touch(tx, cipher, &Subject::Address(device.ip.clone()))?;
    let id = user.as_ref().map_or(UserId(0), |user| user.id);
    let (throttled, since) = (LoginOutcome::Throttled, now - THROTTLED_RECORD_INTERVAL);
    let recently_recorded = login_attempts::newest_is(tx.conn(), id, throttled, since)?;
    if let Some(user) = user.as_ref().filter(|_| !recently_recorded) {
        record_attempt(tx, user, throttled, device)?;
    }
    Ok(())
}

fn record_attempt(
    tx: &mut Tx<'_>,
    user: &UserRow,
    outcome: LoginOutcome,
    device: &Device,
) -> Result<LoginAttemptId> {
    let row = NewLoginAttempt {
        user_id: user.id,
        at: tx.now().naive_utc(),
        ip: &device.ip,
        network: &customer_network(&device.ip),
        user_agent: &device.user_agent,
        outcome,
    };
    Ok(login_attempts::insert(tx.conn(), &row)?)
}
