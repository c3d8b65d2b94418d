//! Measuring several servers in turn: A B C A B C …, so that whatever else the machine does meets
//! all of them.

use std::net::SocketAddr;

use crate::Result;
use crate::load::{self, Lane, LoadPlan, Sample};
use crate::measure::median;
use crate::plan::Plan;

/// One server and what is sent to it.
#[derive(Debug, Clone)]
pub struct Contender {
    pub address: SocketAddr,
    pub lanes: Vec<Lane>,
}

/// What one contender reached, round by round.
#[derive(Debug, Clone, Default)]
pub struct Measured(pub Vec<Sample>);

impl Measured {
    /// Requests per second.
    pub fn per_second(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.per_second))
    }

    /// Half of the answers took no longer than this many milliseconds.
    pub fn p50(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.p50))
    }

    /// All but one in a hundred answers took no longer than this many milliseconds.
    pub fn p99(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.p99))
    }

    /// How many times as much as the other one, compared within each round.
    pub fn ratio(&self, other: &Self, of: impl Fn(&Sample) -> f64) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| of(own) / of(other)))
    }
}

/// Measures each contender once per round.
///
/// # Errors
/// A request was refused.
pub fn interleaved(plan: &Plan, contenders: &[Contender]) -> Result<Vec<Measured>> {
    let mut all = vec![Measured::default(); contenders.len()];
    for _ in 0..plan.rounds {
        for (contender, measured) in contenders.iter().zip(&mut all) {
            measured.0.push(once(plan, contender)?);
        }
    }
    Ok(all)
}

/// Measures one contender once.
///
/// # Errors
/// A request was refused.
pub fn once(plan: &Plan, contender: &Contender) -> Result<Sample> {
    load::generate(&LoadPlan {
        address: contender.address,
        warm_up: plan.warm_up,
        measure: plan.measure,
        lanes: contender.lanes.clone(),
    })
}
