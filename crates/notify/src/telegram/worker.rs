//! The worker that delivers what is in the outbox, as fast as the channel allows.

use std::sync::Arc;
use std::time::Duration;

use db::Worker as Bell;
use db::tables::outbox::DueMessage;
use services::delivery::{self, Outcome};
use shared::ChatId;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::health::{Health, News};
use super::metrics::Metrics;
use super::one::{Means, deliver};
use super::pace::{Chats, Gate, Limits, Pace};
use super::pick::{self, Pick, Turns};

/// The bell can fail to ring for the work of another server.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the right to deliver is renewed, or asked for.
const LEAD_EVERY: Duration = Duration::from_secs(5);
/// Longest that a chat waits for a delivery that never ends: then its lease has run out too.
const LONGEST_DELIVERY: Duration = Duration::from_secs(35);
/// Tries to keep how a delivery ended. If all fail, the lease runs out and it is delivered again.
const SETTLE_TRIES: u32 = 5;

/// The worker of one server process.
pub struct Worker {
    pub means: Means,
    pub limits: Limits,
    pub metrics: Metrics,
    /// Names this process among the servers of the installation.
    pub holder: String,
}

/// How one delivery ended.
struct Ended {
    chat: ChatId,
    message: DueMessage,
    answer: bool,
    outcome: Outcome,
    /// Until the next try, if there is one.
    wait: Option<chrono::TimeDelta>,
}

/// What the worker knows while it runs.
struct Desk {
    running: JoinSet<Ended>,
    /// Of these, those that nobody waits for.
    notices: usize,
    pace: Pace,
    gate: Arc<Gate>,
    chats: Chats,
    health: Health,
    turns: Turns,
    /// When messages are due that have to wait.
    alarms: std::collections::BTreeSet<Instant>,
    leads: bool,
    ask_at: Instant,
    sweep_at: Instant,
    /// Messages that moved on since browsers were told.
    moved: i64,
}

