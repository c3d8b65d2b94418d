//! HTTP server and periodic tasks of the process.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use api::{AppState, RateLimits, SecurityHeaders};
use db::Db;
use services::encryption::Cipher;
use services::photos::PhotoStore;
use services::storage_alerts::StorageAlerts;
use services::{clock_repair, housekeeping, jobs, technician_registrations};

use crate::shutdown;
use crate::spa::{self, SpaSource};

/// How often expired rows and files are deleted.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(3_600);

/// How often the counters of inactive callers are deleted. Until then requests from many addresses
/// take memory.
const RATE_LIMIT_CLEANUP_INTERVAL: Duration = Duration::from_secs(10);

/// How often free memory is given back to the system after uploads.
const MEMORY_TRIM_INTERVAL: Duration = Duration::from_secs(2);

/// How often due times of jobs are checked.
const SLA_CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// Options of the HTTP server.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Worker threads; one per core by default.
    pub workers: Option<usize>,
    pub spa: SpaSource,
}

/// Builds the server on a bound listener. It must be called within an actix system.
///
/// # Errors
/// The listener can not be used.
pub fn build_server(
    listener: TcpListener,
    state: AppState,
    options: &ServeOptions,
) -> std::io::Result<Server> {
    let limits = RateLimits::new(&state.config);
    actix_web::rt::spawn(run_rate_limit_cleanup(limits.clone()));
    let headers = Data::new(SecurityHeaders::new(&state.config));
    let unread_limit = state.config.unread_timeout;
    let state = Data::new(state);
    actix_web::rt::spawn(run_memory_trim(state.clone()));
    let spa = Data::new(options.spa.clone());
    let factory = move || {
        App::new()
            .app_data(spa.clone())
            .app_data(headers.clone())
            .configure(api::configure(state.clone(), limits.clone()))
            .default_service(web::get().to(spa::serve))
            .wrap(from_fn(api::add_security_headers))
    };
    let mut server = HttpServer::new(factory)
        .disable_signals()
        .shutdown_timeout(shutdown::GRACE_PERIOD_SECONDS)
        .on_connect(move |io, extensions| api::configure_connection(io, extensions, unread_limit));
    if let Some(workers) = options.workers {
        server = server.workers(workers);
    }
    Ok(server.listen(listener)?.run())
}

/// How often the photo folder is checked.
const STORAGE_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Checks the photo folder and notifies the administrators of storage faults and recovery, until the
/// process ends.
pub async fn run_storage_checks(db: Db, photos: PhotoStore) {
    let mut tick = tokio::time::interval(STORAGE_CHECK_INTERVAL);
    let mut alerts = StorageAlerts::default();
    loop {
        tick.tick().await;
        let store = photos.clone();
        // A network folder may respond slowly.
        let _ = tokio::task::spawn_blocking(move || store.check_health()).await;
        if let Err(error) = alerts.notify_changes(&db, photos.health().fault()).await {
            log::error!("the state of the storage could not be told: {error}");
        }
    }
}

/// Checks the due times of jobs, and repairs times in the future that a wrong clock has left, until the
/// process ends.
pub async fn run_time_checks(db: Db) {
    let mut tick = tokio::time::interval(SLA_CHECK_INTERVAL);
    loop {
        tick.tick().await;
        if let Err(error) = db.write(clock_repair::repair).await {
            log::error!("times in the future were not brought back: {error}");
        }
        if let Err(error) = db.write(jobs::send_sla_alerts).await {
            log::error!("watching the due times failed: {error}");
        }
    }
}

async fn run_rate_limit_cleanup(limits: RateLimits) {
    let mut tick = tokio::time::interval(RATE_LIMIT_CLEANUP_INTERVAL);
    loop {
        tick.tick().await;
        limits.evict_idle();
    }
}

async fn run_memory_trim(state: Data<AppState>) {
    let mut tick = tokio::time::interval(MEMORY_TRIM_INTERVAL);
    loop {
        tick.tick().await;
        state.release_free_memory().await;
    }
}

/// Deletes expired rows and files, until the process ends.
pub async fn run_cleanup(db: Db, photos: PhotoStore, cipher: Cipher) {
    let mut tick = tokio::time::interval(CLEANUP_INTERVAL);
    loop {
        tick.tick().await;
        if let Err(error) = housekeeping::delete_all_expired(&db).await {
            log::error!("sweeping failed: {error}");
        }
        if let Err(error) =
            technician_registrations::process_decided_photos(&db, &cipher, &photos).await
        {
            log::error!("photos of applicants were not settled: {error}");
        }
        if let Err(error) = bot::delete_abandoned_registrations(&db, &photos).await {
            log::error!("abandoned registrations were not forgotten: {error}");
        }
    }
}
