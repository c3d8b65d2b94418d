//! Rate limit of a whole channel.
//!
//! A token bucket decides how many messages are claimed; a sliding window has the last word when a
//! message is sent.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Share of the rate that may leave at once after a quiet time. The rest is spread evenly, so that no
/// second has more messages than allowed, wherever it begins.
const BURST_SHARE: f64 = 0.1;

const SECOND: Duration = Duration::from_secs(1);

/// What a channel allows.
#[derive(Debug, Clone, Copy)]
pub struct ChannelLimits {
    /// Messages per second to all addresses together.
    pub per_second: u32,
    /// Time between two messages to the same address, from the end of the first delivery.
    pub address_interval: Duration,
    /// Messages that may follow each other to one address without that time between them.
    pub address_burst: u32,
    /// Deliveries that run at the same time.
    pub max_concurrent: usize,
    /// How many of them are reserved for replies to people who wait.
    pub reserved_for_replies: usize,
}

/// A token bucket.
///
/// The crate `governor` has one too, but takes a token before it is known whether there is a message
/// for it.
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

    /// Returns how many messages may leave now.
    pub fn available(&mut self, now: Instant) -> usize {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.per_second).min(self.capacity);
        self.at = now;
        self.tokens as usize
    }

    /// Takes tokens for messages that leave.
    pub fn take(&mut self, count: usize) {
        self.tokens -= count as f64;
    }

    /// Returns when the next message may leave.
    pub fn next(&self) -> Instant {
        let missing = (1.0 - self.tokens).max(0.0) / self.per_second;
        self.at + Duration::from_secs_f64(missing)
    }
}

/// A sliding window over the last second, checked right before a message is sent. [`TokenBucket`] limits
/// what is claimed, but claimed messages are rendered first, and on a busy machine many finish at once.
#[derive(Debug)]
pub struct SlidingWindow {
    per_second: usize,
    departures: tokio::sync::Mutex<VecDeque<Instant>>,
}

impl SlidingWindow {
    /// An empty window.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1) as usize, departures: Default::default() }
    }

    /// Waits until the next message may leave, and counts it.
    pub async fn acquire(&self) {
        // The first one in the queue holds the lock while it waits.
        let mut departures = self.departures.lock().await;
        loop {
            match try_acquire(&mut departures, self.per_second, Instant::now()) {
                None => return,
                Some(later) => tokio::time::sleep_until(later).await,
            }
        }
    }
}

/// Counts a message at `now`, or returns when to try again.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_has_more_messages_than_allowed() {
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

    /// Sends ten thousand messages. Returns how long they take and how many leave in the fullest second.
    /// Rendering stalls for `stall` milliseconds out of every two seconds.
    fn drained(stall: u64) -> (Duration, usize) {
        let limits = crate::telegram::LIMITS;
        let start = Instant::now();
        let mut pace = TokenBucket::new(limits.per_second, start);
        let (mut departures, mut left) = (VecDeque::new(), Vec::new());
        let (mut taken, mut rendered) = (0, 0);
        for milliseconds in 0.. {
            let now = start + Duration::from_millis(milliseconds);
            let ready = pace.available(now).min(limits.max_concurrent.saturating_sub(rendered));
            pace.take(ready);
            (taken, rendered) = (taken + ready, rendered + ready);
            if milliseconds % 2_000 >= stall {
                while rendered > 0
                    && try_acquire(&mut departures, limits.per_second as usize, now).is_none()
                {
                    left.push(now);
                    rendered -= 1;
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
        // 28 per second, a tenth of which is reserved for bursts.
        assert!(calm < Duration::from_secs(10_000 / 25 + 5), "{calm:?}");
        let (_, fullest) = drained(900);
        assert!(fullest <= 28, "{fullest} in one second of a busy machine");
    }
}
