//! Brute-force throttling of logins, reauthentication and link codes.
//!
//! Failed attempts are counted per subject. The first ones are free, then the wait starts at 1 s and
//! doubles up to a maximum:
//!
//! | subject | free | longest wait | one failure is forgiven every |
//! |---|---|---|---|
//! | account, on one known device | 4 | 5 min | 5 min |
//! | account, from one network where its owner has signed in before | 4 | 5 min | 5 min |
//! | user name (known or not), from all networks that are new to it | 48 | 75 s | 75 s |
//! | user name, from all other networks together | 1 | 5 min | 5 min |
//! | password with code, from one network, while the counter above blocks | 4 | 5 min | 5 min |
//! | passwords with codes, from one network for any user name | 20 | 15 min | 15 min |
//! | wrong codes with the correct password in such attempts | 4 | 5 min | 5 min |
//! | address (IPv6: /64 network) without a known user | 20 | 15 min | 15 min |
//! | own password or code, asked again in one session | 4 | 5 min | 5 min |
//! | Telegram chat that sends link codes | 4 | 5 min | 5 min |
//!
//! Unknown networks together get 60 guesses per hour on an account in the long run (48 from networks that
//! are new to it, 12 from all others), and 49 more at the start. A network is new to an account for three
//! attempts, and again for one attempt per hour. So attackers, from one address or from forty, soon compete
//! only with each other, while the owner at a new place can sign in within 75 seconds: to block that, 48
//! networks (IPv6: /48) would each have to try once per hour. Even then the owner can sign in from a known
//! device or network, and from anywhere with password and second factor in one request; see
//! [`crate::auth::login`].
//!
//! An attempt is counted before the password is verified, so that concurrent attempts count too; a success
//! undoes it. Counters are stored in the database: they survive a restart and all servers share them.

use chrono::{NaiveDateTime, TimeDelta};
use db::tables::login_throttles::{self as table, FailureCount};
use db::{Conn, Tx};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::{ChatId, ErrorCode, SessionId, UserId, cidr};

use crate::auth::jwt::hex;
use crate::encryption::Cipher;
use crate::error::{Error, Result};

/// Attempts for which a network counts as new to an account.
const NEW_NETWORK_ATTEMPTS: i32 = 3;

/// A user name that is tried. Counters start anew with each token epoch of the account, so that an
/// administrator who sets a new password also resets the throttle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    /// Zero for an unknown name.
    pub epoch: i64,
}

/// What attempts are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// This account, on a known device.
    AccountOnKnownDevice(Account, String),
    /// This account, from the network of this address, where its owner has signed in before.
    AccountFromKnownNetwork(Account, String),
    /// Attempts of the network of this address on this account. Never throttles by itself.
    AccountFromNewNetwork(Account, String),
    /// This account, from all networks that are new to it.
    AccountFromAllNewNetworks(Account),
    /// This account, from all networks that have failed before.
    AccountFromFailedNetworks(Account),
    /// This account, with password and code in one attempt, from the network of this address.
    PasswordWithCode(Account, String),
    /// Password and code in one attempt, from the network of this address, for any account.
    PasswordsWithCodeFrom(String),
    /// This account, with the correct password and a wrong code, where
    /// [`Subject::PasswordWithCode`] is counted.
    WrongCodes(Account),
    /// The network of this address.
    Address(String),
    /// Reauthentication of a signed-in user on one device.
    Reauthentication(UserId, Option<SessionId>),
    /// A Telegram chat that sends link codes.
    LinkCode(ChatId),
}

/// Growth of the waiting time.
struct BackoffCurve {
    /// Failures without a wait.
    free: i32,
    /// Longest wait in seconds.
    cap: i64,
    /// Seconds after which one failure is forgiven.
    forgiven_every: i64,
}

impl BackoffCurve {
    const fn new(free: i32, cap: i64) -> Self {
        Self { free, cap, forgiven_every: cap }
    }

    /// Seconds to wait after this many failures.
    fn wait(&self, failures: i32) -> i64 {
        match u32::try_from(failures - self.free) {
            Ok(over @ 1..) => 1_i64.checked_shl(over - 1).unwrap_or(self.cap).min(self.cap),
            _ => 0,
        }
    }

