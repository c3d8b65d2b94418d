//! Worker that delivers the messages of one channel.

mod housekeeping;
mod state;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use services::{BackgroundWorker, Db, Tx};
use services::delivery::{self, ClaimedMessage, DeliveryOutcome};
use tokio::sync::watch;
use tokio::task::JoinError;
use tokio::time::Instant;

use crate::channel::Channel;
use crate::circuit_breaker::CircuitEvent;
use crate::delivery::deliver;
use crate::metrics::DeliveryMetrics;
use crate::scheduler::{self, Claimed};
use state::{FinishedDelivery, WorkerState};

/// How often the outbox is read without a wake-up: one of another server can get lost.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long an address waits for a delivery that never ends. Its claim has expired by then.
const MAX_DELIVERY_TIME: Duration = Duration::from_secs(35);
/// Attempts to store an outcome. If all fail, the claim expires.
const MAX_STORE_ATTEMPTS: u32 = 5;

/// The worker of one channel in one server process.
pub struct DeliveryWorker<C> {
    pub db: Db,
    pub channel: Arc<C>,
    pub metrics: DeliveryMetrics,
    /// Identifies this process among the servers of the installation.
    pub holder: String,
}

impl<C: Channel> DeliveryWorker<C> {
    /// Delivers until `stop` is set, then waits for the running deliveries.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let work = BackgroundWorker::Outbox(self.channel.kind());
        let mut state = WorkerState::new(self.channel.limits(), Instant::now());
        self.recover_interrupted().await;
        while !*stop.borrow() {
            while let Some(finished) = state.running.try_join_next() {
                self.record_finished(&mut state, finished).await;
            }
            self.run_housekeeping(&mut state).await;
            let wake_at = match state.is_leader {
                true => self.dispatch_due(&mut state).await,
                false => state.renew_lease_at,
            };
            let finished = tokio::select! {
                () = self.db.wakeups().wait_for_work(work) => None,
                Some(finished) = state.running.join_next() => Some(finished),
                () = tokio::time::sleep_until(wake_at) => None,
                changed = stop.changed() => match changed {
                    Ok(()) => None,
                    // The sender is gone, so nobody can stop the worker later.
                    Err(_) => break,
                },
            };
            if let Some(finished) = finished {
                self.record_finished(&mut state, finished).await;
            }
        }
        while let Some(finished) = state.running.join_next().await {
            self.record_finished(&mut state, finished).await;
        }
        self.release_leadership().await;
    }

    /// Claims and starts what may leave now. Returns when to look again.
    async fn dispatch_due(&self, state: &mut WorkerState) -> Instant {
        let now = Instant::now();
        state.addresses.remove_expired(now);
        state.retry_times = state.retry_times.split_off(&now);
        let capacity = match state.capacity(now) {
            Ok(capacity) => capacity,
            Err(later) => return later,
        };
        let (channel, wanted) = (self.channel.kind(), capacity.total);
        let claimed = scheduler::claim_next(&self.db, channel, &mut state.turns, capacity).await;
        let batch = match claimed {
            Ok(batch) => batch,
            Err(error) => {
                log::error!("the outbox can not be read: {error}");
                return now + POLL_INTERVAL;
            }
        };
        let is_full = batch.messages.len() == wanted;
        for claimed in batch.messages {
            self.start_delivery(state, claimed);
        }
        if is_full {
            return state.bucket.next();
        }
        let soonest = [state.retry_times.first().copied(), batch.next_free_at];
        soonest.into_iter().flatten().fold(now + POLL_INTERVAL, Instant::min)
    }

    fn start_delivery(&self, state: &mut WorkerState, claimed: Claimed) {
        let Claimed { message, is_reply } = claimed;
        let now = Instant::now();
        state.bucket.take(1);
        state.addresses.start(&message.address, now, now + MAX_DELIVERY_TIME);
        state.running_non_replies += usize::from(!is_reply);
        let (db, channel) = (self.db.clone(), Arc::clone(&self.channel));
        let (metrics, window) = (self.metrics.clone(), Arc::clone(&state.window));
        state.running.spawn(async move {
            let started = Instant::now();
            let outcome = deliver(&db, &channel, &window, &message).await;
            metrics.record(channel.kind(), &outcome, started.elapsed());
            let retry_in = store_outcome(&db, &message, &outcome).await;
            FinishedDelivery { message, is_reply, outcome, retry_in }
        });
    }

    async fn record_finished(
        &self,
        state: &mut WorkerState,
        finished: Result<FinishedDelivery, JoinError>,
    ) {
        let now = Instant::now();
        let finished = match finished {
            Ok(finished) => finished,
            Err(error) => {
                log::error!("a delivery was interrupted: {error}");
                if state.running.is_empty() {
                    state.running_non_replies = 0;
                }
                return;
            }
        };
        let FinishedDelivery { message, is_reply, outcome, retry_in } = finished;
        state.running_non_replies = state.running_non_replies.saturating_sub(usize::from(!is_reply));
        state.changed_messages += i64::from(!message.kind.is_reply());
        if let Some(wait) = retry_in.and_then(|wait| wait.to_std().ok()) {
            state.retry_times.insert(now + wait);
        }
        state.release_address(&message.address, &outcome, now);
        let event = state.breaker.record_outcome(&message.address, &outcome, now);
        self.handle_circuit_event(state, event).await;
    }

    async fn handle_circuit_event(&self, state: &WorkerState, event: CircuitEvent) {
        let channel = self.channel.kind();
        match event {
            CircuitEvent::None => return,
            CircuitEvent::Paused(reason) => {
                log::error!("{}: deliveries are paused ({})", channel.as_str(), reason.as_str());
            }
            CircuitEvent::Closed => {
                log::info!("{}: the channel works again", channel.as_str());
                let retry = move |tx: &mut Tx<'_>| delivery::retry_unreachable_now(tx, channel);
                if let Err(error) = self.db.write_essential(retry).await {
                    log::error!("waiting messages were not made due: {error}");
                }
            }
        }
        self.metrics.set_paused(channel, state.breaker.pause_reason());
    }
}

/// Stores how a delivery ended. Returns the time until the next attempt, if there is one.
async fn store_outcome(
    db: &Db,
    message: &ClaimedMessage,
    outcome: &DeliveryOutcome,
) -> Option<TimeDelta> {
    for attempt in 1..=MAX_STORE_ATTEMPTS {
        let (claimed, ended) = (message.clone(), outcome.clone());
        let store = move |tx: &mut Tx<'_>| delivery::record_outcome(tx, &claimed, &ended);
        match db.write_essential(store).await {
            Ok(wait) => return wait,
            Err(error) => log::error!("the outcome of notification {}: {error}", message.id),
        }
        tokio::time::sleep(POLL_INTERVAL * attempt).await;
    }
    None
}
