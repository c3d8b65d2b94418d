//! Failures that a test asks for.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An answer with this status and no sense.
    Status(u16),
    /// "Too Many Requests: retry after N".
    TooManyRequests { retry_after: u64 },
    /// No answer for this time, then none at all.
    Hang(Duration),
    /// The connection breaks.
    ConnectionReset,
    /// The request has its effect, but the connection breaks before the answer.
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

    /// What happens to this request, if anything bad.
    pub fn take_for(&mut self, method: &str) -> Option<Fault> {
        let found = self.next.iter_mut().find(|(wanted, _, times)| {
            *times > 0 && wanted.as_deref().is_none_or(|wanted| wanted == method)
        });
        if let Some((_, failure, times)) = found {
            *times -= 1;
            return Some(*failure);
        }
        // Fetching updates is not what a share of failures is about.
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
