//! How fast messages leave: all together, and within one chat.

use std::collections::HashMap;
use std::time::Duration;

use shared::ChatId;
use tokio::time::Instant;

/// Share of the allowed rate that may leave at once after a quiet moment. The rest is spread evenly,
/// so that a second never sees more than is allowed, wherever it begins.
const BURST_SHARE: f64 = 0.1;

/// What the channel allows.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Messages per second to all chats together.
    pub per_second: u32,
    /// Between the answer to one message and the next one to the same chat.
    pub chat_pause: Duration,
    /// Deliveries under way at the same time.
    pub at_once: usize,
    /// Those of them that only answers to people may use.
    pub kept_for_answers: usize,
}

/// What Telegram asks of bots (Bots FAQ: "My bot is hitting limits"): 30 messages per second, and
/// one per second in a chat.
impl Default for Limits {
    fn default() -> Self {
        Self {
            per_second: 30,
            chat_pause: Duration::from_secs(1),
            at_once: 32,
            kept_for_answers: 8,
        }
    }
}

/// A bucket that fills evenly.
///
/// The crate `governor` counts the same, but takes a token before it is known whether there is a
/// message for it.
#[derive(Debug)]
pub struct Pace {
    per_second: f64,
    most: f64,
    tokens: f64,
    at: Instant,
}

impl Pace {
    /// A full bucket.
    pub fn new(per_second: u32, now: Instant) -> Self {
        let allowed = f64::from(per_second.max(1));
        let most = (allowed * BURST_SHARE).max(1.0);
        Self { per_second: (allowed - most).max(0.5), most, tokens: most, at: now }
    }

    /// How many messages may leave now.
    pub fn available(&mut self, now: Instant) -> usize {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.per_second).min(self.most);
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

/// Chats that get nothing more for the moment.
#[derive(Debug, Default)]
pub struct Chats {
    quiet: HashMap<ChatId, Instant>,
}

impl Chats {
    /// The chat gets no message before `free_at`.
    pub fn rest_until(&mut self, chat: ChatId, free_at: Instant) {
        self.quiet.insert(chat, free_at);
    }

    /// Forgets the chats that have rested.
    pub fn sweep(&mut self, now: Instant) {
        self.quiet.retain(|_, until| *until > now);
    }

    /// The chats that get nothing for the moment, and until when.
    pub fn resting(&self) -> &HashMap<ChatId, Instant> {
        &self.quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_sees_more_than_is_allowed() {
        let start = Instant::now();
        let mut pace = Pace::new(30, start);
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

    #[test]
    fn a_chat_rests_after_each_message() {
        let now = Instant::now();
        let (chat, mut chats) = (ChatId(7), Chats::default());
        let until = now + Duration::from_secs(1);
        chats.rest_until(chat, until);
        chats.sweep(now);
        assert_eq!(chats.resting().get(&chat), Some(&until));
        chats.sweep(until);
        assert!(chats.resting().is_empty());
    }
}
