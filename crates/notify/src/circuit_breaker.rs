//! Circuit breaker of a channel.
//!
//! Closed: the channel works. Open: it counts as down; one delivery at a time, after growing pauses,
//! finds out whether it works again.

use std::time::Duration;

use chrono::TimeDelta;
use services::delivery::{DeliveryOutcome, PauseReason, RateLimitScope};
use shared::notification::DeliveryFailure;
use tokio::time::Instant;

/// Failures in a row, of whatever addresses, after which the circuit opens.
const FAILURE_THRESHOLD: u32 = 5;
/// The first and the longest pause while the circuit is open.
const MIN_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The state of a channel, as the outcomes of its deliveries show it.
#[derive(Debug, Default)]
pub struct CircuitBreaker {
    /// Failed deliveries since the last one that reached the provider.
    failures: u32,
    /// Pauses since the circuit opened.
    pauses: u32,
    paused_until: Option<Instant>,
    pause_reason: Option<PauseReason>,
    /// The address whose rate was limited last, if nothing was delivered since.
    last_rate_limited: Option<String>,
}

/// What an outcome changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitEvent {
    None,
    /// The provider has paused the account.
    Paused(PauseReason),
    /// The channel works again.
    Closed,
}

impl CircuitBreaker {
    /// Whether the channel counts as down.
    pub fn is_open(&self) -> bool {
        self.failures >= FAILURE_THRESHOLD
    }

