//! Listening.

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

/// Between two sweeps of what is no longer needed.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(3_600);

/// Between two sweeps of the counters of callers that have gone quiet. In that time a flood from
/// many addresses grows the memory.
const RATE_LIMIT_CLEANUP_INTERVAL: Duration = Duration::from_secs(10);

/// Between two looks whether uploads have left memory behind.
const MEMORY_TRIM_INTERVAL: Duration = Duration::from_secs(2);

/// Between two looks for jobs whose time runs out.
const SLA_CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// How the HTTP server runs.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Worker threads; one per core when absent.
    pub workers: Option<usize>,
    pub spa: SpaSource,
}

/// Builds the server on a listener that is already bound. Call it within a running system.
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

/// Between two looks at the folder of the photos.
const STORAGE_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Looks at the folder of the photos, and tells those who run the operation when the storage is in
/// trouble and when it is in order again, as long as the process lives.
pub async fn run_storage_checks(db: Db, photos: PhotoStore) {
    let mut tick = tokio::time::interval(STORAGE_CHECK_INTERVAL);
    let mut alerts = StorageAlerts::default();
    loop {
        tick.tick().await;
        let store = photos.clone();
        // A folder on a network may answer slowly.
        let _ = tokio::task::spawn_blocking(move || store.check_health()).await;
        if let Err(error) = alerts.notify_changes(&db, photos.health().fault()).await {
            log::error!("the state of the storage could not be told: {error}");
        }
    }
}

/// Looks for jobs whose time runs out, and for what a clock that was ahead has left, as long as the
/// process lives.
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

/// Sweeps now and then, as long as the process lives.
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
