//! The server's binary as a child process, for tests and trials.
//!
//! Uses the standard library only, so that every harness can have it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest wait for a start or a stop.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest wait for one answer while the server starts.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two looks at a process that starts or stops.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A failure in words.
pub type Result<T = ()> = std::result::Result<T, String>;

/// A command for the server's binary in this folder, with nothing of this process's environment but
/// `PATH`. The request limit is out of the way.
pub fn command(program: &Path, folder: &Path) -> Command {
    prepare(Command::new(program), folder)
}

/// Like [`command`], started by another program: `wrapper` is that program and its arguments.
pub fn wrapped_command(wrapper: &[String], program: &Path, folder: &Path) -> Command {
    match wrapper.split_first() {
        None => command(program, folder),
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            prepare(command, folder)
        }
    }
}

fn prepare(mut command: Command, folder: &Path) -> Command {
    command
        .current_dir(folder)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOST", "127.0.0.1")
        .env("RATE_LIMIT_MAX_REQUESTS", "100000000")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Runs a command to its end; whether it succeeded, and its output and errors in one text.
///
/// # Errors
/// It can not be started.
pub fn run(command: &mut Command) -> Result<(bool, String)> {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

/// A running server. It is killed when it is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl ServerProcess {
    /// Starts the server on a free port and waits until it answers.
    ///
    /// # Errors
    /// It ends at once or does not answer in time; with what it wrote on its standard error.
    pub fn start(mut command: Command) -> Result<Self> {
        let port = free_port()?;
        let log =
            std::env::temp_dir().join(format!("isp-server-{}-{port}.log", std::process::id()));
        let stderr = File::create(&log).map_err(|error| error.to_string())?;
        let child = command.env("PORT", port.to_string()).stderr(stderr).spawn();
        let child = child.map_err(|error| error.to_string())?;
        let mut server = Self { child, port, log };
        let deadline = Instant::now() + TIMEOUT;
        while !server.is_alive() {
            let ended = server.child.try_wait().is_ok_and(|status| status.is_some());
            if ended || Instant::now() > deadline {
                return Err(format!("the server does not start: {}", server.stderr_text()));
            }
            sleep(POLL_INTERVAL);
        }
        Ok(server)
    }

    /// Host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address for a client of the API: `http://127.0.0.1:4711`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written on its standard error.
    pub fn stderr_text(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default().trim().to_owned()
    }

    /// A line of `/proc/<id>/status` that gives an amount of memory, such as `VmRSS:`; in bytes.
    ///
    /// # Errors
    /// There is no such line.
    pub fn memory(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.map(|it| it * 1024).ok_or_else(|| format!("no {name}"))
    }

    /// Sends a signal by its name or number, such as `-TERM`.
    ///
    /// # Errors
    /// The process is gone.
    pub fn signal(&self, name: &str) -> Result {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status();
        match sent {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!("kill {name}: {other:?}")),
        }
    }

    /// Kills it with SIGKILL: whatever it is doing does not come to its end.
    pub fn kill(&mut self) {
        // It may have ended by itself: then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Stops it with SIGTERM; gives how it ended and how long that took.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn stop(mut self) -> Result<(ExitStatus, Duration)> {
        let begun = Instant::now();
        self.signal("-TERM")?;
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Ok((status, begun.elapsed()));
            }
            if begun.elapsed() > TIMEOUT {
                return Err(format!("the server does not stop: {}", self.stderr_text()));
            }
            sleep(POLL_INTERVAL);
        }
    }

    fn is_alive(&self) -> bool {
        self.get_health_live().is_ok_and(|status_line| status_line.starts_with(b"HTTP/1.1 204"))
    }

    fn get_health_live(&self) -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect(self.address())?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.write_all(
            b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_file(&self.log);
    }
}

fn free_port() -> Result<u16> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|error| error.to_string())
}
