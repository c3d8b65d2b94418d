//! Child processes, without the environment variables that `cargo run` adds.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A failure as one line for the user.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// Creates a failure with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// The result of every task.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Returns an `Err` with this message.
pub fn fail<T>(message: impl Into<String>) -> Result<T> {
    Err(Failure::new(message))
}

/// A command that runs in the repository's root with a clean environment.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(crate::paths::root());
    for (key, _) in env::vars_os() {
        if set_by_cargo_run(&key) {
            command.env_remove(&key);
        }
    }
    if let Some(libraries) = env::var_os("LD_LIBRARY_PATH") {
        let kept: Vec<PathBuf> =
            env::split_paths(&libraries).filter(|dir| !belongs_to_cargo(dir)).collect();
        match env::join_paths(&kept) {
            Ok(joined) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", joined),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// `cargo` of the developer's own toolchain.
pub fn cargo() -> Command {
    command("cargo")
}

fn set_by_cargo_run(key: &OsString) -> bool {
    let Some(key) = key.to_str() else { return false };
    key == "CARGO"
        || key == "CARGO_CRATE_NAME"
        || key == "CARGO_BIN_NAME"
        || key.starts_with("CARGO_PKG_")
        || key.starts_with("CARGO_MANIFEST_")
}

fn belongs_to_cargo(dir: &Path) -> bool {
    dir.as_os_str().is_empty()
        || dir.starts_with(crate::paths::target())
        || dir.components().any(|part| part.as_os_str() == "toolchains")
}

/// Runs a command and shows its output.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        fail(format!("`{}` failed ({status})", describe(command)))
    }
}

/// Runs a command and returns its standard output; its standard error is discarded.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        return fail(format!("`{}` failed ({})", describe(command), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command but kills it after `limit`, for programs that may wait for an unreachable network.
pub fn run_within(command: &mut Command, limit: Duration) -> Result {
    let mut child =
        command.stdin(Stdio::null()).spawn().map_err(|error| cannot_start(command, &error))?;
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() {
                Ok(())
            } else {
                fail(format!("`{}` failed ({status})", describe(command)))
            };
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return fail(format!(
                "`{}` gave no answer within {} s",
                describe(command),
                limit.as_secs()
            ));
        }
        sleep(Duration::from_millis(50));
    }
}

/// Finds a program on `PATH`.
pub fn which(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` can't be started: {error}", command.get_program().to_string_lossy()))
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words =
        vec![program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()];
    words.extend(command.get_args().take(4).map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
