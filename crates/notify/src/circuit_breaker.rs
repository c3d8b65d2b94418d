//! Whether the channel as a whole works, seen from how single deliveries end.

use std::time::Duration;

use chrono::TimeDelta;
use services::delivery::DeliveryOutcome;
use shared::ChatId;
use shared::notification::DeliveryFailure;
use tokio::time::Instant;

/// Failures in a row, of whatever chats, after which the channel counts as down.
const FAILURE_THRESHOLD: u32 = 5;
/// Waits of a channel that is down: the first, and the longest.
const MIN_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// What is known of the channel.
#[derive(Debug, Default)]
pub struct CircuitBreaker {
    /// Deliveries that failed since the last one that did not.
    failures: u32,
    /// Times that it was tried anew since it is down.
    pauses: u32,
    paused_until: Option<Instant>,
    /// The chat that was last told to be slower, and nobody was served since.
    last_rate_limited: Option<ChatId>,
}

/// What the end of a delivery says of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitEvent {
    None,
    /// It was down and works again.
    Closed,
}

impl CircuitBreaker {
    /// Whether it counts as down: then only one delivery at a time finds out whether it is back.
    pub fn is_open(&self) -> bool {
        self.failures >= FAILURE_THRESHOLD
    }

    /// Until when nothing is sent at all.
    pub fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| *until > now)
    }

    /// Takes note of how a delivery ended.
    pub fn record_outcome(
        &mut self,
        chat: ChatId,
        outcome: &DeliveryOutcome,
        now: Instant,
    ) -> CircuitEvent {
        match outcome {
            DeliveryOutcome::Failed { failure: DeliveryFailure::TooFast, wait } => {
                self.record_rate_limit(chat, *wait, now);
                CircuitEvent::None
            }
            DeliveryOutcome::Failed { failure: DeliveryFailure::Unreachable, .. } => {
                self.failures = self.failures.saturating_add(1);
                if self.is_open() && self.paused_until(now).is_none() {
                    let pause = MIN_PAUSE * (1 << self.pauses.min(10));
                    self.pauses += 1;
                    self.paused_until = Some(now + pause.min(MAX_PAUSE));
                }
                CircuitEvent::None
            }
            DeliveryOutcome::Delivered(_) | DeliveryOutcome::Refused(_) => {
                let was_down = self.is_open();
                *self = Self {
                    paused_until: self.paused_until.filter(|_| !was_down),
                    ..Self::default()
                };
                if was_down { CircuitEvent::Closed } else { CircuitEvent::None }
            }
            DeliveryOutcome::Failed { .. }
            | DeliveryOutcome::Obsolete
            | DeliveryOutcome::PredecessorInFlight
            | DeliveryOutcome::Redirected(_)
            | DeliveryOutcome::NotLinked => CircuitEvent::None,
        }
    }

    /// Telegram does not say whether one chat or the whole bot is too fast. If a second chat is told
    /// so before anybody else was served, it is the bot.
    fn record_rate_limit(&mut self, chat: ChatId, wait: Option<TimeDelta>, now: Instant) {
        match self.last_rate_limited {
            Some(other) if other != chat => {
                let wait = wait.and_then(|wait| wait.to_std().ok()).unwrap_or_default();
                self.paused_until = self.paused_until.max(Some(now + wait));
            }
            _ => self.last_rate_limited = Some(chat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: DeliveryOutcome =
        DeliveryOutcome::Failed { failure: DeliveryFailure::Unreachable, wait: None };

    fn too_fast(seconds: i64) -> DeliveryOutcome {
        let wait = Some(TimeDelta::seconds(seconds));
        DeliveryOutcome::Failed { failure: DeliveryFailure::TooFast, wait }
    }

    #[test]
    fn a_channel_that_is_down_is_tried_more_and_more_rarely_until_it_is_back() {
        let (mut health, mut now) = (CircuitBreaker::default(), Instant::now());
        for chat in 1..=i64::from(FAILURE_THRESHOLD) {
            assert!(health.paused_until(now).is_none());
            health.record_outcome(ChatId(chat), &FAILED, now);
        }
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let until = health.paused_until(now).unwrap();
            pauses.push((until - now).as_secs());
            now = until;
            health.record_outcome(ChatId(1), &FAILED, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(
            health.record_outcome(ChatId(1), &DeliveryOutcome::Delivered(None), now),
            CircuitEvent::Closed
        );
        assert!(!health.is_open() && health.paused_until(now).is_none());
    }

    #[test]
    fn one_chat_that_is_too_fast_does_not_hold_up_the_others() {
        let (mut health, now) = (CircuitBreaker::default(), Instant::now());
        health.record_outcome(ChatId(1), &too_fast(30), now);
        health.record_outcome(ChatId(1), &too_fast(30), now);
        assert!(health.paused_until(now).is_none());
        health.record_outcome(ChatId(2), &DeliveryOutcome::Delivered(None), now);
        health.record_outcome(ChatId(3), &too_fast(30), now);
        assert!(health.paused_until(now).is_none());
    }

    #[test]
    fn when_a_second_chat_is_too_fast_the_whole_bot_waits_as_long_as_it_is_told() {
        let (mut health, now) = (CircuitBreaker::default(), Instant::now());
        health.record_outcome(ChatId(1), &too_fast(3), now);
        health.record_outcome(ChatId(2), &too_fast(7), now);
        assert_eq!(health.paused_until(now), Some(now + Duration::from_secs(7)));
        // A delivery that was under way already changes nothing about it.
        health.record_outcome(ChatId(3), &DeliveryOutcome::Delivered(None), now);
        assert_eq!(health.paused_until(now), Some(now + Duration::from_secs(7)));
    }
}