impl Worker {
    /// Delivers until it is told to stop, then ends what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let now = Instant::now();
        let mut desk = Desk {
            running: JoinSet::new(),
            notices: 0,
            pace: Pace::new(self.limits.per_second, now),
            gate: Arc::new(Gate::new(self.limits.per_second)),
            chats: Chats::default(),
            health: Health::default(),
            turns: Turns::default(),
            alarms: std::collections::BTreeSet::new(),
            leads: false,
            ask_at: now,
            sweep_at: now,
            moved: 0,
        };
        if let Err(error) = self.means.db.write_essential(delivery::begin).await {
            log::error!("deliveries that broke off can not be taken up: {error}");
        }
        while !*stop.borrow() {
            while let Some(ended) = desk.running.try_join_next() {
                self.note(&mut desk, ended).await;
            }
            self.keep_house(&mut desk).await;
            let next = if desk.leads { self.round(&mut desk).await } else { desk.ask_at };
            let Desk { running, .. } = &mut desk;
            let ended = tokio::select! {
                () = self.means.db.signals().woken(Bell::Outbox) => None,
                Some(ended) = running.join_next() => Some(ended),
                () = tokio::time::sleep_until(next) => None,
                told = stop.changed() => match told {
                    Ok(()) => None,
                    // Whoever could have told it to stop is gone.
                    Err(_) => break,
                },
            };
            if let Some(ended) = ended {
                self.note(&mut desk, ended).await;
            }
        }
        while let Some(ended) = desk.running.join_next().await {
            self.note(&mut desk, ended).await;
        }
        self.step_down().await;
    }

    /// Takes up what may leave now. Returns when to look again.
    async fn round(&self, desk: &mut Desk) -> Instant {
        let now = Instant::now();
        desk.chats.sweep(now);
        desk.alarms = desk.alarms.split_off(&now);
        if let Some(until) = desk.health.paused_until(now) {
            return until;
        }
        let at_once = if desk.health.is_down() { 1 } else { self.limits.at_once };
        let free = at_once.saturating_sub(desk.running.len());
        let wanted = free.min(desk.pace.available(now));
        if free == 0 {
            return now + LOOK_EVERY;
        } else if wanted == 0 {
            return desk.pace.next();
        }
        let kept = self.limits.kept_for_answers.min(at_once - 1);
        let notices = at_once.saturating_sub(kept + desk.notices);
        let pick = Pick { wanted, notices, resting: desk.chats.resting().clone() };
        let picked = match pick::pick(&self.means.db, &mut desk.turns, pick).await {
            Ok(picked) => picked,
            Err(error) => {
                log::error!("the outbox can not be read: {error}");
                return now + LOOK_EVERY;
            }
        };
        let full = picked.taken.len() == wanted;
        for (message, answer) in picked.taken {
            self.begin(desk, message, answer);
        }
        if full {
            return desk.pace.next();
        }
        let soonest = [desk.alarms.first().copied(), picked.chat_free_at];
        soonest.into_iter().flatten().fold(now + LOOK_EVERY, Instant::min)
    }

    fn begin(&self, desk: &mut Desk, message: DueMessage, answer: bool) {
        let Some(chat) = message.chat_id else { return };
        desk.pace.take(1);
        desk.chats.rest_until(chat, Instant::now() + LONGEST_DELIVERY);
        desk.notices += usize::from(!answer);
        let (means, metrics) = (self.means.clone(), self.metrics.clone());
        let gate = Arc::clone(&desk.gate);
        desk.running.spawn(async move {
            let begun = Instant::now();
            let outcome = deliver(&means, &gate, chat, &message).await;
            metrics.delivered(&outcome, begun.elapsed());
            let wait = settle(&means, &message, &outcome).await;
            Ended { chat, message, answer, outcome, wait }
        });
    }

    /// Takes note of how a delivery ended.
    async fn note(&self, desk: &mut Desk, ended: Result<Ended, tokio::task::JoinError>) {
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
        desk.moved += i64::from(!ended.message.kind.is_reply());
        let wait = ended.wait.and_then(|wait| wait.to_std().ok());
        if let Some(wait) = wait {
            desk.alarms.insert(now + wait);
        }
        let rest = match &ended.outcome {
            Outcome::Failed { wait: Some(asked), .. } => asked.to_std().unwrap_or_default(),
            Outcome::Meaningless | Outcome::TooEarly | Outcome::Moved(_) | Outcome::NotLinked => {
                Duration::ZERO
            }
            _ => self.limits.chat_pause,
        };
        desk.chats.rest_until(ended.chat, now + rest.max(Duration::ZERO));
        if desk.health.note(ended.chat, &ended.outcome, now) == News::Back {
            log::info!("Telegram can be reached again");
            if let Err(error) = self.means.db.write_essential(delivery::channel_is_back).await {
                log::error!("waiting messages can not be hastened: {error}");
            }
        }
    }

    /// Renews the right to deliver, takes up what others have left lying, tells browsers.
    async fn keep_house(&self, desk: &mut Desk) {
        let now = Instant::now();
        if desk.ask_at <= now {
            desk.ask_at = now + LEAD_EVERY;
            let holder = self.holder.clone();
            let asked = self.means.db.write_essential(move |tx| delivery::lead(tx, &holder)).await;
            desk.leads = asked.unwrap_or_else(|error| {
                log::error!("the right to deliver can not be had: {error}");
                false
            });
        }
        if !desk.leads || desk.sweep_at > now {
            return;
        }
        desk.sweep_at = now + LOOK_EVERY;
        let moved = std::mem::take(&mut desk.moved);
        if let Err(error) = self.sweep(moved).await {
            log::error!("deliveries that broke off can not be taken up: {error}");
        }
    }

    async fn sweep(&self, moved: i64) -> Result<(), services::Error> {
        let now = self.means.db.clock().now();
        let abandoned = move |conn: &mut db::Conn| delivery::any_abandoned(conn, now);
        if self.means.db.read(abandoned).await? {
            let count = self.means.db.write_essential(delivery::release_abandoned).await?;
            log::warn!("{count} deliveries broke off and are begun anew");
        }
        if moved > 0 {
            self.means.db.write_essential(move |tx| delivery::tell(tx, moved)).await?;
        }
        Ok(())
    }

    async fn step_down(&self) {
        let holder = self.holder.clone();
        let done = self.means.db.write_essential(move |tx| delivery::step_down(tx, &holder)).await;
        if let Err(error) = done {
            log::warn!("the right to deliver could not be given back: {error}");
        }
    }
}

/// Keeps how a delivery ended. Returns the wait until the next try.
async fn settle(
    means: &Means,
    message: &DueMessage,
    outcome: &Outcome,
) -> Option<chrono::TimeDelta> {
    for attempt in 1..=SETTLE_TRIES {
        let (this, how) = (message.clone(), outcome.clone());
        match means.db.write_essential(move |tx| delivery::settle(tx, &this, &how)).await {
            Ok(wait) => return wait,
            Err(error) => log::error!("the end of notification {}: {error}", message.id),
        }
        tokio::time::sleep(LOOK_EVERY * attempt).await;
    }
    None
}
