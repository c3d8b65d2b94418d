//! Whether the channel as a whole works, seen from how single deliveries end.

use std::time::Duration;

use chrono::TimeDelta;
use services::delivery::Outcome;
use shared::ChatId;
use shared::message::DeliveryFailure;
use tokio::time::Instant;

/// Failures in a row, of whatever chats, after which the channel counts as down.
const DOWN_AFTER: u32 = 5;
/// Waits of a channel that is down: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What is known of the channel.
#[derive(Debug, Default)]
pub struct Health {
    /// Deliveries that failed since the last one that did not.
    failures: u32,
    /// Times that it was tried anew since it is down.
    pauses: u32,
    paused_until: Option<Instant>,
    /// The chat that was last told to be slower, and nobody was served since.
    slowed: Option<ChatId>,
}

/// What the end of a delivery says of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    None,
    /// It was down and works again.
    Back,
}

impl Health {
    /// Whether it counts as down: then only one delivery at a time finds out whether it is back.
    pub fn is_down(&self) -> bool {
        self.failures >= DOWN_AFTER
    }

    /// Until when nothing is sent at all.
    pub fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| *until > now)
    }

    /// Takes note of how a delivery ended.
    pub fn note(&mut self, chat: ChatId, outcome: &Outcome, now: Instant) -> News {
        match outcome {
            Outcome::Failed { failure: DeliveryFailure::TooFast, wait } => {
                self.slow_down(chat, *wait, now);
                News::None
            }
            Outcome::Failed { failure: DeliveryFailure::Unreachable, .. } => {
                self.failures = self.failures.saturating_add(1);
                if self.is_down() && self.paused_until(now).is_none() {
                    let pause = FIRST_PAUSE * (1 << self.pauses.min(10));
                    self.pauses += 1;
                    self.paused_until = Some(now + pause.min(LONGEST_PAUSE));
                }
                News::None
            }
            Outcome::Delivered(_) | Outcome::Refused(_) => {
                let was_down = self.is_down();
                *self = Self {
                    paused_until: self.paused_until.filter(|_| !was_down),
                    ..Self::default()
                };
                if was_down { News::Back } else { News::None }
            }
            Outcome::Failed { .. }
            | Outcome::Meaningless
            | Outcome::TooEarly
            | Outcome::Moved(_)
            | Outcome::NotLinked => News::None,
        }
    }

    /// Telegram does not say whether one chat or the whole bot is too fast. If a second chat is told
    /// so before anybody else was served, it is the bot.
    fn slow_down(&mut self, chat: ChatId, wait: Option<TimeDelta>, now: Instant) {
        match self.slowed {
            Some(other) if other != chat => {
                let wait = wait.and_then(|wait| wait.to_std().ok()).unwrap_or_default();
                self.paused_until = self.paused_until.max(Some(now + wait));
            }
            _ => self.slowed = Some(chat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Outcome = Outcome::Failed { failure: DeliveryFailure::Unreachable, wait: None };

    fn too_fast(seconds: i64) -> Outcome {
        let wait = Some(TimeDelta::seconds(seconds));
        Outcome::Failed { failure: DeliveryFailure::TooFast, wait }
    }

    #[test]
    fn a_channel_that_is_down_is_tried_more_and_more_rarely_until_it_is_back() {
        let (mut health, mut now) = (Health::default(), Instant::now());
        for chat in 1..=i64::from(DOWN_AFTER) {
            assert!(health.paused_until(now).is_none());
            health.note(ChatId(chat), &FAILED, now);
        }
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let until = health.paused_until(now).unwrap();
            pauses.push((until - now).as_secs());
            now = until;
            health.note(ChatId(1), &FAILED, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(health.note(ChatId(1), &Outcome::Delivered(None), now), News::Back);
        assert!(!health.is_down() && health.paused_until(now).is_none());
    }

    #[test]
    fn one_chat_that_is_too_fast_does_not_hold_up_the_others() {
        let (mut health, now) = (Health::default(), Instant::now());
        health.note(ChatId(1), &too_fast(30), now);
        health.note(ChatId(1), &too_fast(30), now);
        assert!(health.paused_until(now).is_none());
        health.note(ChatId(2), &Outcome::Delivered(None), now);
        health.note(ChatId(3), &too_fast(30), now);
        assert!(health.paused_until(now).is_none());
    }

    #[test]
    fn when_a_second_chat_is_too_fast_the_whole_bot_waits_as_long_as_it_is_told() {
        let (mut health, now) = (Health::default(), Instant::now());
        health.note(ChatId(1), &too_fast(3), now);
        health.note(ChatId(2), &too_fast(7), now);
        assert_eq!(health.paused_until(now), Some(now + Duration::from_secs(7)));
        // A delivery that was under way already changes nothing about it.
        health.note(ChatId(3), &Outcome::Delivered(None), now);
        assert_eq!(health.paused_until(now), Some(now + Duration::from_secs(7)));
    }
}
