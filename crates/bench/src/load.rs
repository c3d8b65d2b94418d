//! Closed-loop load generator, which runs in its own process.
//!
//! Every connection sends its next request as soon as it has the response to the last one. One thread
//! serves all connections, so that the load takes little processor time from the servers.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::http::ResponseHead;
use crate::process::{read_plan, run_part};
use crate::{Result, http};

/// The status of a request that the server is too busy for.
const TOO_BUSY: u16 = 503;

/// The requests and their timing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadPlan {
    pub address: SocketAddr,
    pub warm_up: Duration,
    pub measure: Duration,
    /// One connection each.
    pub lanes: Vec<ConnectionScript>,
}

/// The raw requests of one connection.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ConnectionScript {
    /// Sent once, in this order.
    pub once: Vec<String>,
    /// Then these, repeatedly.
    pub repeated: Vec<String>,
}

/// The result of one measurement. Times are in milliseconds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Sample {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// All answers after the warm-up, also those after the end.
    pub answers: u64,
    /// Requests that the server was too busy for (503). Their times count, but not for the rate.
    pub refused: u32,
}

impl Sample {
    /// The sample of these times in microseconds.
    pub fn of(times: &Histogram<u64>, per_second: f64) -> Self {
        let milliseconds = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
        Self {
            per_second,
            p50: milliseconds(0.5),
            p99: milliseconds(0.99),
            answers: times.len(),
            refused: 0,
        }
    }
}

/// Runs a load generator process and returns its result.
///
/// # Errors
/// The process can not be started, or a request was rejected.
pub fn generate(plan: &LoadPlan) -> Result<Sample> {
    run_part("load", plan)
}

/// Runs the load generator process: reads the plan from standard input, writes the result to standard
/// output.
///
/// # Errors
/// The connection breaks, or a request was rejected.
pub fn run() -> Result {
    let plan: LoadPlan = read_plan()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let Answers { times, in_time, refused } =
        LocalSet::new().block_on(&runtime, run_connections(plan.clone()))?;
    let per_second = f64::from(in_time) / plan.measure.as_secs_f64();
    let sample = Sample { refused, ..Sample::of(&times, per_second) };
    println!("{}", serde_json::to_string(&sample).map_err(|error| error.to_string())?);
    Ok(())
}

/// A histogram from one microsecond to one minute with three significant digits.
///
/// # Errors
/// There is no memory for it.
pub fn histogram() -> Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, 60_000_000, 3).map_err(|error| error.to_string())
}

/// The answers of one or more connections.
struct Answers {
    /// In microseconds, of all that came after the warm-up: the last ones come after the end, and without
    /// them slow answers would be missing.
    times: Histogram<u64>,
    /// How many came before the end.
    in_time: u32,
    refused: u32,
}

async fn run_connections(plan: LoadPlan) -> Result<Answers> {
    let begin = Instant::now() + plan.warm_up;
    let end = begin + plan.measure;
    let address = plan.address;
    let lanes = plan.lanes.into_iter().map(Rc::new);
    let tasks: Vec<_> = lanes
        .map(|lane| {
            tokio::task::spawn_local(
                async move { run_connection(address, &lane, begin, end).await },
            )
        })
        .collect();
    let mut all = Answers { times: histogram()?, in_time: 0, refused: 0 };
    for task in tasks {
        let own = task.await.map_err(|error| error.to_string())??;
        all.times.add(own.times).map_err(|error| error.to_string())?;
        all.in_time += own.in_time;
        all.refused += own.refused;
    }
    Ok(all)
}

async fn run_connection(
    address: SocketAddr,
    lane: &ConnectionScript,
    begin: Instant,
    end: Instant,
) -> Result<Answers> {
    let broken = |error: std::io::Error| format!("connection: {error}");
    let mut stream = TcpStream::connect(address).await.map_err(broken)?;
    stream.set_nodelay(true).map_err(broken)?;
    let mut answers = Answers { times: histogram()?, in_time: 0, refused: 0 };
    let mut bytes = Vec::with_capacity(64 * 1024);
    for request in lane.once.iter().chain(lane.repeated.iter().cycle()) {
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        stream.write_all(request.as_bytes()).await.map_err(broken)?;
        let head = read_response(&mut stream, &mut bytes).await?;
        let refused = head.status == TOO_BUSY;
        if !refused && !(200..300).contains(&head.status) {
            let line = request.lines().next().unwrap_or_default();
            let body = String::from_utf8_lossy(&bytes[head.length..]);
            return Err(format!("{line} was answered with {}: {body}", head.status));
        }
        let answered = Instant::now();
        if answered >= begin {
            answers.times.saturating_record((answered - sent).as_micros() as u64);
            answers.in_time += u32::from(answered <= end && !refused);
            answers.refused += u32::from(refused);
        }
    }
    Ok(answers)
}

/// Reads one complete response into `bytes`.
///
/// # Errors
/// The connection breaks, or the bytes are not a response.
pub async fn read_response(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<ResponseHead> {
    bytes.clear();
    let mut head = None;
    loop {
        if stream.read_buf(bytes).await.map_err(|error| format!("connection: {error}"))? == 0 {
            return Err("the connection ended early".into());
        }
        if head.is_none() {
            head = http::parse_head(bytes)?;
        }
        if let Some(head) = head
            && bytes.len() >= head.length + head.body
        {
            return Ok(head);
        }
    }
}
