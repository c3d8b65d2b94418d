//! Exponential backoff between the attempts to deliver a message.

use chrono::TimeDelta;
use rand::Rng;

/// Delay after the first failed attempt; it doubles with each further one.
const INITIAL_DELAY_SECONDS: i64 = 1;
/// Longest delay between two attempts.
const MAX_DELAY_SECONDS: i64 = 900;
/// Attempts before a message is given up: they take about a day.
pub const MAX_ATTEMPTS: i32 = 105;

/// Returns the delay after `attempts` attempts without jitter.
fn base_delay_seconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or_default().min(20);
    INITIAL_DELAY_SECONDS.saturating_mul(1 << doublings).min(MAX_DELAY_SECONDS)
}

/// Returns the delay after `attempts` attempts, with a jitter of a fifth, so that messages that failed
/// together are not retried together.
pub fn retry_delay(attempts: i32) -> TimeDelta {
    let share = rand::rng().random_range(0.8..1.2);
    // At most 1,080 seconds: far from what a number of milliseconds can hold.
    TimeDelta::milliseconds((base_delay_seconds(attempts) as f64 * 1_000.0 * share) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_channel_is_retried_for_about_a_day() {
        let all: i64 = (1..MAX_ATTEMPTS).map(base_delay_seconds).sum();
        let hours = all as f64 / 3_600.0;
        assert!((23.5..25.0).contains(&hours), "{hours}");
    }

    #[test]
    fn the_delay_doubles_up_to_its_limit_with_a_jitter_of_a_fifth() {
        assert_eq!([1, 2, 3, 4].map(base_delay_seconds), [1, 2, 4, 8]);
        assert_eq!(base_delay_seconds(i32::MAX), MAX_DELAY_SECONDS);
        for attempts in [1, 7, 50] {
            let (wait, plain) =
                (retry_delay(attempts).num_milliseconds(), base_delay_seconds(attempts) * 1_000);
            assert!(wait >= plain * 8 / 10 && wait <= plain * 12 / 10, "{attempts}: {wait}");
        }
    }
}
