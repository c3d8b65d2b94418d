//! Reloading of data after live events.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::LiveEvent;

use super::live;

/// Events come in bursts, for instance during an import: one load per burst is enough.
const BURST_MS: u32 = 250;

/// Returns a counter that grows after relevant events (once per burst) or a gap in the connection. Make a load track
/// it.
pub fn use_refresh(is_relevant: impl Fn(&LiveEvent) -> bool + 'static) -> RwSignal<u32> {
    let counter = RwSignal::new(0);
    let scheduled = Rc::new(Cell::new(false));
    live::on_event(move |event| {
        let wanted = matches!(event, LiveEvent::Resync) || is_relevant(event);
        if !wanted || scheduled.replace(true) {
            return;
        }
        let scheduled = scheduled.clone();
        spawn_local(async move {
            TimeoutFuture::new(BURST_MS).await;
            scheduled.set(false);
            // The page may be gone by now.
            counter.try_update(|count| *count += 1);
        });
    });
    counter
}
