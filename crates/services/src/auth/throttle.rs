//! Slowing down whoever guesses.
//!
//! | what is counted | without a wait | then each doubles | at most | one is forgiven every |
//! |---|---|---|---|---|
//! | a login, on one device that is known by its cookie | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | a login, from one network where it was signed in to before | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | a name, known or not, from all networks that have tried it no more than twice of late | 48 | 1 s, 2 s, 4 s … | 75 s | 75 s |
//! | a name, from all other networks together | 1 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | password and code together, from one network, while the count above makes wait | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | such pairs, from one network for whatever name | 20 | 1 s, 2 s, 4 s … | 15 min | 15 min |
//! | of these, wrong codes with the right password | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | an address (IPv6: its /64 network), from which nobody is known | 20 | 1 s, 2 s, 4 s … | 15 min | 15 min |
//! | the own password or code, asked again in one session | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//! | a Telegram chat that sends one-time codes | 4 | 1 s, 2 s, 4 s … | 5 min | 5 min |
//!
//! All strangers together get 60 guesses an hour at a login for as long as they like (48 of networks that
//! are new to it, 12 of all others), and once 49 more. A network is new to a login for three attempts, and
//! again for one each hour. So whoever keeps guessing, from one address or from forty, soon competes only
//! with others who do, and the owner at a new place is let in within 75 seconds: only forty-eight networks
//! (of IPv6: /48) that each try once an hour could take all of those places. Even then the owner gets in from a known
//! device or place, and from anywhere with password and second factor in one request; see
//! [`crate::sign_in`].
//!
//! An attempt is counted before the password is looked at, so attempts at the same moment count too; a
//! success takes it back. Counts are in the database: they outlive a restart, and all instances share them.

use chrono::{NaiveDateTime, TimeDelta};
use db::tables::login_throttles::{self as table, FailureCount};
use db::{Conn, Tx};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::{ChatId, ErrorCode, SessionId, UserId, cidr};

use crate::auth::jwt::hex;
use crate::encryption::Cipher;
use crate::error::{Error, Result};

/// After this time nothing is left of any count.
pub const RETENTION: TimeDelta = TimeDelta::hours(24);

/// After this time nothing is left of a count of one.
pub const SINGLE_FAILURE_RETENTION: TimeDelta = TimeDelta::hours(1);

/// Attempts for which a network is new to a login.
const NEW_NETWORK_ATTEMPTS: i32 = 3;

/// A name that somebody tries. Counts begin anew with each epoch of the login's tokens, so that an
/// administrator who sets a new password also lets the owner try it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    /// Zero for a name that nobody has.
    pub epoch: i64,
}

/// Whose failures are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// This account, on a known device.
    AccountOnKnownDevice(Account, String),
    /// This account, from the network of this address, where its owner has signed in before.
    AccountFromKnownNetwork(Account, String),
    /// How often the network of this address has tried this account of late. Never makes wait.
    AccountFromNewNetwork(Account, String),
    /// This account, from all networks that are new to it.
    AccountFromAllNewNetworks(Account),
    /// This account, from all networks that are not.
    AccountFromFailedNetworks(Account),
    /// This account, with password and code in one attempt, from the network of this address.
    PasswordWithCode(Account, String),
    /// With password and code in one attempt, from the network of this address, whatever the account.
    PasswordsWithCodeFrom(String),
    /// This account, with the right password and a wrong code, where [`Subject::Pair`] is counted.
    WrongCodes(Account),
    /// Whoever comes from this address.
    Address(String),
    /// Somebody signed in who is asked for the own password or code again, on one device.
    Reauthentication(UserId, Option<SessionId>),
    /// A Telegram chat that sends codes of the profile page.
    LinkCode(ChatId),
}

/// How fast waits grow.
struct BackoffCurve {
    /// Failures without a wait.
    free: i32,
    /// Longest wait in seconds.
    cap: i64,
    /// After so many seconds one failure is forgiven.
    forgiven_every: i64,
}

