//! A PostgreSQL of the test run's own, with a new database for each test.

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::unique;

static CLUSTER: OnceLock<u16> = OnceLock::new();

/// The URL of a new, empty database.
pub fn new_database() -> String {
    let port = *CLUSTER.get_or_init(start);
    let name = format!("test_{}", unique());
    connect(port, "postgres").batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    url(port, &name)
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{database}")
}

fn connect(port: u16, database: &str) -> PgConnection {
    PgConnection::establish(&url(port, database)).unwrap()
}

/// Makes and starts a cluster on a free port. A small watcher ends it when this process is gone,
/// however it went.
#[allow(clippy::zombie_processes, reason = "it runs until this process ends")]
fn start() -> u16 {
    let binaries = binaries().expect("PostgreSQL server programs: set PG_BIN to their folder");
    let folder = std::env::temp_dir().join(format!("isp-test-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let account = unprivileged();
    if let Some((user, group)) = account {
        std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
    }
    let data = folder.join("data");
    let program = |name: &str| {
        let mut command = Command::new(binaries.join(name));
        if let Some((user, group)) = account {
            command.uid(user).gid(group);
        }
        command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null());
        command
    };
    let made = program("initdb")
        .args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ])
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = program("postgres")
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories=", "-c", "max_connections=400"])
        // Nothing here has to survive a power cut.
        .args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    watch(server.id(), &folder);
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err()
        || PgConnection::establish(&url(port, "postgres")).is_err()
    {
        assert!(Instant::now() < deadline, "PostgreSQL does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    port
}

#[allow(clippy::zombie_processes, reason = "it outlives this process")]
fn watch(server: u32, folder: &Path) {
    let parent = std::process::id();
    let script = format!(
        "while kill -0 {parent} 2>/dev/null; do sleep 0.5; done; kill -INT {server}; sleep 2; rm -rf '{}'",
        folder.display()
    );
    Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
}

/// The account to run as: PostgreSQL refuses to run as root.
fn unprivileged() -> Option<(u32, u32)> {
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

fn binaries() -> Option<PathBuf> {
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