    /// Returns until when nothing is sent at all.
    pub fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| *until > now)
    }

    /// Returns why the provider has paused the account.
    pub fn pause_reason(&self) -> Option<PauseReason> {
        self.pause_reason
    }

    /// Records how a delivery to `address` ended.
    pub fn record_outcome(
        &mut self,
        address: &str,
        outcome: &DeliveryOutcome,
        now: Instant,
    ) -> CircuitEvent {
        match outcome {
            DeliveryOutcome::RateLimited { scope, wait } => {
                self.record_rate_limit(address, *scope, *wait, now);
                CircuitEvent::None
            }
            DeliveryOutcome::Failed(DeliveryFailure::Unreachable) | DeliveryOutcome::Unknown => {
                self.failures = self.failures.saturating_add(1);
                if self.is_open() {
                    self.pause(None, now);
                }
                CircuitEvent::None
            }
            DeliveryOutcome::AccountPaused { reason, wait } => {
                self.failures = self.failures.max(FAILURE_THRESHOLD);
                self.pause(*wait, now);
                match self.pause_reason.replace(*reason) {
                    Some(known) if known == *reason => CircuitEvent::None,
                    _ => CircuitEvent::Paused(*reason),
                }
            }
            DeliveryOutcome::Delivered(_) | DeliveryOutcome::Refused(_) => self.close(),
            DeliveryOutcome::Failed(_)
            | DeliveryOutcome::Obsolete
            | DeliveryOutcome::PredecessorInFlight
            | DeliveryOutcome::Redirected(_)
            | DeliveryOutcome::NotLinked
            | DeliveryOutcome::Blocked => CircuitEvent::None,
        }
    }

    fn close(&mut self) -> CircuitEvent {
        let was_open = self.is_open();
        *self = Self { paused_until: self.paused_until.filter(|_| !was_open), ..Self::default() };
        if was_open { CircuitEvent::Closed } else { CircuitEvent::None }
    }

    /// Pauses for `wait`, or longer each time; a pause that has begun is not changed.
    fn pause(&mut self, wait: Option<TimeDelta>, now: Instant) {
        if self.paused_until(now).is_some() {
            return;
        }
        let backoff = (MIN_PAUSE * (1 << self.pauses.min(10))).min(MAX_PAUSE);
        self.pauses += 1;
        let wait = wait.and_then(|wait| wait.to_std().ok()).unwrap_or(backoff);
        self.paused_until = Some(now + wait);
    }

    /// If the provider does not say whether the limit concerns the address or the account, a second
    /// limited address before anything was delivered means the account.
    fn record_rate_limit(
        &mut self,
        address: &str,
        scope: RateLimitScope,
        wait: TimeDelta,
        now: Instant,
    ) {
        let concerns_account = match (scope, &self.last_rate_limited) {
            (RateLimitScope::Account, _) => true,
            (RateLimitScope::Address, _) => return,
            (RateLimitScope::Unspecified, other) => {
                other.as_deref().is_some_and(|other| other != address)
            }
        };
        if concerns_account {
            let until = now + wait.to_std().unwrap_or_default();
            self.paused_until = self.paused_until.max(Some(until));
        } else {
            self.last_rate_limited = Some(address.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: DeliveryOutcome = DeliveryOutcome::Failed(DeliveryFailure::Unreachable);
    const DELIVERED: DeliveryOutcome = DeliveryOutcome::Delivered(None);

    fn too_fast(scope: RateLimitScope, seconds: i64) -> DeliveryOutcome {
        DeliveryOutcome::RateLimited { scope, wait: TimeDelta::seconds(seconds) }
    }

    fn unspecified(seconds: i64) -> DeliveryOutcome {
        too_fast(RateLimitScope::Unspecified, seconds)
    }

    #[test]
    fn a_channel_that_is_down_is_probed_less_and_less_often_until_it_works() {
        let (mut breaker, mut now) = (CircuitBreaker::default(), Instant::now());
        for chat in 1..=FAILURE_THRESHOLD {
            assert!(breaker.paused_until(now).is_none());
            breaker.record_outcome(&chat.to_string(), &FAILED, now);
        }
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let until = breaker.paused_until(now).unwrap();
            pauses.push((until - now).as_secs());
            now = until;
            breaker.record_outcome("1", &FAILED, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(breaker.record_outcome("1", &DELIVERED, now), CircuitEvent::Closed);
        assert!(!breaker.is_open() && breaker.paused_until(now).is_none());
    }

    #[test]
    fn a_rate_limit_of_one_address_does_not_hold_up_the_others() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        breaker.record_outcome("1", &unspecified(30), now);
        breaker.record_outcome("1", &unspecified(30), now);
        breaker.record_outcome("1", &too_fast(RateLimitScope::Address, 30), now);
        breaker.record_outcome("2", &too_fast(RateLimitScope::Address, 30), now);
        assert!(breaker.paused_until(now).is_none());
        breaker.record_outcome("2", &DELIVERED, now);
        breaker.record_outcome("3", &unspecified(30), now);
        assert!(breaker.paused_until(now).is_none());
    }

    #[test]
    fn a_rate_limit_of_two_addresses_in_a_row_pauses_the_channel() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        breaker.record_outcome("1", &unspecified(3), now);
        breaker.record_outcome("2", &unspecified(7), now);
        assert_eq!(breaker.paused_until(now), Some(now + Duration::from_secs(7)));
        // A delivery that was running already does not end the pause.
        breaker.record_outcome("3", &DELIVERED, now);
        assert_eq!(breaker.paused_until(now), Some(now + Duration::from_secs(7)));
    }

    #[test]
    fn a_rate_limit_of_the_account_pauses_the_channel_at_once() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        breaker.record_outcome("1", &too_fast(RateLimitScope::Account, 7), now);
        assert_eq!(breaker.paused_until(now), Some(now + Duration::from_secs(7)));
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_paused_account_is_probed_until_it_is_released() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        let reason = PauseReason::Billing;
        let paused = DeliveryOutcome::AccountPaused { reason, wait: Some(TimeDelta::seconds(60)) };
        assert_eq!(breaker.record_outcome("1", &paused, now), CircuitEvent::Paused(reason));
        assert_eq!(breaker.record_outcome("2", &paused, now), CircuitEvent::None);
        assert!(breaker.is_open());
        assert_eq!(breaker.paused_until(now), Some(now + Duration::from_secs(60)));
        let later = now + Duration::from_secs(60);
        assert_eq!(breaker.record_outcome("1", &DELIVERED, later), CircuitEvent::Closed);
        assert_eq!(breaker.pause_reason(), None);
    }
}