    /// Further failures make no difference.
    fn max_failures(&self) -> i32 {
        self.free + self.cap.checked_ilog2().map_or(0, |log| log as i32 + 2)
    }
}

impl Subject {
    fn curve(&self) -> BackoffCurve {
        match self {
            Subject::AccountFromNewNetwork(..) => {
                BackoffCurve { free: NEW_NETWORK_ATTEMPTS, cap: 0, forgiven_every: 60 * 60 }
            }
            Subject::AccountFromAllNewNetworks(_) => BackoffCurve::new(48, 75),
            Subject::AccountFromFailedNetworks(_) => BackoffCurve::new(1, 5 * 60),
            Subject::Address(_) | Subject::PasswordsWithCodeFrom(_) => {
                BackoffCurve::new(20, 15 * 60)
            }
            _ => BackoffCurve::new(4, 5 * 60),
        }
    }

    /// Key of the row: without the server's key it does not reveal who was tried.
    fn key(&self, cipher: &Cipher) -> String {
        let text = match self {
            Subject::AccountOnKnownDevice(account, id) => format!("device {id} {account}"),
            Subject::AccountFromKnownNetwork(account, ip) => {
                format!("home {} {account}", customer_network(ip))
            }
            Subject::AccountFromNewNetwork(account, ip) => {
                format!("newcomer {} {account}", site_network(ip))
            }
            Subject::AccountFromAllNewNetworks(account) => format!("newcomers {account}"),
            Subject::AccountFromFailedNetworks(account) => format!("strangers {account}"),
            Subject::PasswordWithCode(account, ip) => {
                format!("pair {} {account}", customer_network(ip))
            }
            Subject::PasswordsWithCodeFrom(ip) => format!("pairs {}", customer_network(ip)),
            Subject::WrongCodes(account) => format!("codes {account}"),
            Subject::Address(ip) => format!("address {}", customer_network(ip)),
            Subject::Reauthentication(user, session) => {
                format!("confirmation {user} {}", session.map_or(0, |session| session.0))
            }
            Subject::LinkCode(chat) => format!("link code {chat}"),
        };
        let key = cipher.derive_key("sign-in throttle");
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// The counter at this moment, less the failures forgiven meanwhile. A block that lies further
    /// ahead than the curve allows comes from a clock that was set back, and is dropped.
    fn decayed(&self, count: FailureCount, now: NaiveDateTime) -> FailureCount {
        let BackoffCurve { cap, forgiven_every, .. } = self.curve();
        let counted_at = count.counted_at.min(now);
        let periods = (now - counted_at).num_seconds() / forgiven_every;
        let forgiven = i32::try_from(periods).unwrap_or(i32::MAX);
        let failures = count.failures.saturating_sub(forgiven).max(0);
        let since = counted_at + TimeDelta::seconds(periods * forgiven_every);
        let too_far = count.blocked_until - now > TimeDelta::seconds(cap);
        let blocked_until = if too_far { now } else { count.blocked_until };
        FailureCount {
            failures,
            counted_at: if failures == 0 { now } else { since },
            blocked_until,
        }
    }

    /// Whether a success proves that all counted attempts came from the same person.
    fn is_single_person(&self) -> bool {
        let of_many = matches!(
            self,
            Subject::AccountFromAllNewNetworks(_)
                | Subject::AccountFromFailedNetworks(_)
                | Subject::PasswordsWithCodeFrom(_)
                | Subject::Address(_)
        );
        !of_many
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.epoch, self.name)
    }
}

/// The customer network of an address: the address itself, or its IPv6 /64.
pub(crate) fn customer_network(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |address| cidr::customer_network(address).to_string())
}

/// The site network of an address: a customer's IPv6 line may have many /64 networks.
fn site_network(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |address| cidr::site_network(address).to_string())
}

/// Decision before an attempt is verified.
pub enum ThrottleDecision {
    /// Throttled; seconds to wait.
    Wait(u64),
    /// Allowed; counted as failed until proven otherwise, once per subject.
    Allow(Vec<CountedAttempt>),
}

/// An attempt that was counted.
#[derive(Debug, Clone)]
pub struct CountedAttempt {
    subject: Subject,
    /// Failures including this attempt.
    failures: i32,
}

