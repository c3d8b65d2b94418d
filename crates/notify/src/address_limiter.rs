//! Rate limit per address.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// Keeps one delivery at a time and the channel's pace for each address.
///
/// It counts as GCRA does: each message moves the address's next slot by the interval, and a message
/// may leave as long as the slot is at most `burst - 1` intervals ahead.
#[derive(Debug)]
pub struct AddressLimiter {
    interval: Duration,
    /// How far the next slot may be ahead of a message.
    tolerance: Duration,
    addresses: HashMap<String, AddressState>,
}

#[derive(Debug, Clone, Copy)]
struct AddressState {
    next_slot: Instant,
    blocked_until: Instant,
}

impl AddressLimiter {
    /// A limiter that allows `burst` messages at once and then one per `interval`.
    pub fn new(interval: Duration, burst: u32) -> Self {
        let tolerance = interval * burst.max(1).saturating_sub(1);
        Self { interval, tolerance, addresses: HashMap::new() }
    }

    /// Blocks the address while a delivery is running, until `latest` if its end is never reported.
    pub fn start(&mut self, address: &str, now: Instant, latest: Instant) {
        let state = self.addresses.entry(address.to_owned());
        let state = state.or_insert(AddressState { next_slot: now, blocked_until: latest });
        state.blocked_until = latest;
    }

    /// Ends a delivery that sent, or may have sent, a message.
    pub fn finish(&mut self, address: &str, now: Instant) {
        let Some(state) = self.addresses.get_mut(address) else { return };
        state.next_slot = state.next_slot.max(now) + self.interval;
        state.blocked_until = state.next_slot.checked_sub(self.tolerance).unwrap_or(now);
    }

    /// Ends a delivery that sent nothing. The address waits at least until `free_at`.
    pub fn release(&mut self, address: &str, free_at: Instant) {
        let Some(state) = self.addresses.get_mut(address) else { return };
        let slot = state.next_slot.checked_sub(self.tolerance).unwrap_or(free_at);
        state.blocked_until = free_at.max(slot);
    }

    /// Forgets the addresses that no limit concerns any more.
    pub fn remove_expired(&mut self, now: Instant) {
        self.addresses.retain(|_, state| state.next_slot.max(state.blocked_until) > now);
    }

    /// Returns the addresses that get nothing now, and until when.
    pub fn blocked(&self, now: Instant) -> HashMap<String, Instant> {
        let blocked = self.addresses.iter().filter(|(_, state)| state.blocked_until > now);
        blocked.map(|(address, state)| (address.clone(), state.blocked_until)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const ADDRESS: &str = "7";

    fn send(limiter: &mut AddressLimiter, now: Instant) -> Option<Instant> {
        limiter.start(ADDRESS, now, now + 35 * SECOND);
        assert_eq!(limiter.blocked(now)[ADDRESS], now + 35 * SECOND);
        limiter.finish(ADDRESS, now);
        limiter.blocked(now).get(ADDRESS).copied()
    }

    #[test]
    fn without_a_burst_an_address_waits_after_each_message() {
        let (now, mut limiter) = (Instant::now(), AddressLimiter::new(SECOND, 1));
        assert_eq!(send(&mut limiter, now), Some(now + SECOND));
        limiter.remove_expired(now);
        assert!(limiter.blocked(now + SECOND).is_empty());
        limiter.remove_expired(now + SECOND);
        assert!(limiter.addresses.is_empty());
    }

    #[test]
    fn a_burst_leaves_at_once_and_is_paid_back_afterwards() {
        let (now, mut limiter) = (Instant::now(), AddressLimiter::new(6 * SECOND, 3));
        assert_eq!(send(&mut limiter, now), None);
        assert_eq!(send(&mut limiter, now), None);
        assert_eq!(send(&mut limiter, now), Some(now + 6 * SECOND));
        let later = now + 6 * SECOND;
        assert_eq!(send(&mut limiter, later), Some(later + 6 * SECOND));
        // The whole burst is available again after a quiet time.
        let quiet = now + 60 * SECOND;
        limiter.remove_expired(quiet);
        assert_eq!(send(&mut limiter, quiet), None);
    }

    #[test]
    fn a_delivery_that_sent_nothing_costs_nothing() {
        let (now, mut limiter) = (Instant::now(), AddressLimiter::new(6 * SECOND, 1));
        limiter.start(ADDRESS, now, now + 35 * SECOND);
        limiter.release(ADDRESS, now);
        assert!(limiter.blocked(now).is_empty());
        limiter.release(ADDRESS, now + 9 * SECOND);
        assert_eq!(limiter.blocked(now)[ADDRESS], now + 9 * SECOND);
    }
}
