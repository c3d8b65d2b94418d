//! How fast messages leave: all together, and within one chat.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use shared::ChatId;
use tokio::time::Instant;

/// Share of the allowed rate that may leave at once after a quiet moment. The rest is spread evenly,
/// so that a second never sees more than is allowed, wherever it begins.
const BURST_SHARE: f64 = 0.1;

const SECOND: Duration = Duration::from_secs(1);

/// What the channel allows.
#[derive(Debug, Clone, Copy)]
pub struct ChannelLimits {
    /// Messages per second to all chats together.
    pub per_second: u32,
    /// Between the answer to one message and the next one to the same chat.
    pub address_interval: Duration,
    /// Deliveries under way at the same time.
    pub max_concurrent: usize,
    /// Those of them that only answers to people may use.
    pub reserved_for_replies: usize,
}

/// What Telegram asks of bots (Bots FAQ: "My bot is hitting limits"): 30 messages per second, and
/// one per second in a chat. Two a second stay free for what the network bunches up on the way.
impl Default for ChannelLimits {
    fn default() -> Self {
        Self {
            per_second: 28,
            address_interval: Duration::from_secs(1),
            max_concurrent: 32,
            reserved_for_replies: 8,
        }
    }
}

/// A bucket that fills evenly.
///
/// The crate `governor` counts the same, but takes a token before it is known whether there is a
/// message for it.
#[derive(Debug)]
pub struct TokenBucket {
    per_second: f64,
    capacity: f64,
    tokens: f64,
    at: Instant,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(per_second: u32, now: Instant) -> Self {
        let allowed = f64::from(per_second.max(1));
        let capacity = (allowed * BURST_SHARE).max(1.0);
        Self { per_second: (allowed - capacity).max(0.5), capacity, tokens: capacity, at: now }
    }

    /// How many messages may leave now.
    pub fn available(&mut self, now: Instant) -> usize {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.per_second).min(self.capacity);
        self.at = now;
        self.tokens as usize
    }

    /// Counts messages that leave.
    pub fn take(&mut self, count: usize) {
        self.tokens -= count as f64;
    }

    /// When the next one may leave.
    pub fn next(&self) -> Instant {
        let missing = (1.0 - self.tokens).max(0.0) / self.per_second;
        self.at + Duration::from_secs_f64(missing)
    }
}

/// The last look before a message leaves. [`Pace`] decides what is taken up, but words have to be found for
/// it first, and on a busy machine many are found at once.
#[derive(Debug)]
pub struct SlidingWindow {
    per_second: usize,
    departures: tokio::sync::Mutex<VecDeque<Instant>>,
}

impl SlidingWindow {
    /// A gate that nobody has passed.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1) as usize, departures: Default::default() }
    }

    /// Returns when the next message may leave, which counts as leaving now.
    pub async fn acquire(&self) {
        // Whoever came first holds it while waiting.
        let mut departures = self.departures.lock().await;
        loop {
            match try_acquire(&mut departures, self.per_second, Instant::now()) {
                None => return,
                Some(later) => tokio::time::sleep_until(later).await,
            }
        }
    }
}

/// Lets one leave at `now`, or says when to ask again.
fn try_acquire(
    departures: &mut VecDeque<Instant>,
    per_second: usize,
    now: Instant,
) -> Option<Instant> {
    while departures.front().is_some_and(|left| now.saturating_duration_since(*left) >= SECOND) {
        departures.pop_front();
    }
    let full = departures.len() >= per_second;
    if let Some(oldest) = departures.front().filter(|_| full) {
        return Some(*oldest + SECOND);
    }
    departures.push_back(now);
    None
}

/// Chats that get nothing more for the moment.
#[derive(Debug, Default)]
pub struct AddressCooldowns {
    blocked_until: HashMap<ChatId, Instant>,
}

impl AddressCooldowns {
    /// The chat gets no message before `free_at`.
    pub fn block_until(&mut self, chat: ChatId, free_at: Instant) {
        self.blocked_until.insert(chat, free_at);
    }

    /// Forgets the chats that have rested.
    pub fn remove_expired(&mut self, now: Instant) {
        self.blocked_until.retain(|_, until| *until > now);
    }

    /// The chats that get nothing for the moment, and until when.
    pub fn blocked(&self) -> &HashMap<ChatId, Instant> {
        &self.blocked_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_sees_more_than_is_allowed() {
        let start = Instant::now();
        let mut pace = TokenBucket::new(30, start);
        let mut left = Vec::new();
        for milliseconds in 0..5_000 {
            let now = start + Duration::from_millis(milliseconds);
            let count = pace.available(now);
            pace.take(count);
            left.extend(std::iter::repeat_n(milliseconds, count));
        }
        for from in 0..4_000 {
            let seen = left.iter().filter(|at| (from..from + 1_000).contains(*at)).count();
            assert!(seen <= 30, "{seen} in the second from {from} ms");
        }
        assert!(left.len() >= 130, "{}", left.len());
    }

    /// Ten thousand messages, the time that they take, and how many left in the fullest second. The
    /// machine finds no words for `stall` milliseconds out of every two seconds.
    fn drained(stall: u64) -> (Duration, usize) {
        let limits = ChannelLimits::default();
        let start = Instant::now();
        let mut pace = TokenBucket::new(limits.per_second, start);
        let (mut departures, mut left) = (VecDeque::new(), Vec::new());
        let (mut taken, mut worded) = (0, 0);
        for milliseconds in 0.. {
            let now = start + Duration::from_millis(milliseconds);
            let ready = pace.available(now).min(limits.max_concurrent.saturating_sub(worded));
            pace.take(ready);
            (taken, worded) = (taken + ready, worded + ready);
            if milliseconds % 2_000 >= stall {
                while worded > 0
                    && try_acquire(&mut departures, limits.per_second as usize, now).is_none()
                {
                    left.push(now);
                    worded -= 1;
                }
            }
            if left.len() >= 10_000 {
                break;
            }
        }
        assert!(taken >= left.len());
        let within =
            |from: usize| left[from..].iter().take_while(|at| **at - left[from] < SECOND).count();
        let fullest = (0..left.len()).map(within).max().unwrap_or_default();
        (left[left.len() - 1] - start, fullest)
    }

    #[test]
    fn ten_thousand_messages_leave_as_fast_as_they_may_and_never_faster() {
        let (calm, fullest) = drained(0);
        assert!(fullest <= 28, "{fullest} in one second");
        // 28 a second, a tenth of which is kept for bursts.
        assert!(calm < Duration::from_secs(10_000 / 25 + 5), "{calm:?}");
        let (_, fullest) = drained(900);
        assert!(fullest <= 28, "{fullest} in one second of a busy machine");
    }

    #[test]
    fn a_chat_rests_after_each_message() {
        let now = Instant::now();
        let (chat, mut chats) = (ChatId(7), AddressCooldowns::default());
        let until = now + Duration::from_secs(1);
        chats.block_until(chat, until);
        chats.remove_expired(now);
        assert_eq!(chats.blocked().get(&chat), Some(&until));
        chats.remove_expired(until);
        assert!(chats.blocked().is_empty());
    }
}
