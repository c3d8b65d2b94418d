//! A mix of requests that arrive at a rate of their own, whether or not the server keeps up.

use crate::Result;
use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::measure::Samples;
use crate::open_load::{self, OpenLoadPlan};
use crate::plan::{Database, Part};
use crate::report::{Fact, RateRow, Results};
use crate::requests;

/// Connections that share the requests.
const CONNECTIONS: usize = 64;
/// The rate that the target refers to, in requests per second.
const USUAL_RATE: u32 = 1_000;
/// The longest time in which 99 of 100 requests have to be answered, in milliseconds.
const LONGEST_P99: f64 = 8.0;
/// Each rate is so many percent of the one before.
const STEP_PERCENT: u32 = 130;
const HIGHEST_RATE: u32 = 40_000;

/// Measures the usual rate, and looks for the highest one with short answer times.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let running = bench.serve(database, bench.plan.largest())?;
    let requests = mix(&running);
    let mut plan = OpenLoadPlan {
        address: running.server.address,
        per_second: USUAL_RATE,
        length: bench.plan.durations.open_step,
        connections: CONNECTIONS,
        requests,
    };
    let mut best = None;
    let mut rate = USUAL_RATE;
    while rate < HIGHEST_RATE {
        plan.per_second = rate;
        let sample = open_load::generate(&plan)?;
        if rate == USUAL_RATE {
            results.rates.push(RateRow {
                part: Part::Cost,
                database,
                what: format!("open mix at {USUAL_RATE} requests a second"),
                jobs: running.data.jobs,
                clients: CONNECTIONS,
                server: Samples(vec![sample]),
                reference: None,
            });
        }
        if sample.p99 > LONGEST_P99 {
            break;
        }
        best = Some(f64::from(rate));
        rate = rate * STEP_PERCENT / 100;
    }
    results.facts.push(Fact {
        part: Part::Cost,
        database: Some(database),
        what: format!("highest rate of the open mix with a p99 of {LONGEST_P99} ms"),
        jobs: Some(running.data.jobs),
        value: best,
        unit: "requests/s",
    });
    Ok(())
}

/// Of twenty requests, sixteen are lists, three are gets and one is a create.
fn mix(running: &RunningServer) -> Vec<String> {
    let token = &running.token;
    let jobs = samples::jobs(&running.data, 300);
    let customers = samples::customers(&running.data, 100);
    let round = |(customer, jobs): (_, &[_])| {
        let mut round = vec![requests::create(customer, token)];
        round.extend(jobs.iter().map(|job| requests::job(*job, token)));
        for _ in 0..16 {
            round.insert(round.len() / 2, requests::list(token));
        }
        round
    };
    customers.into_iter().zip(jobs.chunks(3)).flat_map(round).collect()
}
