//! Measuring several servers in turn: A B C A B C …, so that whatever else the machine does meets
//! all of them.

use std::net::SocketAddr;

use crate::Result;
use crate::load::{self, ConnectionScript, LoadPlan, Sample};
use crate::measure::median;
use crate::plan::BenchPlan;

/// One server and what is sent to it.
#[derive(Debug, Clone)]
pub struct Contender {
    pub address: SocketAddr,
    pub lanes: Vec<ConnectionScript>,
}

/// What one contender reached, round by round.
#[derive(Debug, Clone, Default)]
pub struct Samples(pub Vec<Sample>);

impl Samples {
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
pub fn measure_interleaved(plan: &BenchPlan, contenders: &[Contender]) -> Result<Vec<Samples>> {
    let mut all = vec![Samples::default(); contenders.len()];
    for _ in 0..plan.rounds {
        for (contender, measured) in contenders.iter().zip(&mut all) {
            measured.0.push(measure_once(plan, contender)?);
        }
    }
    Ok(all)
}

/// Measures one contender once.
///
/// # Errors
/// A request was refused.
pub fn measure_once(plan: &BenchPlan, contender: &Contender) -> Result<Sample> {
    load::generate(&LoadPlan {
        address: contender.address,
        warm_up: plan.warm_up,
        measure: plan.measure,
        lanes: contender.lanes.clone(),
    })
}
