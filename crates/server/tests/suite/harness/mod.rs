//! Test harness: one in-process server per test, with a new database, a free port and a fixed clock.

pub mod client;
mod databases;
mod fixtures;
pub mod log_watch;
pub mod server_process;
pub mod telegram;

pub use client::Client;
pub use databases::{
    new_empty_postgres_database, new_postgres_database, new_sqlite_database, temp_dir,
};
pub use fixtures::*;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use api::AppState;
use chrono::{DateTime, Utc};
use db::{Db, Purpose, TestClock};
use notify::ChannelLimits;
use server::bootstrap;
use server::config::{Config, Environment};
use server::serve::{self, ServeOptions};
use server::spa::SpaSource;
use services::auth::passwords::{self, Hasher};
use services::encryption::Cipher;
use services::photos::{self, PhotoStore};
use services::users;
use shared::Role;
use shared::session::LoginRequest;
use shared::user::NewUser;
use tempfile::TempDir;

/// A password that satisfies the policy.
pub const PASSWORD: &str = "Sawah-Hijau-123";

/// Secret of the access tokens of every test server.
pub const JWT_SECRET: &str = "rahasia khusus untuk pengujian, 32+";

/// Lowest bcrypt cost.
const COST: u32 = 4;

/// Database that a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Running server.
pub struct TestApp {
    pub base: String,
    pub db: Db,
    pub clock: TestClock,
    /// Also counts the computed hashes.
    pub hasher: Hasher,
    /// Cipher of the server's configuration.
    pub cipher: Cipher,
    backend: Backend,
    /// Folder of the database file and the photos, deleted after the test.
    pub dir: TempDir,
    /// Value of `DATABASE_URL`.
    pub database_url: String,
    /// Folder of the photos.
    pub uploads: PathBuf,
    /// Photo store of the server.
    pub photos: PhotoStore,
    http: reqwest::Client,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// Start time of fixed clocks: Monday, 9:00 in Jakarta.
pub fn monday_nine() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-23T09:00:00+07:00").unwrap().with_timezone(&Utc)
}

/// Where a server stores its data.
struct DataLocation {
    backend: Backend,
    dir: TempDir,
    database_url: String,
    uploads: PathBuf,
    purpose: Purpose,
}

impl DataLocation {
    /// Creates a migrated database, and a folder for everything else.
    fn new(backend: Backend) -> Self {
        let dir = temp_dir();
        let database_url = match backend {
            Backend::Sqlite => new_sqlite_database(&dir.path().join("isp.db")),
            Backend::Postgres => new_postgres_database(),
        };
        let uploads = dir.path().join("uploads");
        Self { backend, dir, database_url, uploads, purpose: Purpose::Serve }
    }
}

