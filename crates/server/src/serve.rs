//! Listening.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use api::{AppState, RateLimits, SecurityHeaders};
use db::Db;
use services::photos::PhotoStore;
use services::storage_alerts::StorageAlerts;
use services::vault::Vault;
use services::{clock_repair, housekeeping, jobs, registrations};

use crate::shutdown;
use crate::spa::{self, Spa};

/// Between two sweeps of what is no longer needed.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// Between two sweeps of the counters of callers that have gone quiet. In that time a flood from
/// many addresses grows the memory.
const SWEEP_LIMITS_EVERY: Duration = Duration::from_secs(10);

/// Between two looks whether uploads have left memory behind.
const GIVE_BACK_EVERY: Duration = Duration::from_secs(2);

/// Between two looks for jobs whose time runs out.
const WATCH_EVERY: Duration = Duration::from_secs(60);

/// How the HTTP server runs.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Worker threads; one per core when absent.
    pub workers: Option<usize>,
    pub spa: Spa,
}

/// Builds the server on a listener that is already bound. Call it within a running system.
///
/// # Errors
/// The listener can not be used.
pub fn build(
    listener: TcpListener,
    state: AppState,
    options: &ServeOptions,
) -> std::io::Result<Server> {
    let limits = RateLimits::new(&state.config);
    actix_web::rt::spawn(sweep_limits_forever(limits.clone()));
    let headers = Data::new(SecurityHeaders::new(&state.config));
    let unread_limit = state.config.unread_timeout;
    let state = Data::new(state);
    actix_web::rt::spawn(give_memory_back_forever(state.clone()));
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
        .shutdown_timeout(shutdown::LIMIT_SECONDS)
        .on_connect(move |io, extensions| api::configure_connection(io, extensions, unread_limit));
    if let Some(workers) = options.workers {
        server = server.workers(workers);
    }
    Ok(server.listen(listener)?.run())
}

/// Between two looks at the folder of the photos.
const WATCH_FOLDER_EVERY: Duration = Duration::from_secs(1);

/// Looks at the folder of the photos, and tells those who run the operation when the storage is in
/// trouble and when it is in order again, as long as the process lives.
pub async fn watch_storage_forever(db: Db, photos: PhotoStore) {
    let mut tick = tokio::time::interval(WATCH_FOLDER_EVERY);
    let mut alerts = StorageAlerts::default();
    loop {
        tick.tick().await;
        let store = photos.clone();
        // A folder on a network may answer slowly.
        let _ = tokio::task::spawn_blocking(move || store.look()).await;
        if let Err(error) = alerts.tell(&db, photos.health().fault()).await {
            log::error!("the state of the storage could not be told: {error}");
        }
    }
}

/// Looks for jobs whose time runs out, and for what a clock that was ahead has left, as long as the
/// process lives.
pub async fn watch_time_forever(db: Db) {
    let mut tick = tokio::time::interval(WATCH_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = db.write(clock_repair::repair).await {
            log::error!("times in the future were not brought back: {error}");
        }
        if let Err(error) = db.write(jobs::warn).await {
            log::error!("watching the due times failed: {error}");
        }
    }
}

async fn sweep_limits_forever(limits: RateLimits) {
    let mut tick = tokio::time::interval(SWEEP_LIMITS_EVERY);
    loop {
        tick.tick().await;
        limits.evict_idle();
    }
}

async fn give_memory_back_forever(state: Data<AppState>) {
    let mut tick = tokio::time::interval(GIVE_BACK_EVERY);
    loop {
        tick.tick().await;
        state.release_free_memory().await;
    }
}

/// Sweeps now and then, as long as the process lives.
pub async fn sweep_forever(db: Db, photos: PhotoStore, vault: Vault) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = housekeeping::sweep_all(&db).await {
            log::error!("sweeping failed: {error}");
        }
        if let Err(error) = registrations::settle_photos(&db, &vault, &photos).await {
            log::error!("photos of applicants were not settled: {error}");
        }
        if let Err(error) = bot::delete_abandoned_registrations(&db, &photos).await {
            log::error!("abandoned registrations were not forgotten: {error}");
        }
    }
}