/// Seconds until the next attempt is allowed; rounded up, because an attempt a second too early
/// would be rejected.
fn longest_wait(counts: impl Iterator<Item = FailureCount>, now: NaiveDateTime) -> Option<u64> {
    let blocked = counts.map(|count| count.blocked_until - now).max()?;
    let milliseconds = u64::try_from(blocked.num_milliseconds()).ok()?;
    (blocked > TimeDelta::zero()).then(|| milliseconds.div_ceil(1000).max(1))
}

fn current_count(
    conn: &mut Conn,
    cipher: &Cipher,
    subject: &Subject,
    now: NaiveDateTime,
) -> Result<FailureCount> {
    let nothing = FailureCount { failures: 0, counted_at: now, blocked_until: now };
    let stored = table::find(conn, &subject.key(cipher))?;
    Ok(stored.map_or(nothing, |count| subject.decayed(count, now)))
}

/// Seconds that an attempt would have to wait, without counting it.
pub fn wait_seconds(
    conn: &mut Conn,
    cipher: &Cipher,
    subjects: &[Subject],
    now: NaiveDateTime,
) -> Result<Option<u64>> {
    let counts: Vec<FailureCount> = subjects
        .iter()
        .map(|subject| current_count(conn, cipher, subject, now))
        .collect::<Result<_>>()?;
    Ok(longest_wait(counts.into_iter(), now))
}

/// Whether the network of this address is new to an account.
pub fn is_new_network(
    conn: &mut Conn,
    cipher: &Cipher,
    account: &Account,
    ip: &str,
    now: NaiveDateTime,
) -> Result<bool> {
    let newcomer = Subject::AccountFromNewNetwork(account.clone(), ip.to_owned());
    Ok(current_count(conn, cipher, &newcomer, now)?.failures < NEW_NETWORK_ATTEMPTS)
}

/// Counts an attempt, unless it is throttled. Subjects come in the order of [`Subject`], which
/// prevents deadlocks.
pub fn count_attempt(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    subjects: Vec<Subject>,
) -> Result<ThrottleDecision> {
    let now = tx.now().naive_utc();
    // Checked first, so that a throttled attempt leaves no row behind.
    if let Some(seconds) = wait_seconds(tx.conn(), cipher, &subjects, now)? {
        return Ok(ThrottleDecision::Wait(seconds));
    }
    let mut counts = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let key = subject.key(cipher);
        let count = subject.decayed(table::lock(tx.conn(), &key, now)?, now);
        counts.push((subject, key, count));
    }
    if let Some(seconds) = longest_wait(counts.iter().map(|(_, _, count)| *count), now) {
        return Ok(ThrottleDecision::Wait(seconds));
    }
    // Concurrent attempts of this network have used up its status as new.
    let spent = |(subject, _, count): &(Subject, String, FailureCount)| {
        matches!(subject, Subject::AccountFromNewNetwork(..))
            && count.failures >= NEW_NETWORK_ATTEMPTS
    };
    if counts.iter().any(spent) {
        return Ok(ThrottleDecision::Wait(1));
    }
    let mut counted = Vec::with_capacity(counts.len());
    for (subject, key, count) in counts {
        let curve = subject.curve();
        let failures = (count.failures + 1).min(curve.max_failures());
        let blocked_until = now + TimeDelta::seconds(curve.wait(failures));
        table::set(tx.conn(), &key, FailureCount { failures, blocked_until, ..count })?;
        counted.push(CountedAttempt { subject, failures });
    }
    Ok(ThrottleDecision::Allow(counted))
}

/// Writes the row without a change, so that an attempt without effect takes as long as another.
pub(crate) fn touch(tx: &mut Tx<'_>, cipher: &Cipher, subject: &Subject) -> Result<()> {
    let now = tx.now().naive_utc();
    table::lock(tx.conn(), &subject.key(cipher), now)?;
    Ok(())
}

/// Undoes a counted attempt that was no failure.
pub fn undo(tx: &mut Tx<'_>, cipher: &Cipher, counted: &CountedAttempt) -> Result<()> {
    let (key, now) = (counted.subject.key(cipher), tx.now().naive_utc());
    let stored = table::lock(tx.conn(), &key, now)?;
    let count = counted.subject.decayed(stored, now);
    let failures = (count.failures - 1).max(0);
    // It was allowed, so without it nothing is blocked, unless others came later.
    let alone = stored.failures <= counted.failures;
    let blocked_until = if alone { now } else { count.blocked_until };
    Ok(table::set(tx.conn(), &key, FailureCount { failures, blocked_until, ..count })?)
}

