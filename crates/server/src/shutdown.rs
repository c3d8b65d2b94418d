//! Graceful shutdown with a time limit.

use std::time::Duration;

use actix_web::dev::Server;
use actix_web::rt::signal;
use api::ShutdownSignal;

use crate::telegram_runtime::TelegramRuntime;

/// Time for requests and deliveries under way, in seconds. Whoever starts servers waits no longer than ten
/// before it kills them; all is done within five.
pub const GRACE_PERIOD_SECONDS: u64 = 3;

/// Runs the server until the process is told to stop. Then live connections are closed at once, requests
/// and deliveries that are under way get [`LIMIT_SECONDS`].
///
/// # Errors
/// The server fails.
pub async fn run_until_signal(
    server: Server,
    stopping: ShutdownSignal,
    telegram: Option<TelegramRuntime>,
) -> std::io::Result<()> {
    let handle = server.handle();
    let told = stopping.clone();
    actix_web::rt::spawn(async move {
        wait_for_signal().await;
        log::info!("stopping");
        told.trigger();
        handle.stop(true).await;
    });
    let deliveries = async {
        stopping.triggered().await;
        if let Some(telegram) = telegram {
            telegram.stop(Duration::from_secs(GRACE_PERIOD_SECONDS)).await;
        }
    };
    let serving = async {
        let served = server.await;
        // A server that ended by itself takes the rest with it.
        stopping.trigger();
        served
    };
    let (served, ()) = tokio::join!(serving, deliveries);
    served
}

/// SIGINT or SIGTERM.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = signal::ctrl_c().await;
}
