//! The worker that delivers what is in the outbox, as fast as the channel allows.

use std::sync::Arc;
use std::time::Duration;

use services::BackgroundWorker as Bell;
use services::Conn;
use services::delivery::ClaimedMessage;
use services::delivery::{self, DeliveryOutcome};
use shared::ChatId;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::circuit_breaker::{CircuitBreaker, CircuitEvent};
use crate::delivery::{DeliveryDeps, deliver};
use crate::metrics::DeliveryMetrics;
use crate::rate_limiter::{AddressCooldowns, ChannelLimits, SlidingWindow, TokenBucket};
use crate::scheduler::{self, Capacity, RoundRobin};

/// The bell can fail to ring for the work of another server.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How often the right to deliver is renewed, or asked for.
const LEASE_RENEWAL_INTERVAL: Duration = Duration::from_secs(5);
/// Longest that a chat waits for a delivery that never ends: then its lease has run out too.
const MAX_DELIVERY_TIME: Duration = Duration::from_secs(35);
/// Tries to keep how a delivery ended. If all fail, the lease runs out and it is delivered again.
const MAX_STORE_ATTEMPTS: u32 = 5;

/// The worker of one server process.
pub struct DeliveryWorker {
    pub deps: DeliveryDeps,
    pub limits: ChannelLimits,
    pub metrics: DeliveryMetrics,
    /// Names this process among the servers of the installation.
    pub holder: String,
}

/// How one delivery ended.
struct FinishedDelivery {
    chat: ChatId,
    message: ClaimedMessage,
    answer: bool,
    outcome: DeliveryOutcome,
    /// Until the next try, if there is one.
    wait: Option<chrono::TimeDelta>,
}

/// What the worker knows while it runs.
struct WorkerState {
    running: JoinSet<FinishedDelivery>,
    /// Of these, those that nobody waits for.
    notices: usize,
    pace: TokenBucket,
    gate: Arc<SlidingWindow>,
    chats: AddressCooldowns,
    health: CircuitBreaker,
    turns: RoundRobin,
    /// When messages are due that have to wait.
    retry_times: std::collections::BTreeSet<Instant>,
    is_leader: bool,
    renew_lease_at: Instant,
    sweep_at: Instant,
    /// Messages that moved on since browsers were told.
    status_changes: i64,
}

