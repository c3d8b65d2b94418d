//! Child processes of a measurement, which end with their handles.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::http;

/// Longest wait for a server to respond. After a kill it checks the whole database first.
const START_TIMEOUT: Duration = Duration::from_secs(180);

/// A child process that is killed when this value is dropped.
#[derive(Debug)]
pub struct ChildProcess(Child);

impl ChildProcess {
    /// Starts the command.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|error| format!("{name} can't be started: {error}"))?;
        Ok(Self(child))
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// The child itself.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // Fails if it has ended by itself, which is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running server process.
#[derive(Debug)]
pub struct Server {
    pub process: ChildProcess,
    pub address: SocketAddr,
    /// Time from the start of the process to its first successful response.
    pub ready_after: Duration,
}

impl Server {
    /// Stops the server with SIGTERM and waits for its end; does nothing if it has ended. After a kill, the
    /// next start would check the whole database.
    ///
    /// # Errors
    /// The signal can not be sent.
    pub fn stop(&mut self) -> Result {
        if matches!(self.process.child().try_wait(), Ok(Some(_))) {
            return Ok(());
        }
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        if !sent.is_ok_and(|status| status.success()) {
            return Err("the server can't be stopped".into());
        }
        self.process.child().wait().map(drop).map_err(|error| format!("stopping: {error}"))
    }

    /// Ends the server with SIGKILL.
    ///
    /// # Errors
    /// The signal can not be sent.
    pub fn kill(&mut self) -> Result {
        let child = self.process.child();
        child.kill().and_then(|()| child.wait()).map(drop).map_err(|error| error.to_string())
    }

    /// Starts a server that listens on `address` and waits for a successful response to `path`.
    pub fn start(command: &mut Command, address: SocketAddr, path: &str) -> Result<Self> {
        let started = Instant::now();
        let mut process = ChildProcess::start(command.stdin(Stdio::null()).stdout(Stdio::null()))?;
        loop {
            let answered = TcpStream::connect(address).is_ok_and(|stream| {
                http::get(stream, path).is_ok_and(|answer| answer.is_success())
            });
            let ready_after = started.elapsed();
            if answered {
                return Ok(Self { process, address, ready_after });
            }
            if let Ok(Some(status)) = process.child().try_wait() {
                return Err(format!("the server on {address} ended at once ({status})"));
            }
            if ready_after > START_TIMEOUT {
                return Err(format!("the server on {address} did not answer {path}"));
            }
            sleep(Duration::from_millis(1));
        }
    }
}

/// Returns a free loopback address.
pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| e.to_string())?;
    listener.local_addr().map_err(|e| e.to_string())
}

/// Runs one part in another process of this program, which reads the plan from standard input and writes
/// its result to standard output.
///
/// # Errors
/// The process can not be started, or it failed.
pub fn run_part<P: Serialize, R: DeserializeOwned>(name: &str, plan: &P) -> Result<R> {
    let failed = |error: &dyn std::fmt::Display| format!("the part {name}: {error}");
    let mut command = own_program()?;
    command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = ChildProcess::start(&mut command)?;
    if let Some(input) = process.child().stdin.take() {
        serde_json::to_writer(input, plan).map_err(|error| failed(&error))?;
    }
    let output = process.child().stdout.take().ok_or_else(|| failed(&"no output"))?;
    serde_json::from_reader(output).map_err(|error| failed(&error))
}

/// Reads the plan of a part from standard input.
///
/// # Errors
/// It is none.
pub fn read_plan<P: DeserializeOwned>() -> Result<P> {
    serde_json::from_reader(std::io::stdin().lock()).map_err(|error| error.to_string())
}

/// A command that starts this program again.
pub fn own_program() -> Result<Command> {
    let path = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(Command::new(path))
}
