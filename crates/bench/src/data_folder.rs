//! The folder that keeps data sets between runs.

use std::fs;
use std::path::{Path, PathBuf};

use postgres_cluster::{Cluster, Durability};

use crate::data::{DataSet, Store};
use crate::plan::Database;
use crate::progress::log_progress;
use crate::server_under_test::ServerUnderTest;
use crate::{Result, seed};

/// Written into the folder of a data set when it is complete.
const COMPLETE_MARKER: &str = "complete";
/// A data set is filled again when the measurements have added more than this share to its jobs.
const LARGEST_DRIFT: i64 = 10;

/// Data sets of one version of the schema, and the PostgreSQL cluster that has some of them.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    cluster: Option<Cluster>,
}

impl DataFolder {
    /// Opens the data sets for the server's version of the schema, and removes those of other versions.
    ///
    /// # Errors
    /// The server does not start, or the folder can not be written.
    pub fn open(parent: &Path, server: &ServerUnderTest) -> Result<Self> {
        let version = schema_version(server)?;
        let root = parent.join(&version);
        remove_other_versions(parent, &version)?;
        fs::create_dir_all(&root).map_err(|error| format!("{}: {error}", root.display()))?;
        Ok(Self { root, cluster: None })
    }

    /// Returns a filled data set; fills it if there is none, or if too much was added to it.
    ///
    /// # Errors
    /// The database can not be filled.
    pub fn data_set(
        &mut self,
        server: &ServerUnderTest,
        database: Database,
        jobs: u32,
    ) -> Result<DataSet> {
        let data = self.locate(database, jobs)?;
        let folder = data.uploads.parent().unwrap_or(&self.root).to_owned();
        if folder.join(COMPLETE_MARKER).exists() && !has_drifted(&data)? {
            return Ok(data);
        }
        self.recreate(&data, &folder)?;
        server.start(&data)?.stop()?;
        let took = seed::fill(&data)?;
        fs::write(folder.join(COMPLETE_MARKER), "").map_err(|error| error.to_string())?;
        log_progress(&format!(
            "{database} with {jobs} jobs: filled in {:.1} s",
            took.as_secs_f64()
        ));
        Ok(data)
    }

    /// An empty database, which the server has not seen.
    ///
    /// # Errors
    /// It can not be created.
    pub fn empty(&mut self, database: Database) -> Result<DataSet> {
        let data = self.locate(database, 0)?;
        let folder = data.uploads.parent().unwrap_or(&self.root).to_owned();
        self.recreate(&data, &folder)?;
        Ok(data)
    }

    /// Removes all data sets.
    ///
    /// # Errors
    /// The files can not be removed.
    pub fn discard(self) -> Result {
        drop(self.cluster);
        fs::remove_dir_all(&self.root).map_err(|error| format!("{}: {error}", self.root.display()))
    }

    fn locate(&mut self, database: Database, jobs: u32) -> Result<DataSet> {
        let name = format!("{database}_{jobs}").to_lowercase();
        let folder = self.root.join(&name);
        let store = match database {
            Database::Sqlite => Store::Sqlite(folder.join("isp.db")),
            Database::Postgres => Store::Postgres(self.cluster()?.url(&name)),
        };
        Ok(DataSet { database, jobs, store, uploads: folder.join("uploads") })
    }

    fn cluster(&mut self) -> Result<&mut Cluster> {
        if self.cluster.is_none() {
            let opened = Cluster::open(&self.root.join("cluster"), Durability::Full);
            self.cluster = Some(opened.map_err(|error| format!("PostgreSQL: {error}"))?);
        }
        self.cluster.as_mut().ok_or_else(|| "PostgreSQL is not running".to_owned())
    }

    fn recreate(&mut self, data: &DataSet, folder: &Path) -> Result {
        let words = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(words)?;
        }
        fs::create_dir_all(folder).map_err(words)?;
        if data.database == Database::Postgres {
            let name = format!("{}_{}", data.database, data.jobs).to_lowercase();
            let cluster = self.cluster()?;
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            cluster.sql("postgres", &drop).map_err(words)?;
            cluster.create_database(&name).map_err(words)?;
        }
        Ok(())
    }
}

/// The migrations that this server has, as a name for a folder.
fn schema_version(server: &ServerUnderTest) -> Result<String> {
    let scratch = DataSet {
        database: Database::Sqlite,
        jobs: 0,
        store: Store::Sqlite(server.folder.join("schema.db")),
        uploads: server.folder.join("schema-uploads"),
    };
    server.start(&scratch)?.stop()?;
    let query = "SELECT max(version) || '-' || count(*) AS value FROM __diesel_schema_migrations";
    let newest = scratch.store.texts(query)?.pop().unwrap_or_default();
    Ok(format!("{newest}-{}", seed::VERSION))
}

fn remove_other_versions(parent: &Path, version: &str) -> Result {
    let Ok(entries) = fs::read_dir(parent) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str() != Some(version)) {
        // Nothing but what this program has written.
        if entry.file_name().to_string_lossy().ends_with(seed::VERSION_SUFFIX) {
            fs::remove_dir_all(entry.path()).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// Whether earlier measurements have added many jobs.
fn has_drifted(data: &DataSet) -> Result<bool> {
    let newest = data.store.numbers("SELECT max(id) AS value FROM jobs")?.pop().unwrap_or_default();
    let jobs = i64::from(data.jobs);
    Ok(newest > jobs + jobs / LARGEST_DRIFT)
}