/// Clears the counter after a success. Where failures of others may be included, only this attempt
/// is undone.
pub fn forgive(tx: &mut Tx<'_>, cipher: &Cipher, counted: &CountedAttempt) -> Result<()> {
    if counted.subject.is_single_person() {
        return Ok(table::delete(tx.conn(), &counted.subject.key(cipher))?);
    }
    undo(tx, cipher, counted)
}

/// The error for a throttled attempt.
pub fn refusal(seconds: u64) -> Error {
    Error::refuse_with(ErrorCode::TooManyAttempts, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Account {
        Account { name: name.into(), epoch: 0 }
    }

    #[test]
    fn waits_double_up_to_the_cap() {
        let curve = Subject::AccountFromKnownNetwork(account("siti"), "10.0.0.1".into()).curve();
        let waits: Vec<i64> = (3..16).map(|failures| curve.wait(failures)).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(curve.wait(curve.max_failures()), 300);
        let curve = Subject::Address("10.0.0.1".into()).curve();
        assert_eq!((curve.wait(20), curve.wait(21), curve.wait(curve.max_failures())), (0, 1, 900));
        assert_eq!(curve.wait(i32::MAX), 900);
        let curve = Subject::AccountFromNewNetwork(account("siti"), "10.0.0.1".into()).curve();
        assert_eq!((curve.wait(i32::MAX), curve.max_failures()), (0, NEW_NETWORK_ATTEMPTS));
    }

    #[test]
    fn unknown_networks_get_sixty_guesses_an_hour() {
        let an_hour = |subject: Subject| 3_600 / subject.curve().cap;
        let (new, others) = (
            Subject::AccountFromAllNewNetworks(account("a")),
            Subject::AccountFromFailedNetworks(account("a")),
        );
        assert_eq!(an_hour(new) + an_hour(others), 60);
    }

    #[test]
    fn a_clock_set_back_blocks_nobody() {
        let subject = Subject::AccountFromKnownNetwork(account("siti"), "10.0.0.1".into());
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::days(100);
        let tomorrow = now + TimeDelta::days(1);
        let count = FailureCount { failures: 9, counted_at: tomorrow, blocked_until: tomorrow };
        let count = subject.decayed(count, now);
        assert_eq!((count.blocked_until, count.counted_at), (now, now));
        assert_eq!(subject.decayed(count, now + TimeDelta::minutes(10)).failures, 7);
    }

    #[test]
    fn failures_decay_one_by_one_however_often_they_are_read() {
        let subject = Subject::AccountFromKnownNetwork(account("siti"), "10.0.0.1".into());
        let start = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let mut count = FailureCount { failures: 3, counted_at: start, blocked_until: start };
        for minute in 1..=14 {
            count = subject.decayed(count, start + TimeDelta::minutes(minute));
        }
        assert_eq!(count.failures, 1);
        count = subject.decayed(count, start + TimeDelta::minutes(15));
        assert_eq!(count.failures, 0);
    }

    #[test]
    fn keys_are_opaque_and_differ_by_server_name_kind_and_epoch() {
        let cipher = Cipher::new([1; 32], &[]);
        let key = |subject: Subject| subject.key(&cipher);
        let siti = key(Subject::AccountFromFailedNetworks(account("siti")));
        assert!(siti.len() == 64 && !siti.contains("siti"));
        assert_ne!(siti, key(Subject::AccountFromFailedNetworks(account("sita"))));
        assert_ne!(siti, key(Subject::AccountFromAllNewNetworks(account("siti"))));
        assert_ne!(
            siti,
            key(Subject::AccountFromFailedNetworks(Account { name: "siti".into(), epoch: 1 }))
        );
        let other = Cipher::new([2; 32], &[]);
        assert_ne!(siti, Subject::AccountFromFailedNetworks(account("siti")).key(&other));
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        assert_eq!(customer_network("2001:db8:1:2:3:4:5:6"), customer_network("2001:db8:1:2::9"));
        assert_ne!(customer_network("2001:db8:1:2::9"), customer_network("2001:db8:1:3::9"));
        assert_eq!(customer_network("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
