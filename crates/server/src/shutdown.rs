//! Graceful shutdown with a time limit.

use std::time::Duration;

use actix_web::dev::Server;
use actix_web::rt::signal;
use api::ShutdownSignal;

use crate::telegram_runtime::TelegramRuntime;

/// Time for running requests and deliveries, in seconds. Process managers wait ten seconds before they
/// kill a process; everything has ended after five.
pub const GRACE_PERIOD_SECONDS: u64 = 3;

/// Runs the server until the process gets a signal. Then live connections are closed at once, and
/// running requests and deliveries get [`GRACE_PERIOD_SECONDS`].
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
        // If the server ends by itself, everything else ends too.
        stopping.trigger();
        served
    };
    let (served, ()) = tokio::join!(serving, deliveries);
    served
}

/// Waits for SIGINT or SIGTERM.
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
