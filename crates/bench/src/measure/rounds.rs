//! Interleaved measurement of several servers (A B C A B C …), so that disturbances affect all of them.

use std::net::SocketAddr;

use crate::Result;
use crate::load::{self, ConnectionScript, LoadPlan, Sample};
use crate::measure::median;
use crate::plan::Durations;

/// One server with the requests that it gets.
#[derive(Debug, Clone)]
pub struct Contender {
    pub address: SocketAddr,
    pub lanes: Vec<ConnectionScript>,
}

/// The samples of one contender, one per round.
#[derive(Debug, Clone, Default)]
pub struct Samples(pub Vec<Sample>);

impl Samples {
    /// Requests per second.
    pub fn per_second(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.per_second))
    }

    /// Requests that the server was too busy for, in all rounds.
    pub fn refused(&self) -> u32 {
        self.0.iter().map(|sample| sample.refused).sum()
    }

    /// Median latency in milliseconds.
    pub fn p50(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.p50))
    }

    /// 99th percentile of the latency in milliseconds.
    pub fn p99(&self) -> f64 {
        median(self.0.iter().map(|sample| sample.p99))
    }

    /// Ratio to the other contender, as the median over the rounds.
    pub fn ratio(&self, other: &Self, of: impl Fn(&Sample) -> f64) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| of(own) / of(other)))
    }
}

/// Measures each contender once per round.
///
/// # Errors
/// A request was rejected.
pub fn measure_interleaved(
    durations: &Durations,
    contenders: &[Contender],
) -> Result<Vec<Samples>> {
    let mut all = vec![Samples::default(); contenders.len()];
    for _ in 0..durations.rounds {
        for (contender, measured) in contenders.iter().zip(&mut all) {
            measured.0.push(measure_once(durations, contender)?);
        }
    }
    Ok(all)
}

/// Measures one contender once.
///
/// # Errors
/// A request was rejected.
pub fn measure_once(durations: &Durations, contender: &Contender) -> Result<Sample> {
    load::generate(&LoadPlan {
        address: contender.address,
        warm_up: durations.warm_up,
        measure: durations.measure,
        lanes: contender.lanes.clone(),
    })
}
