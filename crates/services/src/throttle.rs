//! Slowing down whoever guesses.
//!
//! | what is counted | failures without a wait | then each doubles | at most | one is forgiven every |
//! |---|---|---|---|---|
//! | an account name, known or not | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | the same name, from an address where its owner has signed in before | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | an address (IPv6: its /64 network) | 20 | 1 s, 2 s, 4 s … | 15 min | 15 min |
//! | the own password or code, asked again of somebody signed in | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | a Telegram chat that sends one-time codes | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//!
//! At the cap that is 12 guesses an hour per account. An attempt is counted before the password is
//! looked at, so attempts at the same moment count too; a success takes it back. Nobody keeps somebody
//! else out for good: whoever signs in from a place where that worked before is counted apart from
//! strangers. Counts are in the database: they outlive a restart, and all instances share them.

use chrono::{NaiveDateTime, TimeDelta};
use db::Tx;
use db::tables::login_throttles::{self as table, Count};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::{ChatId, ErrorCode, UserId, cidr};

use crate::error::{Error, Result};
use crate::tokens::hex;
use crate::vault::Vault;

/// After this time nothing is left of any count.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// Whose failures are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Whoever tries this account name.
    Account(String),
    /// Whoever tries this account name from this address, where its owner has signed in before.
    AccountAtHome(String, String),
    /// Whoever comes from this address.
    Address(String),
    /// Somebody signed in who is asked for the own password or code again.
    Confirmation(UserId),
    /// A Telegram chat that sends codes of the profile page.
    LinkCode(ChatId),
}

/// How fast waits grow.
struct Curve {
    /// Failures without a wait.
    free: i32,
    /// Longest wait, and the time after which one failure is forgiven, in seconds.
    cap: i64,
}

impl Curve {
    /// Seconds to wait after so many failures.
    fn wait(&self, failures: i32) -> i64 {
        match u32::try_from(failures - self.free) {
            Ok(over @ 1..) => 1_i64.checked_shl(over - 1).unwrap_or(self.cap).min(self.cap),
            _ => 0,
        }
    }

    /// From here on more failures make no difference.
    fn most(&self) -> i32 {
        self.free + self.cap.ilog2() as i32 + 2
    }
}

impl Subject {
    fn curve(&self) -> Curve {
        match self {
            Subject::Address(_) => Curve { free: 20, cap: 15 * 60 },
            _ => Curve { free: 4, cap: 5 * 60 },
        }
    }

    /// The key of the row: who was tried can not be read from it without the key of the server.
    fn key(&self, vault: &Vault) -> String {
        let text = match self {
            Subject::Account(name) => format!("account {name}"),
            Subject::AccountAtHome(name, ip) => format!("home {} {name}", network(ip)),
            Subject::Address(ip) => format!("address {}", network(ip)),
            Subject::Confirmation(user) => format!("confirmation {user}"),
            Subject::LinkCode(chat) => format!("link code {chat}"),
        };
        let key = vault.key_for("sign-in throttle");
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// The count as it stands now: what was forgiven meanwhile is taken off.
    fn settled(&self, count: Count, now: NaiveDateTime) -> Count {
        let cap = self.curve().cap;
        let periods = (now - count.counted_at).num_seconds().max(0) / cap;
        let forgiven = i32::try_from(periods).unwrap_or(i32::MAX);
        let failures = count.failures.saturating_sub(forgiven).max(0);
        let since = count.counted_at + TimeDelta::seconds(periods * cap);
        Count { failures, counted_at: if failures == 0 { now } else { since }, ..count }
    }
}

fn network(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |address| cidr::of_customer(address).to_string())
}

/// What is said of an attempt before it is looked at.
pub enum Verdict {
    /// Too many failed before it; try again after so many seconds.
    Wait(u64),
    /// Counted as failed until the contrary is known: one per subject.
    Go(Vec<Counted>),
}

/// An attempt that was counted.
#[derive(Debug, Clone)]
pub struct Counted {
    subject: Subject,
    /// With it.
    failures: i32,
}

