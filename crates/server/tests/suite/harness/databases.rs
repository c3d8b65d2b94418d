//! Databases of the tests.
//!
//! A test starts from a copy of a migrated database, so that the migrations run once per test run.
//! PostgreSQL databases lie in a cluster that belongs to the test run.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use db::{Db, Purpose, TestClock};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use postgres_cluster::{Cluster, Durability};
use server::bootstrap;
use server::config::{Config, Environment};
use tempfile::TempDir;

use super::{monday_nine, unique};

/// File system in memory, where a commit waits for no disk.
const MEMORY_FOLDER: &str = "/dev/shm";
/// Free memory below which the disk is used.
const MIN_FREE_BYTES: u64 = 1024 * 1024 * 1024;
/// Migrated PostgreSQL database that others are copied from.
const TEMPLATE: &str = "template_migrated";

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// Content of a migrated SQLite file.
static SQLITE_TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = temp_dir();
    let path = folder.path().join("isp.db");
    let _db = open(&sqlite_url(&path));
    let copy = folder.path().join("copy.db");
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
    fs::read(copy).unwrap()
});

static POSTGRES_TEMPLATE: LazyLock<()> = LazyLock::new(|| {
    run_sql(&format!("CREATE DATABASE {TEMPLATE}"));
    drop(open(&cluster().url(TEMPLATE)));
    // A database with connections cannot be copied.
    run_sql(&format!("ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false"));
    run_sql(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'"
    ));
});

/// Creates a folder that is deleted with the returned value, in memory if there is enough.
pub fn temp_dir() -> TempDir {
    let has_room = fs4::available_space(MEMORY_FOLDER).is_ok_and(|free| free > MIN_FREE_BYTES);
    if has_room { tempfile::tempdir_in(MEMORY_FOLDER) } else { tempfile::tempdir() }.unwrap()
}

/// Creates a migrated SQLite file at this path and returns its URL.
pub fn new_sqlite_database(path: &Path) -> String {
    fs::write(path, &*SQLITE_TEMPLATE).unwrap();
    sqlite_url(path)
}

/// Creates a migrated PostgreSQL database and returns its URL.
pub fn new_postgres_database() -> String {
    LazyLock::force(&POSTGRES_TEMPLATE);
    create_postgres_database(&format!("TEMPLATE {TEMPLATE}"))
}

/// Creates an empty PostgreSQL database and returns its URL.
pub fn new_empty_postgres_database() -> String {
    create_postgres_database("")
}

fn create_postgres_database(options: &str) -> String {
    let name = format!("test_{}", unique());
    run_sql(&format!("CREATE DATABASE {name} {options}"));
    cluster().url(&name)
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// Opens a database with the default configuration, which migrates it.
fn open(url: &str) -> Db {
    let pairs = [("DATABASE_URL".to_owned(), url.to_owned())];
    let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
    let clock = Arc::new(TestClock::at(monday_nine()));
    bootstrap::open_database_with_clock(&config, Purpose::Command, clock).unwrap()
}

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("isp-test-pg-{}", std::process::id()));
        Cluster::start(&folder, Durability::None).unwrap()
    })
}

/// Runs a statement outside of the databases of the tests.
fn run_sql(sql: &str) {
    let mut conn = PgConnection::establish(&cluster().url("postgres")).unwrap();
    conn.batch_execute(sql).unwrap();
}
