//! How long a message waits before it is tried again, and how often it is.

use chrono::TimeDelta;
use rand::Rng;

/// Wait after the first failed try; it doubles with each further one.
const INITIAL_DELAY_SECONDS: i64 = 1;
/// Longest wait between two tries.
const MAX_DELAY_SECONDS: i64 = 900;
/// Tries before a message is given up: about a day of them.
pub const MAX_ATTEMPTS: i32 = 105;

/// The wait after `attempts` tries, before chance changes it.
fn base_delay_seconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or_default().min(20);
    INITIAL_DELAY_SECONDS.saturating_mul(1 << doublings).min(MAX_DELAY_SECONDS)
}

/// The wait after `attempts` tries: up to a fifth shorter or longer, so that what failed together
/// does not come back together.
pub fn retry_delay(attempts: i32) -> TimeDelta {
    let share = rand::rng().random_range(0.8..1.2);
    // At most 1,080 seconds: far from what a number of milliseconds can hold.
    TimeDelta::milliseconds((base_delay_seconds(attempts) as f64 * 1_000.0 * share) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_channel_is_tried_for_about_a_day() {
        let all: i64 = (1..MAX_ATTEMPTS).map(base_delay_seconds).sum();
        let hours = all as f64 / 3_600.0;
        assert!((23.5..25.0).contains(&hours), "{hours}");
    }

    #[test]
    fn the_wait_doubles_to_its_limit_and_chance_moves_it_by_a_fifth() {
        assert_eq!([1, 2, 3, 4].map(base_delay_seconds), [1, 2, 4, 8]);
        assert_eq!(base_delay_seconds(i32::MAX), MAX_DELAY_SECONDS);
        for attempts in [1, 7, 50] {
            let (wait, plain) =
                (retry_delay(attempts).num_milliseconds(), base_delay_seconds(attempts) * 1_000);
            assert!(wait >= plain * 8 / 10 && wait <= plain * 12 / 10, "{attempts}: {wait}");
        }
    }
}