impl TestApp {
    /// Starts a server on a new database.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, &[]).await
    }

    /// Starts a server with environment variables; `{base}` in them becomes its address.
    pub async fn start_with(backend: Backend, variables: &[(&str, &str)]) -> Self {
        Self::start_with_state(backend, variables, |_| {}).await
    }

    /// Starts a server with environment variables and changes to its state.
    pub async fn start_with_state(
        backend: Backend,
        variables: &[(&str, &str)],
        tune: impl FnOnce(&mut AppState),
    ) -> Self {
        let clock = TestClock::at(monday_nine());
        Self::start_on(DataLocation::new(backend), clock, variables, telegram::fast(), tune).await
    }

    /// Starts a server that does not lock its SQLite file, so that a server process can use the file
    /// too.
    pub async fn start_without_lock(backend: Backend) -> Self {
        let location = DataLocation { purpose: Purpose::Command, ..DataLocation::new(backend) };
        let clock = TestClock::at(monday_nine());
        Self::start_on(location, clock, &[], telegram::fast(), |_| {}).await
    }

    /// Starts a server on a new database with a running clock.
    pub async fn start_with_running_clock(
        backend: Backend,
        variables: &[(&str, &str)],
        limits: ChannelLimits,
    ) -> Self {
        let clock = TestClock::running();
        Self::start_on(DataLocation::new(backend), clock, variables, limits, |_| {}).await
    }

    /// Starts another server on the same database and photos, with the same clock. On SQLite it
    /// ignores the lock of the file.
    pub async fn start_instance(&self, variables: &[(&str, &str)]) -> Self {
        let location = DataLocation {
            backend: self.backend,
            dir: temp_dir(),
            database_url: self.database_url.clone(),
            uploads: self.uploads.clone(),
            purpose: Purpose::Command,
        };
        Self::start_on(location, self.clock.clone(), variables, telegram::fast(), |_| {}).await
    }

    async fn start_on(
        location: DataLocation,
        clock: TestClock,
        variables: &[(&str, &str)],
        limits: ChannelLimits,
        tune: impl FnOnce(&mut AppState),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let DataLocation { backend, dir, database_url: url, uploads, purpose } = location;
        let uploads_url = format!("file://{}", uploads.display());
        let defaults = [
            ("DATABASE_URL", url.as_str()),
            ("UPLOADS_URL", &uploads_url),
            ("JWT_SECRET", JWT_SECRET),
            ("RATE_LIMIT_MAX_REQUESTS", "1000000"),
        ];
        let pairs = defaults.iter().chain(variables);
        let pairs = pairs.map(|(name, value)| ((*name).to_owned(), value.replace("{base}", &base)));
        let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
        let db = bootstrap::open_database_with_clock(&config, purpose, Arc::new(clock.clone()));
        let db = db.unwrap();
        bootstrap::encrypt_plaintext(&db, &config).await.unwrap();
        let cipher = config.encryption.clone();
        let photos = bootstrap::open_photo_store(&db, &config).await.unwrap();
        let mut state = bootstrap::build_state(db.clone(), &config, photos.clone(), COST);
        state.config.login_attempts_per_minute = 10_000;
        state.config.registrations_per_ten_minutes = 10_000;
        tune(&mut state);
        let hasher = state.hasher.clone();
        let (ready, started) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                // Its tasks end with the thread, as if the process had been killed.
                let _running =
                    server::telegram_runtime::start(&config, &mut state, limits).unwrap();
                let options = ServeOptions { workers: Some(1), spa: SpaSource::Embedded };
                let server = serve::build_server(listener, state, &options).unwrap();
                ready.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = started.recv().unwrap();
        Self {
            base,
            db,
            clock,
            hasher,
            cipher,
            backend,
            dir,
            database_url: url,
            uploads,
            photos,
            http: client::http_client(),
            handle,
            thread: Some(thread),
        }
    }

    /// Creates an anonymous client.
    pub fn anonymous(&self) -> Client {
        Client::with_http(self.http.clone(), &self.base)
    }

    /// Creates a user with this role and signs in.
    pub async fn sign_in_as(&self, role: Role) -> Client {
        let username = format!("{role}.{}", unique());
        let new = NewUser { username: username.clone(), name: format!("Orang {role}"), role };
        let hash = passwords::hash(PASSWORD, COST).unwrap();
        self.db.write(move |tx| users::create_by_system(tx, &new, &hash)).await.unwrap();
        self.sign_in(&username, PASSWORD).await
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Client {
        let request =
            LoginRequest { username: username.into(), password: password.into(), otp: None };
        self.anonymous().signed_in(&request).await
    }
}

impl TestApp {
    /// Lists the photo files below the upload folder.
    pub fn photo_files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.uploads.clone()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                let is_mark = path.file_name().is_some_and(|name| name == photos::MARKER_FILE);
                match path.is_dir() {
                    true => folders.push(path),
                    false if is_mark => {}
                    false => files.push(path),
                }
            }
        }
        files
    }

    /// Stops the server at once. The database stays.
    pub fn kill(&mut self) {
        // The command is sent at once; the future only waits for the end.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns a number that is unique in this process.
pub fn unique() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Runs each of these tests on both databases. Tests after `starting:` get the [`harness::Backend`]
/// and start the server themselves; the others get a [`harness::TestApp`].
#[macro_export]
macro_rules! on_both_databases {
    (starting: $($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::Backend::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::Backend::Postgres).await;
            })+
        }
    };
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::TestApp::start($crate::harness::Backend::Sqlite).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::TestApp::start($crate::harness::Backend::Postgres).await).await;
            })+
        }
    };
}