/// Counts an attempt, unless it has to wait: then nothing is counted. Subjects come in the order of
/// [`Subject`], so that two transactions never wait for each other.
///
/// # Errors
/// The database fails.
pub fn count(tx: &mut Tx<'_>, vault: &Vault, subjects: Vec<Subject>) -> Result<Verdict> {
    let now = tx.now().naive_utc();
    let mut counts = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let key = subject.key(vault);
        let count = subject.settled(table::lock(tx.conn(), &key, now)?, now);
        counts.push((subject, key, count));
    }
    let blocked = counts.iter().map(|(_, _, count)| count.blocked_until - now).max();
    if let Some(blocked) = blocked.filter(|blocked| *blocked > TimeDelta::zero()) {
        // Rounded up: a second too early is refused again.
        return Ok(Verdict::Wait(blocked.num_milliseconds().unsigned_abs().div_ceil(1000).max(1)));
    }
    let mut counted = Vec::with_capacity(counts.len());
    for (subject, key, count) in counts {
        let curve = subject.curve();
        let failures = (count.failures + 1).min(curve.most());
        let blocked_until = now + TimeDelta::seconds(curve.wait(failures));
        table::set(tx.conn(), &key, Count { failures, blocked_until, ..count })?;
        counted.push(Counted { subject, failures });
    }
    Ok(Verdict::Go(counted))
}

/// Takes an attempt back: it was no failure.
///
/// # Errors
/// The database fails.
pub fn take_back(tx: &mut Tx<'_>, vault: &Vault, counted: &Counted) -> Result<()> {
    let (key, now) = (counted.subject.key(vault), tx.now().naive_utc());
    let stored = table::lock(tx.conn(), &key, now)?;
    let count = counted.subject.settled(stored, now);
    let failures = (count.failures - 1).max(0);
    // It was let through, so without it nothing is blocked, unless others came after it.
    let alone = stored.failures <= counted.failures;
    let blocked_until = if alone { now } else { count.blocked_until };
    Ok(table::set(tx.conn(), &key, Count { failures, blocked_until, ..count })?)
}

/// Forgets what was counted: the right one has come.
///
/// # Errors
/// The database fails.
pub fn reset(tx: &mut Tx<'_>, vault: &Vault, counted: &Counted) -> Result<()> {
    Ok(table::delete(tx.conn(), &counted.subject.key(vault))?)
}

/// Forgets the failures of an account.
///
/// # Errors
/// The database fails.
pub(crate) fn forget_account(tx: &mut Tx<'_>, vault: &Vault, username: &str) -> Result<()> {
    let account = Subject::Account(username.to_owned());
    Ok(table::delete(tx.conn(), &account.key(vault))?)
}

/// The refusal of an attempt that has to wait.
pub fn refused(seconds: u64) -> Error {
    Error::refuse_with(ErrorCode::TooManyAttempts, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        let curve = Subject::Account("siti".into()).curve();
        let waits: Vec<i64> = (3..16).map(|failures| curve.wait(failures)).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(curve.wait(curve.most()), 300);
        let curve = Subject::Address("10.0.0.1".into()).curve();
        assert_eq!((curve.wait(20), curve.wait(21), curve.wait(curve.most())), (0, 1, 900));
        assert_eq!(curve.wait(i32::MAX), 900);
    }

    #[test]
    fn failures_are_forgiven_one_by_one_however_often_somebody_looks() {
        let subject = Subject::Account("siti".into());
        let start = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let mut count = Count { failures: 3, counted_at: start, blocked_until: start };
        for minute in 1..=14 {
            count = subject.settled(count, start + TimeDelta::minutes(minute));
        }
        assert_eq!(count.failures, 1);
        count = subject.settled(count, start + TimeDelta::minutes(15));
        assert_eq!(count.failures, 0);
    }

    #[test]
    fn keys_tell_nothing_and_differ_by_server_name_and_kind() {
        let vault = Vault::new([1; 32], &[]);
        let account = Subject::Account("siti".into()).key(&vault);
        assert!(account.len() == 64 && !account.contains("siti"));
        assert_ne!(account, Subject::Account("sita".into()).key(&vault));
        assert_ne!(account, Subject::Account("siti".into()).key(&Vault::new([2; 32], &[])));
        assert_ne!(account, Subject::AccountAtHome("siti".into(), String::new()).key(&vault));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(network("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
