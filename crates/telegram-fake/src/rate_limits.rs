//! Telegram's rate limits.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Counts messages within the last second.
#[derive(Debug)]
pub(crate) struct RateLimits {
    overall_per_second: usize,
    per_chat_per_second: usize,
    recent: VecDeque<(Instant, i64)>,
    pub violations: u64,
}

impl RateLimits {
    pub fn new(overall_per_second: u32, per_chat_per_second: u32) -> Self {
        Self {
            overall_per_second: overall_per_second as usize,
            per_chat_per_second: per_chat_per_second as usize,
            recent: VecDeque::new(),
            violations: 0,
        }
    }

    /// Counts messages; returns the seconds to wait if there are too many.
    pub fn check(&mut self, chat: i64, messages: usize) -> Option<u64> {
        let now = Instant::now();
        while self.recent.front().is_some_and(|(at, _)| now - *at > Duration::from_secs(1)) {
            self.recent.pop_front();
        }
        let of_chat = self.recent.iter().filter(|(_, other)| *other == chat).count();
        // An album passes as a whole and counts as several messages.
        if self.recent.len() >= self.overall_per_second || of_chat >= self.per_chat_per_second {
            self.violations += 1;
            return Some(1);
        }
        self.recent.extend(std::iter::repeat_n((now, chat), messages));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_chat_can_reach_its_limit_while_others_do_not() {
        let mut limits = RateLimits::new(3, 1);
        assert_eq!(limits.check(1, 1), None);
        assert_eq!(limits.check(1, 1), Some(1));
        assert_eq!(limits.check(2, 2), None);
        assert_eq!(limits.check(3, 1), Some(1), "an album counts as many");
        assert_eq!(limits.violations, 2);
    }
}
