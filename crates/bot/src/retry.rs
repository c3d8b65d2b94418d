//! Retries with exponential back-off.

use std::fmt::Display;
use std::time::Duration;

/// Delays that double after every failure, up to a limit.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    initial: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    /// Starts with the initial delay.
    pub const fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max, next: initial }
    }

    /// The delay before the next attempt.
    pub const fn delay(&self) -> Duration {
        self.next
    }

    /// Waits for the delay and doubles it.
    pub async fn wait(&mut self) {
        tokio::time::sleep(self.next).await;
        self.grow();
    }

    fn grow(&mut self) {
        self.next = (self.next * 2).min(self.max);
    }

    /// Returns to the initial delay, after a success.
    pub const fn reset(&mut self) {
        self.next = self.initial;
    }
}

/// Repeats an attempt until it succeeds; every failure is logged with `task`.
pub async fn retry_until_success<T, E, F>(
    task: &str,
    mut backoff: Backoff,
    mut attempt: impl FnMut() -> F,
) -> T
where
    E: Display,
    F: Future<Output = Result<T, E>>,
{
    loop {
        match attempt().await {
            Ok(value) => return value,
            Err(error) => {
                log::warn!("{task} failed, next attempt in {:?}: {error}", backoff.delay());
                backoff.wait().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_limit_and_start_again_after_a_reset() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(3));
        let mut delays = Vec::new();
        for _ in 0..3 {
            delays.push(backoff.delay().as_secs());
            backoff.grow();
        }
        backoff.reset();
        delays.push(backoff.delay().as_secs());
        assert_eq!(delays, [1, 2, 3, 1]);
    }
}
