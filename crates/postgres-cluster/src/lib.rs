//! A temporary PostgreSQL cluster on a free port of this machine, for tests and trials.
//!
//! A small watcher process stops the cluster, and removes its folder unless it is to be kept, when the
//! process that created it has ended, in whatever way.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for a start.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Durability of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged commit survives a crash (PostgreSQL's default).
    Full,
    /// Faster: commits may be lost in a crash.
    None,
}

/// A running cluster, stopped when it is dropped.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    account: Option<(u32, u32)>,
    port: u16,
    durability: Durability,
    kept: bool,
    server: Option<Child>,
}

impl Cluster {
    /// Creates a cluster in a new folder and starts it. The folder is removed in the end.
    ///
    /// # Errors
    /// PostgreSQL's programs are not found (set `PG_BIN` to their folder) or fail.
    pub fn start(folder: &Path, durability: Durability) -> io::Result<Self> {
        Self::start_in(folder, durability, false)
    }

    /// Starts the cluster of this folder, which is created if there is none yet, and kept in the end.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn open(folder: &Path, durability: Durability) -> io::Result<Self> {
        Self::start_in(folder, durability, true)
    }

    fn start_in(folder: &Path, durability: Durability, kept: bool) -> io::Result<Self> {
        let missing = "PostgreSQL server programs: set PG_BIN to their folder";
        let programs = find_programs().ok_or_else(|| io::Error::other(missing))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let account = unprivileged_account();
        std::fs::create_dir_all(folder)?;
        if let Some((user, group)) = account {
            std::os::unix::fs::chown(folder, Some(user), Some(group))?;
        }
        let folder = folder.to_owned();
        let mut cluster = Self { programs, folder, account, port, durability, kept, server: None };
        if !cluster.data().join("PG_VERSION").exists() {
            cluster.create()?;
        }
        cluster.restart()?;
        Ok(cluster)
    }

    fn create(&self) -> io::Result<()> {
        let mut initdb = self.program("initdb");
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]);
        run_checked(initdb.arg("--no-sync").arg("-D").arg(self.data())).map(drop)
    }

    /// Returns the URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates an empty database.
    ///
    /// # Errors
    /// `CREATE DATABASE` fails.
    pub fn create_database(&self, name: &str) -> io::Result<()> {
        self.sql("postgres", &format!("CREATE DATABASE {name}")).map(drop)
    }

    /// Runs a statement with psql and returns its output.
    ///
    /// # Errors
    /// The statement fails.
    pub fn sql(&self, database: &str, statement: &str) -> io::Result<String> {
        let mut psql = self.program("psql");
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        psql.args(["--dbname", &self.url(database), "--command", statement]);
        let output = run_checked(&mut psql)?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Starts the stopped or crashed cluster and waits until it accepts connections.
    ///
    /// # Errors
    /// It does not start in time.
    pub fn restart(&mut self) -> io::Result<()> {
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        postgres.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        postgres.args(["-c", "max_connections=400"]);
        if self.durability == Durability::None {
            postgres.args(["-c", "fsync=off", "-c", "synchronous_commit=off"]);
            postgres.args(["-c", "full_page_writes=off"]);
            // Hundreds of short-lived databases would keep its workers starting all the time.
            postgres.args(["-c", "autovacuum=off"]);
        }
        let server = postgres.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        spawn_watcher(server.id(), (!self.kept).then_some(&self.folder))?;
        self.server = Some(server);
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.is_ready() {
            if Instant::now() > deadline {
                return Err(io::Error::other("PostgreSQL does not start"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Stops it immediately, like a crash: running transactions are lost, and the next start runs recovery.
    ///
    /// # Errors
    /// The signal can not be sent.
    pub fn crash(&mut self) -> io::Result<()> {
        self.end("-QUIT")
    }

    /// Stops it properly: connections are closed, and the next start needs no recovery.
    ///
    /// # Errors
    /// The signal can not be sent.
    pub fn stop(&mut self) -> io::Result<()> {
        self.end("-INT")
    }

    fn end(&mut self, signal: &str) -> io::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        run_checked(Command::new("kill").args([signal, &server.id().to_string()]))?;
        server.wait().map(drop)
    }

    fn is_ready(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
            && run_checked(
                self.program("pg_isready")
                    .args(["-h", "127.0.0.1", "-p"])
                    .arg(self.port.to_string()),
            )
            .is_ok()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // If this fails, the watcher stops it.
        let _ = if self.kept { self.stop() } else { self.crash() };
    }
}

fn run_checked(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let name = command.get_program().to_string_lossy().into_owned();
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{name}: {said}")))
}

#[allow(clippy::zombie_processes, reason = "it outlives this process")]
fn spawn_watcher(server: u32, removed: Option<&PathBuf>) -> io::Result<()> {
    let parent = std::process::id();
    let remove = removed.map(|folder| format!("; sleep 2; rm -rf '{}'", folder.display()));
    let script = format!(
        "while kill -0 {parent} 2>/dev/null; do kill -0 {server} 2>/dev/null || exit; sleep 0.5; done; \
         kill -INT {server}{}",
        remove.unwrap_or_default()
    );
    let mut watcher = Command::new("sh");
    watcher.args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    watcher.process_group(0).spawn().map(drop)
}

/// Returns the account to run as if this process is root, because PostgreSQL refuses to run as root.
fn unprivileged_account() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let account = |name: &str| id(&["-u", name]).zip(id(&["-g", name]));
    account("postgres").or_else(|| account("nobody"))
}

fn find_programs() -> Option<PathBuf> {
    let given = std::env::var_os("PG_BIN").map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    given
        .into_iter()
        .chain(versions.into_iter().rev())
        .chain(in_path)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
