//! Many browsers in one process, each with a WebSocket of its own. One of them never reads.
//!
//! The process works in three phases: it connects, it makes changes and notes when each arrives, and it
//! connects everybody again. Before each of the later phases it waits for a line on standard input.

mod plan;
mod socket;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::task::LocalSet;

pub use self::plan::LivePlan;
use self::socket::{Delays, LiveSocket};
use crate::load::{Sample, histogram};
use crate::process::{ChildProcess, own_program};
use crate::{Result, http};

/// Connections that are opened at the same time.
const CONNECTING_AT_ONCE: usize = 64;
/// Time between two changes.
const CHANGE_INTERVAL: Duration = Duration::from_millis(150);
/// Time in which the last change arrives.
const LAST_ARRIVAL: Duration = Duration::from_secs(2);

/// All browsers are connected.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Connected {
    /// Seconds.
    pub took: f64,
}

/// When the changes arrived: milliseconds from the time that the server gave the event, which is before
/// the commit.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Arrivals {
    pub sample: Sample,
}

/// The process, seen from the driver.
#[derive(Debug)]
pub struct LiveLoad {
    _process: ChildProcess,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl LiveLoad {
    /// Starts the process, which begins to connect.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(plan: &LivePlan) -> Result<Self> {
        let mut command = own_program()?;
        command.arg("live-load").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = ChildProcess::start(&mut command)?;
        let child = process.child();
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or("the live load has no pipes")?;
        let mut load = Self { _process: process, input, output: BufReader::new(output) };
        let plan = serde_json::to_string(plan).map_err(|error| error.to_string())?;
        load.write_line(&plan)?;
        Ok(load)
    }

    /// Lets the process begin with its next phase.
    ///
    /// # Errors
    /// It has ended.
    pub fn proceed(&mut self) -> Result {
        self.write_line("")
    }

    /// Waits for the result of a phase.
    ///
    /// # Errors
    /// The process has failed.
    pub fn read<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(|error| error.to_string())?;
        serde_json::from_str(&line).map_err(|_| "the live load has failed".to_owned())
    }

    fn write_line(&mut self, line: &str) -> Result {
        writeln!(self.input, "{line}").map_err(|error| format!("the live load: {error}"))
    }
}

/// Runs the process.
///
/// # Errors
/// A connection breaks or a request is refused.
pub fn run() -> Result {
    let plan: LivePlan = serde_json::from_str(&read_line()?).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    LocalSet::new().block_on(&runtime, run_phases(&plan))
}

async fn run_phases(plan: &LivePlan) -> Result {
    let delays = Rc::new(Delays::new(histogram()?));
    let began = Instant::now();
    let sockets = connect_all(plan, &delays, Duration::ZERO).await?;
    print(&Connected { took: began.elapsed().as_secs_f64() })?;
    tokio::task::spawn_blocking(read_line).await.map_err(|error| error.to_string())??;
    delays.start();
    let changes = (plan.address, plan.changes.clone());
    // On a thread of its own, so that the reading of the others does not delay it.
    tokio::task::spawn_blocking(|| make_changes(changes))
        .await
        .map_err(|error| error.to_string())??;
    tokio::time::sleep(LAST_ARRIVAL).await;
    let expected = plan.changes.len() * (plan.clients - 1);
    let length = CHANGE_INTERVAL * u32::try_from(plan.changes.len()).unwrap_or(u32::MAX);
    print(&Arrivals { sample: delays.sample(expected, length)? })?;
    tokio::task::spawn_blocking(read_line).await.map_err(|error| error.to_string())??;
    drop(sockets);
    let began = Instant::now();
    let sockets = connect_all(plan, &delays, plan.reconnect_within).await?;
    print(&Connected { took: began.elapsed().as_secs_f64() })?;
    drop(sockets);
    Ok(())
}

/// Connects all browsers; they begin one after the other within this time.
async fn connect_all(
    plan: &LivePlan,
    delays: &Rc<Delays>,
    within: Duration,
) -> Result<Vec<LiveSocket>> {
    let began = tokio::time::Instant::now();
    let lanes = (0..CONNECTING_AT_ONCE.min(plan.clients)).map(|lane| {
        let (plan, delays) = (plan.clone(), Rc::clone(delays));
        tokio::task::spawn_local(async move {
            let mut sockets = Vec::new();
            for client in (lane..plan.clients).step_by(CONNECTING_AT_ONCE) {
                let share = client as f64 / plan.clients as f64;
                tokio::time::sleep_until(began + within.mul_f64(share)).await;
                sockets.push(LiveSocket::open(&plan, client == 0, &delays).await?);
            }
            Ok::<_, String>(sockets)
        })
    });
    let mut all = Vec::with_capacity(plan.clients);
    for lane in lanes.collect::<Vec<_>>() {
        all.extend(lane.await.map_err(|error| error.to_string())??);
    }
    Ok(all)
}

fn make_changes((address, changes): (SocketAddr, Vec<String>)) -> Result {
    for change in changes {
        let answer = http::send(address, &change)?;
        if !answer.is_success() {
            return Err(format!("a change was answered with {}: {}", answer.status, answer.text()));
        }
        std::thread::sleep(CHANGE_INTERVAL);
    }
    Ok(())
}

fn read_line() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(line)
}

fn print(result: &impl Serialize) -> Result {
    println!("{}", serde_json::to_string(result).map_err(|error| error.to_string())?);
    std::io::stdout().flush().map_err(|error| error.to_string())
}