impl BackoffCurve {
    const fn new(free: i32, cap: i64) -> Self {
        Self { free, cap, forgiven_every: cap }
    }

    /// Seconds to wait after so many failures.
    fn wait(&self, failures: i32) -> i64 {
        match u32::try_from(failures - self.free) {
            Ok(over @ 1..) => 1_i64.checked_shl(over - 1).unwrap_or(self.cap).min(self.cap),
            _ => 0,
        }
    }

    /// From here on more failures make no difference.
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

    /// The key of the row: who was tried can not be read from it without the key of the server.
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

    /// The count as it stands now: what was forgiven meanwhile is taken off. A time that is further
    /// ahead than this curve reaches is one of a clock that has been set back since.
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

    /// Whether a success proves that all that was counted here was the same person.
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

/// What tells one place from another: the address, or the network of an IPv6 address.
pub(crate) fn customer_network(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |address| cidr::customer_network(address).to_string())
}

/// What one customer of a provider can have at the most: an IPv6 line has many networks of its own.
fn site_network(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |address| cidr::site_network(address).to_string())
}

/// What is said of an attempt before it is looked at.
pub enum ThrottleDecision {
    /// Too many failed before it; try again after so many seconds.
    Wait(u64),
    /// Counted as failed until the contrary is known: one per subject.
    Allow(Vec<CountedAttempt>),
}

/// An attempt that was counted.
#[derive(Debug, Clone)]
pub struct CountedAttempt {
    subject: Subject,
    /// With it.
    failures: i32,
}

/// Seconds until one of the counts lets an attempt pass; rounded up, because a second too early is
/// refused again.
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

/// How many seconds an attempt would have to wait, without counting it.
///
/// # Errors
/// The database fails.
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
///
/// # Errors
/// The database fails.
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

/// Counts an attempt, unless it has to wait: then nothing is counted. Subjects come in the order of
/// [`Subject`], so that two transactions never wait for each other.
///
/// # Errors
/// The database fails.
pub fn count_attempt(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    subjects: Vec<Subject>,
) -> Result<ThrottleDecision> {
    let now = tx.now().naive_utc();
    // Looked at first: an attempt that has to wait leaves no row behind.
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
    // Others of this network came at the same moment, and it is no longer new.
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

/// Writes what is there already: so that an attempt which changes nothing takes as long as another.
///
/// # Errors
/// The database fails.
pub(crate) fn touch(tx: &mut Tx<'_>, cipher: &Cipher, subject: &Subject) -> Result<()> {
    let now = tx.now().naive_utc();
    table::lock(tx.conn(), &subject.key(cipher), now)?;
    Ok(())
}

/// Takes an attempt back: it was no failure.
///
/// # Errors
/// The database fails.
pub fn undo(tx: &mut Tx<'_>, cipher: &Cipher, counted: &CountedAttempt) -> Result<()> {
    let (key, now) = (counted.subject.key(cipher), tx.now().naive_utc());
    let stored = table::lock(tx.conn(), &key, now)?;
    let count = counted.subject.decayed(stored, now);
    let failures = (count.failures - 1).max(0);
    // It was let through, so without it nothing is blocked, unless others came after it.
    let alone = stored.failures <= counted.failures;
    let blocked_until = if alone { now } else { count.blocked_until };
    Ok(table::set(tx.conn(), &key, FailureCount { failures, blocked_until, ..count })?)
}

/// Forgets what was counted for the one who has come: failures that may be those of others stay.
///
/// # Errors
/// The database fails.
pub fn forgive(tx: &mut Tx<'_>, cipher: &Cipher, counted: &CountedAttempt) -> Result<()> {
    if counted.subject.is_single_person() {
        return Ok(table::delete(tx.conn(), &counted.subject.key(cipher))?);
    }
    undo(tx, cipher, counted)
}

/// The refusal of an attempt that has to wait.
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
