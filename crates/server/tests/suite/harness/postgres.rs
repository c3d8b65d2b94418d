//! A PostgreSQL of the test run's own, with a new database for each test.

use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use postgres_cluster::{Cluster, Durability};

use super::unique;

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The URL of a new, empty database.
pub fn new_database() -> String {
    let cluster = CLUSTER.get_or_init(start);
    let name = format!("test_{}", unique());
    let mut conn = PgConnection::establish(&cluster.url("postgres")).unwrap();
    conn.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    cluster.url(&name)
}

fn start() -> Cluster {
    let folder = std::env::temp_dir().join(format!("isp-test-pg-{}", std::process::id()));
    Cluster::start(&folder, Durability::None).unwrap()
}
