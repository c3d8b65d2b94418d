//! In-memory state of the delivery worker.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use services::delivery::{ClaimedMessage, DeliveryOutcome};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::POLL_INTERVAL;
use crate::address_limiter::AddressLimiter;
use crate::circuit_breaker::CircuitBreaker;
use crate::rate_limiter::{ChannelLimits, SlidingWindow, TokenBucket};
use crate::scheduler::{Capacity, RoundRobin};

/// One delivery that has ended.
pub(super) struct FinishedDelivery {
    pub(super) message: ClaimedMessage,
    pub(super) is_reply: bool,
    pub(super) outcome: DeliveryOutcome,
    /// The time until the next attempt, if there is one.
    pub(super) retry_in: Option<TimeDelta>,
}

/// What the worker keeps in memory.
pub(super) struct WorkerState {
    pub(super) limits: ChannelLimits,
    pub(super) running: JoinSet<FinishedDelivery>,
    /// How many of the running deliveries are no replies.
    pub(super) running_non_replies: usize,
    pub(super) bucket: TokenBucket,
    pub(super) window: Arc<SlidingWindow>,
    pub(super) addresses: AddressLimiter,
    pub(super) breaker: CircuitBreaker,
    pub(super) turns: RoundRobin,
    /// When messages are due again.
    pub(super) retry_times: BTreeSet<Instant>,
    pub(super) is_leader: bool,
    pub(super) renew_lease_at: Instant,
    pub(super) release_expired_at: Instant,
    /// Messages that changed since browsers were notified.
    pub(super) changed_messages: i64,
}

impl WorkerState {
    pub(super) fn new(limits: ChannelLimits, now: Instant) -> Self {
        Self {
            limits,
            running: JoinSet::new(),
            running_non_replies: 0,
            bucket: TokenBucket::new(limits.per_second, now),
            window: Arc::new(SlidingWindow::new(limits.per_second)),
            addresses: AddressLimiter::new(limits.address_interval, limits.address_burst),
            breaker: CircuitBreaker::default(),
            turns: RoundRobin::default(),
            retry_times: BTreeSet::new(),
            is_leader: false,
            renew_lease_at: now,
            release_expired_at: now,
            changed_messages: 0,
        }
    }

    /// Returns what may leave now, or when to look again.
    pub(super) fn capacity(&mut self, now: Instant) -> Result<Capacity, Instant> {
        if let Some(until) = self.breaker.paused_until(now) {
            return Err(until);
        }
        let max = if self.breaker.is_open() { 1 } else { self.limits.max_concurrent };
        let free = max.saturating_sub(self.running.len());
        if free == 0 {
            return Err(now + POLL_INTERVAL);
        }
        let total = free.min(self.bucket.available(now));
        if total == 0 {
            return Err(self.bucket.next());
        }
        let reserved = self.limits.reserved_for_replies.min(max - 1);
        let non_replies = max.saturating_sub(reserved + self.running_non_replies);
        Ok(Capacity { total, non_replies, blocked: self.addresses.blocked(now) })
    }

    /// Ends the address's turn.
    pub(super) fn release_address(
        &mut self,
        address: &str,
        outcome: &DeliveryOutcome,
        now: Instant,
    ) {
        match outcome {
            DeliveryOutcome::RateLimited { wait, .. } => {
                let wait = wait.to_std().unwrap_or_default();
                self.addresses.release(address, now + wait);
            }
            DeliveryOutcome::Obsolete
            | DeliveryOutcome::PredecessorInFlight
            | DeliveryOutcome::Redirected(_)
            | DeliveryOutcome::NotLinked
            | DeliveryOutcome::Blocked
            | DeliveryOutcome::AccountPaused { .. } => self.addresses.release(address, now),
            DeliveryOutcome::Delivered(_)
            | DeliveryOutcome::Unknown
            | DeliveryOutcome::Failed(_)
            | DeliveryOutcome::Refused(_) => self.addresses.finish(address, now),
        }
    }
}
