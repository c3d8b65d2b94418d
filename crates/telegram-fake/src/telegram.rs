//! The running stand-in.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::failures::Failure;
use crate::limits::Limits;
use crate::person::Person;
use crate::server::{Running, listen};
use crate::state::{Logged, Outcome, Pressed, State};

/// The token that the bot needs here.
pub const TOKEN: &str = "700000:uji-coba_bukan-rahasia";

pub(crate) struct Core {
    pub token: String,
    state: Mutex<State>,
    /// Rings whenever something has changed.
    bell: Notify,
    changes: AtomicU64,
}

impl Core {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.bell.notify_waiters();
    }

    /// Comes back with the next change from now on.
    pub fn bell(&self) -> Notified<'_> {
        self.bell.notified()
    }

    /// A number that grows with each change.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

/// How many requests ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub done: usize,
    pub refused: usize,
    pub failed: usize,
    pub answers_lost: usize,
}

/// A Telegram of one's own. Clones are the same one; it ends with the last of them.
#[derive(Clone)]
pub struct FakeTelegram {
    inner: Arc<Inner>,
}

struct Inner {
    core: Arc<Core>,
    port: u16,
    running: Mutex<Option<Running>>,
}

impl FakeTelegram {
    /// Starts on a free port.
    ///
    /// # Panics
    /// No port is to be had.
    pub fn start() -> Self {
        Self::start_on(0)
    }

    /// Starts on this port, 0 for a free one.
    ///
    /// # Panics
    /// The port is taken.
    pub fn start_on(port: u16) -> Self {
        let listener: TcpListener = listen(port);
        let port = listener.local_addr().map_or(port, |address| address.port());
        let core = Arc::new(Core {
            token: TOKEN.into(),
            state: Mutex::new(State::default()),
            bell: Notify::new(),
            changes: AtomicU64::new(0),
        });
        let running = Mutex::new(Some(Running::start(listener, Arc::clone(&core))));
        Self { inner: Arc::new(Inner { core, port, running }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.core.state()
    }

    /// What `TELEGRAM_API_URL` has to be.
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.inner.port)
    }

    /// What `TELEGRAM_BOT_TOKEN` has to be.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// A person with a phone. The number is also that of the chat.
    pub fn person(&self, id: i64, name: &str) -> Person {
        self.inner.core.meet(id, name);
        Person::new(Arc::clone(&self.inner.core), id)
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Logged> {
        self.state().log.clone()
    }

    /// How the requests so far have ended.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for logged in &self.state().log {
            *match logged.outcome {
                Outcome::Done => &mut counts.done,
                Outcome::Refused => &mut counts.refused,
                Outcome::Failed => &mut counts.failed,
                Outcome::AnswerLost => &mut counts.answers_lost,
            } += 1;
        }
        counts
    }

    /// How often the bot has asked for updates.
    pub fn polls(&self) -> u64 {
        self.state().polls
    }

    /// Updates that the bot has not confirmed.
    pub fn unconfirmed(&self) -> usize {
        self.state().queue.len()
    }

    /// Presses that the bot has not answered: the phone still shows that it is busy.
    pub fn unanswered(&self) -> Vec<Pressed> {
        self.state().pressed.clone()
    }

    /// Too much time passes for the presses so far to be answered.
    pub fn expire_presses(&self) {
        self.state().pressed.clear();
    }

    /// The address of the webhook, if the bot has set one.
    pub fn webhook_url(&self) -> Option<String> {
        self.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// The commands that people see in the menu.
    pub fn commands(&self) -> Vec<(String, String)> {
        let state = self.state();
        let menu = state.profile.menu().iter();
        menu.map(|it| (it.command.clone(), it.description.clone())).collect()
    }

    /// A file that was sent, by whomever.
    pub fn file(&self, file_id: &str) -> Option<Vec<u8>> {
        self.state().files.get(file_id).map(|stored| stored.bytes.to_vec())
    }

    /// The next requests of this method (of any, for `None`) fail.
    pub fn fail_next(&self, method: Option<&str>, failure: Failure, times: u32) {
        self.state().failures.next(method, failure, times);
    }

    /// So many of a hundred requests fail, each in one of several ways; 0 ends it.
    pub fn fail_share(&self, percent: u32, seed: u64) {
        self.state().failures.share(percent, seed);
    }

    /// Keeps to limits as Telegram does: who sends faster gets 429.
    pub fn enforce_limits(&self, overall_per_second: u32, per_chat_per_second: u32) {
        self.state().limits = Some(Limits::new(overall_per_second, per_chat_per_second));
    }

    /// How often somebody was faster than the limits.
    pub fn violations(&self) -> u64 {
        self.state().limits.as_ref().map_or(0, |limits| limits.violations)
    }

    /// Tells the bot an update once more, as Telegram does when an answer was lost.
    pub fn redeliver(&self, update_id: i64) {
        self.state().queue.again(update_id);
        self.inner.core.changed();
    }

    /// Tells the bot something that no method here makes; gives the number of the update.
    pub fn tell(&self, kind: &str, content: Value) -> i64 {
        let id = self.state().queue.tell_raw(kind, content);
        self.inner.core.changed();
        id
    }

    /// Tells the bot a whole update; without `update_id` it gets the next one. Gives its number.
    pub fn deliver(&self, update: Value) -> i64 {
        let id = self.state().queue.deliver(update);
        self.inner.core.changed();
        id
    }

    /// From now on nobody answers: connections are refused.
    pub fn go_away(&self) {
        stop(&self.inner.running);
    }

    /// Answers again, at the same address.
    pub fn come_back(&self) {
        let mut running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_none() {
            let listener = listen(self.inner.port);
            *running = Some(Running::start(listener, Arc::clone(&self.inner.core)));
        }
    }
}

impl Core {
    /// Somebody gets a phone, or another name.
    pub fn meet(&self, id: i64, name: &str) {
        let mut state = self.state();
        state.names.insert(id, name.to_owned());
        state.chat(id);
        drop(state);
        self.changed();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        stop(&self.running);
    }
}

fn stop(running: &Mutex<Option<Running>>) {
    let taken = running.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(running) = taken {
        running.stop();
    }
}
