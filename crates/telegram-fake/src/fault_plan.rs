//! Faults that a test has asked for.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The way in which a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A response with this status and no useful body.
    Status(u16),
    /// Status 429 with `retry_after` in seconds.
    TooManyRequests { retry_after: u64 },
    /// No response for this time, then a closed connection.
    Hang(Duration),
    /// The connection is reset.
    ConnectionReset,
    /// The request has its effect, but its response is cut off.
    ResponseLost,
}

#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    next: Vec<(Option<String>, Fault, u32)>,
    share: Option<RandomFaults>,
}

#[derive(Debug)]
struct RandomFaults {
    percent: u32,
    random: StdRng,
}

impl FaultPlan {
    pub fn fail_next(&mut self, method: Option<&str>, failure: Fault, times: u32) {
        self.next.push((method.map(str::to_lowercase), failure, times));
    }

    pub fn fail_randomly(&mut self, percent: u32, seed: u64) {
        let random = StdRng::seed_from_u64(seed);
        self.share = (percent > 0).then_some(RandomFaults { percent, random });
    }

    /// Returns the fault of this request, if there is one.
    pub fn take_for(&mut self, method: &str) -> Option<Fault> {
        let found = self.next.iter_mut().find(|(wanted, _, times)| {
            *times > 0 && wanted.as_deref().is_none_or(|wanted| wanted == method)
        });
        if let Some((_, failure, times)) = found {
            *times -= 1;
            return Some(*failure);
        }
        // Random faults do not concern `getUpdates`.
        let share = self.share.as_mut().filter(|_| method != "getupdates")?;
        if share.random.random_range(0..100) >= share.percent {
            return None;
        }
        Some(match share.random.random_range(0..8) {
            0..=2 => Fault::Status(502),
            3 | 4 => Fault::Status(500),
            5 => Fault::TooManyRequests { retry_after: 1 },
            6 => Fault::ConnectionReset,
            _ => Fault::ResponseLost,
        })
    }
}
