//! Open load generator: a process that sends requests at a fixed rate over some connections. A request
//! that finds no free connection waits for one, and its waiting counts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::LocalSet;

use crate::Result;
use crate::load::{Sample, histogram, read_response};
use crate::process::{read_plan, run_part};

/// The requests and their timing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenLoadPlan {
    pub address: SocketAddr,
    pub per_second: u32,
    pub length: Duration,
    pub connections: usize,
    /// Sent one after the other, repeatedly.
    pub requests: Vec<String>,
}

/// Runs the load in its own process.
///
/// # Errors
/// The process can not be started, or a request was rejected.
pub fn generate(plan: &OpenLoadPlan) -> Result<Sample> {
    run_part("open-load", plan)
}

/// Runs the load generator process: reads the plan from standard input, writes the result to standard
/// output.
///
/// # Errors
/// The connection breaks, or a request was rejected.
pub fn run() -> Result {
    let plan: OpenLoadPlan = read_plan()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let sample = LocalSet::new().block_on(&runtime, send_all(plan))?;
    println!("{}", serde_json::to_string(&sample).map_err(|error| error.to_string())?);
    Ok(())
}

/// Requests that are due, and what came of the others.
struct Queue {
    due: RefCell<VecDeque<(Instant, usize)>>,
    /// One permit for each request that is due.
    waiting: Semaphore,
    requests: Vec<String>,
    times: RefCell<Histogram<u64>>,
}

async fn send_all(plan: OpenLoadPlan) -> Result<Sample> {
    let queue = Rc::new(Queue {
        due: RefCell::default(),
        waiting: Semaphore::new(0),
        requests: plan.requests,
        times: RefCell::new(histogram()?),
    });
    let mut tasks = Vec::new();
    for _ in 0..plan.connections {
        let stream = TcpStream::connect(plan.address).await.map_err(|error| error.to_string())?;
        tasks.push(tokio::task::spawn_local(send_due(Rc::clone(&queue), stream)));
    }
    let begin = Instant::now();
    let count = (f64::from(plan.per_second) * plan.length.as_secs_f64()) as usize;
    let mut next = 0;
    while next < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
        while next < count {
            let due = begin + Duration::from_secs_f64(next as f64 / f64::from(plan.per_second));
            if due > Instant::now() {
                break;
            }
            queue.due.borrow_mut().push_back((due, next));
            queue.waiting.add_permits(1);
            next += 1;
        }
    }
    while !queue.due.borrow().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    queue.waiting.close();
    for task in tasks {
        task.await.map_err(|error| error.to_string())??;
    }
    let times = queue.times.borrow();
    Ok(Sample::of(&times, times.len() as f64 / begin.elapsed().as_secs_f64()))
}

/// Sends requests over one connection until there are no more.
async fn send_due(queue: Rc<Queue>, mut stream: TcpStream) -> Result {
    let broken = |error: std::io::Error| format!("connection: {error}");
    stream.set_nodelay(true).map_err(broken)?;
    let mut bytes = Vec::with_capacity(64 * 1024);
    while let Ok(permit) = queue.waiting.acquire().await {
        permit.forget();
        let next = queue.due.borrow_mut().pop_front();
        let Some((due, number)) = next else { continue };
        let request = &queue.requests[number % queue.requests.len()];
        stream.write_all(request.as_bytes()).await.map_err(broken)?;
        let head = read_response(&mut stream, &mut bytes).await?;
        if !(200..300).contains(&head.status) {
            return Err(format!("a request was answered with {}", head.status));
        }
        queue.times.borrow_mut().saturating_record(due.elapsed().as_micros() as u64);
    }
    Ok(())
}