impl DeliveryWorker {
    /// Delivers until it is told to stop, then ends what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let now = Instant::now();
        let mut desk = WorkerState {
            running: JoinSet::new(),
            notices: 0,
            pace: TokenBucket::new(self.limits.per_second, now),
            gate: Arc::new(SlidingWindow::new(self.limits.per_second)),
            chats: AddressCooldowns::default(),
            health: CircuitBreaker::default(),
            turns: RoundRobin::default(),
            retry_times: std::collections::BTreeSet::new(),
            is_leader: false,
            renew_lease_at: now,
            sweep_at: now,
            status_changes: 0,
        };
        if let Err(error) = self.deps.db.write_essential(delivery::recover_interrupted).await {
            log::error!("deliveries that broke off can not be taken up: {error}");
        }
        while !*stop.borrow() {
            while let Some(ended) = desk.running.try_join_next() {
                self.record_outcome(&mut desk, ended).await;
            }
            self.run_housekeeping(&mut desk).await;
            let next = if desk.is_leader {
                self.dispatch_due(&mut desk).await
            } else {
                desk.renew_lease_at
            };
            let WorkerState { running, .. } = &mut desk;
            let ended = tokio::select! {
                () = self.deps.db.wakeups().wait_for_work(Bell::Outbox) => None,
                Some(ended) = running.join_next() => Some(ended),
                () = tokio::time::sleep_until(next) => None,
                told = stop.changed() => match told {
                    Ok(()) => None,
                    // Whoever could have told it to stop is gone.
                    Err(_) => break,
                },
            };
            if let Some(ended) = ended {
                self.record_outcome(&mut desk, ended).await;
            }
        }
        while let Some(ended) = desk.running.join_next().await {
            self.record_outcome(&mut desk, ended).await;
        }
        self.release_leadership().await;
    }

    /// Takes up what may leave now. Returns when to look again.
    async fn dispatch_due(&self, desk: &mut WorkerState) -> Instant {
        let now = Instant::now();
        desk.chats.remove_expired(now);
        desk.retry_times = desk.retry_times.split_off(&now);
        if let Some(until) = desk.health.paused_until(now) {
            return until;
        }
        let at_once = if desk.health.is_open() { 1 } else { self.limits.max_concurrent };
        let free = at_once.saturating_sub(desk.running.len());
        let wanted = free.min(desk.pace.available(now));
        if free == 0 {
            return now + POLL_INTERVAL;
        } else if wanted == 0 {
            return desk.pace.next();
        }
        let kept = self.limits.reserved_for_replies.min(at_once - 1);
        let notices = at_once.saturating_sub(kept + desk.notices);
        let pick = Capacity { wanted, notices, resting: desk.chats.blocked().clone() };
        let picked = match scheduler::claim_next(&self.deps.db, &mut desk.turns, pick).await {
            Ok(picked) => picked,
            Err(error) => {
                log::error!("the outbox can not be read: {error}");
                return now + POLL_INTERVAL;
            }
        };
        let full = picked.taken.len() == wanted;
        for (message, answer) in picked.taken {
            self.start_delivery(desk, message, answer);
        }
        if full {
            return desk.pace.next();
        }
        let soonest = [desk.retry_times.first().copied(), picked.chat_free_at];
        soonest.into_iter().flatten().fold(now + POLL_INTERVAL, Instant::min)
    }

    fn start_delivery(&self, desk: &mut WorkerState, message: ClaimedMessage, answer: bool) {
        let Some(chat) = message.chat_id else { return };
        desk.pace.take(1);
        desk.chats.block_until(chat, Instant::now() + MAX_DELIVERY_TIME);
        desk.notices += usize::from(!answer);
        let (means, metrics) = (self.deps.clone(), self.metrics.clone());
        let gate = Arc::clone(&desk.gate);
        desk.running.spawn(async move {
            let begun = Instant::now();
            let outcome = deliver(&means, &gate, chat, &message).await;
            metrics.record(&outcome, begun.elapsed());
            let wait = store_outcome(&means, &message, &outcome).await;
            FinishedDelivery { chat, message, answer, outcome, wait }
        });
    }

    /// Takes note of how a delivery ended.
    async fn record_outcome(
        &self,
        desk: &mut WorkerState,
        ended: Result<FinishedDelivery, tokio::task::JoinError>,
    ) {
        let now = Instant::now();
        let ended = match ended {
            Ok(ended) => ended,
            Err(error) => {
                log::error!("a delivery broke off: {error}");
                if desk.running.is_empty() {
                    desk.notices = 0;
                }
                return;
            }
        };
        desk.notices = desk.notices.saturating_sub(usize::from(!ended.answer));
        desk.status_changes += i64::from(!ended.message.kind.is_reply());
        let wait = ended.wait.and_then(|wait| wait.to_std().ok());
        if let Some(wait) = wait {
            desk.retry_times.insert(now + wait);
        }
        let rest = match &ended.outcome {
            DeliveryOutcome::Failed { wait: Some(asked), .. } => asked.to_std().unwrap_or_default(),
            DeliveryOutcome::Obsolete
            | DeliveryOutcome::PredecessorInFlight
            | DeliveryOutcome::Redirected(_)
            | DeliveryOutcome::NotLinked => Duration::ZERO,
            _ => self.limits.address_interval,
        };
        desk.chats.block_until(ended.chat, now + rest.max(Duration::ZERO));
        if desk.health.record_outcome(ended.chat, &ended.outcome, now) == CircuitEvent::Closed {
            log::info!("Telegram can be reached again");
            if let Err(error) = self.deps.db.write_essential(delivery::retry_unreachable_now).await
            {
                log::error!("waiting messages can not be hastened: {error}");
            }
        }
    }

    /// Renews the right to deliver, takes up what others have left lying, tells browsers.
    async fn run_housekeeping(&self, desk: &mut WorkerState) {
        let now = Instant::now();
        if desk.renew_lease_at <= now {
            desk.renew_lease_at = now + LEASE_RENEWAL_INTERVAL;
            let holder = self.holder.clone();
            let asked = self
                .deps
                .db
                .write_essential(move |tx| delivery::acquire_leader_lease(tx, &holder))
                .await;
            desk.is_leader = asked.unwrap_or_else(|error| {
                log::error!("the right to deliver can not be had: {error}");
                false
            });
        }
        if !desk.is_leader || desk.sweep_at > now {
            return;
        }
        desk.sweep_at = now + POLL_INTERVAL;
        let moved = std::mem::take(&mut desk.status_changes);
        if let Err(error) = self.release_expired(moved).await {
            log::error!("deliveries that broke off can not be taken up: {error}");
        }
    }

    async fn release_expired(&self, moved: i64) -> Result<(), services::Error> {
        let now = self.deps.db.clock().now();
        let abandoned = move |conn: &mut Conn| delivery::has_expired_claims(conn, now);
        if self.deps.db.read(abandoned).await? {
            let count = self.deps.db.write_essential(delivery::release_expired_claims).await?;
            log::warn!("{count} deliveries broke off and are begun anew");
        }
        if moved > 0 {
            self.deps.db.write_essential(move |tx| delivery::emit_updated(tx, moved)).await?;
        }
        Ok(())
    }

    async fn release_leadership(&self) {
        let holder = self.holder.clone();
        let done = self
            .deps
            .db
            .write_essential(move |tx| delivery::release_leader_lease(tx, &holder))
            .await;
        if let Err(error) = done {
            log::warn!("the right to deliver could not be given back: {error}");
        }
    }
}

/// Keeps how a delivery ended. Returns the wait until the next try.
async fn store_outcome(
    means: &DeliveryDeps,
    message: &ClaimedMessage,
    outcome: &DeliveryOutcome,
) -> Option<chrono::TimeDelta> {
    for attempt in 1..=MAX_STORE_ATTEMPTS {
        let (this, how) = (message.clone(), outcome.clone());
        match means.db.write_essential(move |tx| delivery::record_outcome(tx, &this, &how)).await {
            Ok(wait) => return wait,
            Err(error) => log::error!("the end of notification {}: {error}", message.id),
        }
        tokio::time::sleep(POLL_INTERVAL * attempt).await;
    }
    None
}
