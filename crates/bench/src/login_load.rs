//! Sign-in load generator: a process that sends sign-ins at a fixed rate, whether or not the server keeps
//! up.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::{interval, timeout};

use crate::Result;
use crate::load::read_response;
use crate::process::{read_plan, run_part};

/// Wait after the last sign-in; requests without a response by then count as unanswered.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// The requests and their timing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoginLoadPlan {
    pub address: SocketAddr,
    pub per_second: u32,
    pub length: Duration,
    /// Sent one after the other, each on its own connection.
    pub logins: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LoginAnswers {
    pub sent: u32,
    pub by_status: BTreeMap<u16, u32>,
    /// The connection broke, or there was no response in time.
    pub unanswered: u32,
}

impl LoginAnswers {
    /// Sign-ins for which a password was hashed; only these are expensive.
    pub fn hashed(&self) -> u32 {
        [200, 401].iter().filter_map(|status| self.by_status.get(status)).sum()
    }
}

/// Runs the load in its own process.
///
/// # Errors
/// The process can not be started.
pub fn generate(plan: &LoginLoadPlan) -> Result<LoginAnswers> {
    run_part("login-load", plan)
}

/// Runs the load generator process: reads the plan from standard input, writes the result to standard
/// output.
///
/// # Errors
/// The plan can not be read.
pub fn run() -> Result {
    let plan: LoginLoadPlan = read_plan()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let answers = LocalSet::new().block_on(&runtime, send_all(plan));
    println!("{}", serde_json::to_string(&answers).map_err(|error| error.to_string())?);
    Ok(())
}

async fn send_all(plan: LoginLoadPlan) -> LoginAnswers {
    let LoginLoadPlan { address, per_second, length, logins } = plan;
    let mut tick = interval(Duration::from_secs(1) / per_second.max(1));
    let count = (f64::from(per_second) * length.as_secs_f64()) as usize;
    let mut tasks = Vec::new();
    for login in logins.into_iter().cycle().take(count) {
        tick.tick().await;
        tasks.push(tokio::task::spawn_local(async move { send_login(address, &login).await }));
    }
    let mut answers = LoginAnswers { sent: tasks.len() as u32, ..LoginAnswers::default() };
    let end = tokio::time::Instant::now() + ANSWER_TIMEOUT;
    for task in tasks {
        match timeout(end.saturating_duration_since(tokio::time::Instant::now()), task).await {
            Ok(Ok(Ok(status))) => *answers.by_status.entry(status).or_default() += 1,
            _ => answers.unanswered += 1,
        }
    }
    answers
}

async fn send_login(address: SocketAddr, login: &str) -> Result<u16> {
    let broken = |error: std::io::Error| format!("connection: {error}");
    let mut stream = TcpStream::connect(address).await.map_err(broken)?;
    stream.write_all(login.as_bytes()).await.map_err(broken)?;
    Ok(read_response(&mut stream, &mut Vec::new()).await?.status)
}
