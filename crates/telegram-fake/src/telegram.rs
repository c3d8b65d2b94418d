//! The running stand-in.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::fault_plan::Fault;
use crate::rate_limits::RateLimits;
use crate::server::{ServerThread, bind};
use crate::state::{LoggedRequest, PendingCallback, RequestOutcome, State};
use crate::test_user::TestUser;

/// The token that the bot needs here.
pub const TOKEN: &str = "700000:uji-coba_bukan-rahasia";

pub(crate) struct SharedState {
    pub token: String,
    state: Mutex<State>,
    /// Rings whenever something has changed.
    change_notify: Notify,
    changes: AtomicU64,
}

impl SharedState {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn notify_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.change_notify.notify_waiters();
    }

    /// Comes back with the next change from now on.
    pub fn next_change(&self) -> Notified<'_> {
        self.change_notify.notified()
    }

    /// A number that grows with each change.
    pub fn change_count(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

/// How many requests ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCounts {
    pub done: usize,
    pub refused: usize,
    pub failed: usize,
    pub responses_lost: usize,
}

/// A Telegram of one's own. Clones are the same one; it ends with the last of them.
#[derive(Clone)]
pub struct FakeTelegram {
    inner: Arc<Inner>,
}

struct Inner {
    core: Arc<SharedState>,
    port: u16,
    running: Mutex<Option<ServerThread>>,
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
        let listener: TcpListener = bind(port);
        let port = listener.local_addr().map_or(port, |address| address.port());
        let core = Arc::new(SharedState {
            token: TOKEN.into(),
            state: Mutex::new(State::default()),
            change_notify: Notify::new(),
            changes: AtomicU64::new(0),
        });
        let running = Mutex::new(Some(ServerThread::start(listener, Arc::clone(&core))));
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
    pub fn user(&self, id: i64, name: &str) -> TestUser {
        self.inner.core.add_user(id, name);
        TestUser::new(Arc::clone(&self.inner.core), id)
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    /// How the requests so far have ended.
    pub fn counts(&self) -> RequestCounts {
        let mut counts = RequestCounts::default();
        for logged in &self.state().log {
            *match logged.outcome {
                RequestOutcome::Done => &mut counts.done,
                RequestOutcome::Refused => &mut counts.refused,
                RequestOutcome::Failed => &mut counts.failed,
                RequestOutcome::ResponseLost => &mut counts.responses_lost,
            } += 1;
        }
        counts
    }

    /// How often the bot has asked for updates.
    pub fn poll_count(&self) -> u64 {
        self.state().polls
    }

    /// Updates that the bot has not confirmed.
    pub fn unconfirmed_updates(&self) -> usize {
        self.state().queue.len()
    }

    /// Presses that the bot has not answered: the phone still shows that it is busy.
    pub fn pending_callbacks(&self) -> Vec<PendingCallback> {
        self.state().pending_callbacks.clone()
    }

    /// Too much time passes for the presses so far to be answered.
    pub fn expire_callbacks(&self) {
        self.state().pending_callbacks.clear();
    }

    /// The address of the webhook, if the bot has set one.
    pub fn webhook_url(&self) -> Option<String> {
        self.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// The commands that people see in the menu.
    pub fn commands(&self) -> Vec<(String, String)> {
        self.commands_in("")
    }

    /// The commands in the menu of a language; the one without a language has the code "".
    pub fn commands_in(&self, language: &str) -> Vec<(String, String)> {
        let state = self.state();
        let menu = state.profile.menu(language).iter();
        menu.map(|it| (it.command.clone(), it.description.clone())).collect()
    }

    /// A file that was sent, by whomever.
    pub fn file(&self, file_id: &str) -> Option<Vec<u8>> {
        self.state().files.get(file_id).map(|stored| stored.bytes.to_vec())
    }

    /// The next requests of this method (of any, for `None`) fail.
    pub fn fail_next(&self, method: Option<&str>, failure: Fault, times: u32) {
        self.state().fault_plan.fail_next(method, failure, times);
    }

    /// So many of a hundred requests fail, each in one of several ways; 0 ends it.
    pub fn fail_randomly(&self, percent: u32, seed: u64) {
        self.state().fault_plan.fail_randomly(percent, seed);
    }

    /// Keeps to limits as Telegram does: who sends faster gets 429.
    pub fn enforce_limits(&self, overall_per_second: u32, per_chat_per_second: u32) {
        self.state().limits = Some(RateLimits::new(overall_per_second, per_chat_per_second));
    }

    /// How often somebody was faster than the limits.
    pub fn violations(&self) -> u64 {
        self.state().limits.as_ref().map_or(0, |limits| limits.violations)
    }

    /// Tells the bot an update once more, as Telegram does when an answer was lost.
    pub fn redeliver(&self, update_id: i64) {
        self.state().queue.redeliver(update_id);
        self.inner.core.notify_change();
    }

    /// Tells the bot something that no method here makes; gives the number of the update.
    pub fn deliver_raw(&self, kind: &str, content: Value) -> i64 {
        let id = self.state().queue.push_raw(kind, content);
        self.inner.core.notify_change();
        id
    }

    /// Tells the bot a whole update; without `update_id` it gets the next one. Gives its number.
    pub fn deliver_update(&self, update: Value) -> i64 {
        let id = self.state().queue.push_update(update);
        self.inner.core.notify_change();
        id
    }

    /// From now on nobody answers: connections are refused.
    pub fn shut_down(&self) {
        stop_thread(&self.inner.running);
    }

    /// Answers again, at the same address.
    pub fn restart(&self) {
        let mut running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_none() {
            let listener = bind(self.inner.port);
            *running = Some(ServerThread::start(listener, Arc::clone(&self.inner.core)));
        }
    }
}

impl SharedState {
    /// Somebody gets a phone, or another name.
    pub fn add_user(&self, id: i64, name: &str) {
        let mut state = self.state();
        state.names.insert(id, name.to_owned());
        state.chat(id);
        drop(state);
        self.notify_change();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        stop_thread(&self.running);
    }
}

fn stop_thread(running: &Mutex<Option<ServerThread>>) {
    let taken = running.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(running) = taken {
        running.stop();
    }
}
