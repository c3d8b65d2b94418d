//! Clock for relative times such as "3 minutes ago".

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::organisation_time;

const TICK_MS: u32 = 20_000;

static NOW: LazyLock<ArcRwSignal<DateTime<Utc>>> =
    LazyLock::new(|| ArcRwSignal::new(organisation_time::now()));

/// Returns the time of the server, updated every few seconds. Tracks.
pub fn now() -> DateTime<Utc> {
    NOW.get()
}

/// Starts the clock.
pub fn start_clock() {
    spawn_local(async {
        loop {
            TimeoutFuture::new(TICK_MS).await;
            NOW.set(organisation_time::now());
        }
    });
}
