//! What the parts of a run share: the plan, the data sets, and servers on them.

use crate::Result;
use crate::data::DataSet;
use crate::data_folder::DataFolder;
use crate::plan::{BenchPlan, Database};
use crate::process::Server;
use crate::server_under_test::{self, ServerUnderTest};

/// One run.
#[derive(Debug)]
pub struct Bench {
    pub plan: BenchPlan,
    pub server: ServerUnderTest,
    pub data: DataFolder,
}

/// A server that runs on a data set. It is stopped when this value is dropped.
#[derive(Debug)]
pub struct RunningServer {
    pub data: DataSet,
    pub server: Server,
    /// An access token of the first account.
    pub token: String,
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // If this fails, the process is killed.
        let _ = self.server.stop();
    }
}

impl Bench {
    /// Returns the data set of a database and size.
    ///
    /// # Errors
    /// It can not be filled.
    pub fn data_set(&mut self, database: Database, jobs: u32) -> Result<DataSet> {
        self.data.data_set(&self.server, database, jobs)
    }

    /// An empty database, which the server has not seen.
    ///
    /// # Errors
    /// It can not be created.
    pub fn empty_data_set(&mut self, database: Database) -> Result<DataSet> {
        self.data.empty(database)
    }

    /// Starts the server on the data set of a database and size, and signs in.
    ///
    /// # Errors
    /// It does not start.
    pub fn serve(&mut self, database: Database, jobs: u32) -> Result<RunningServer> {
        let data = self.data_set(database, jobs)?;
        self.serve_data(data)
    }

    /// Starts the server on this data set and signs in.
    ///
    /// # Errors
    /// It does not start.
    pub fn serve_data(&self, data: DataSet) -> Result<RunningServer> {
        let server = self.server.start(&data)?;
        let token = server_under_test::sign_in(server.address)?;
        Ok(RunningServer { data, server, token })
    }

    /// Starts a server for each size.
    ///
    /// # Errors
    /// One does not start.
    pub fn serve_all_sizes(&mut self, database: Database) -> Result<Vec<RunningServer>> {
        let sizes = self.plan.sizes.clone();
        sizes.into_iter().map(|jobs| self.serve(database, jobs)).collect()
    }
}
