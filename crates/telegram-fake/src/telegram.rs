//! Handle of a running fake.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::fault_injection::Fault;
use crate::rate_limits::RateLimits;
use crate::server::{ServerThread, bind};
use crate::shared_state::SharedState;
use crate::state::{Clock, LoggedRequest, PendingCallback, RequestOutcome, State};
use crate::test_user::TestUser;

/// The bot's token.
pub const TOKEN: &str = "700000:uji-coba_bukan-rahasia";

/// Numbers of requests by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCounts {
    pub done: usize,
    pub refused: usize,
    pub failed: usize,
    pub responses_lost: usize,
}

/// A running fake. Clones share it; it stops with the last of them.
#[derive(Clone)]
pub struct FakeTelegram {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<SharedState>,
    port: u16,
    running: Mutex<Option<ServerThread>>,
}

impl FakeTelegram {
    /// Starts on a free port.
    ///
    /// # Panics
    /// No port is free.
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
        let shared = Arc::new(SharedState::new(TOKEN));
        let running = Mutex::new(Some(ServerThread::start(listener, Arc::clone(&shared))));
        Self { inner: Arc::new(Inner { shared, port, running }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.shared.state()
    }

    /// Returns the value for `TELEGRAM_API_URL`.
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.inner.port)
    }

    /// Returns the value for `TELEGRAM_BOT_TOKEN`.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Adds a user. The id is that of the chat too.
    pub fn user(&self, id: i64, name: &str) -> TestUser {
        self.inner.shared.add_user(id, name);
        TestUser::new(Arc::clone(&self.inner.shared), id)
    }

    /// Sets what Telegram's clock shows, in seconds since 1970: the dates of messages follow it.
    pub fn set_clock(&self, now: impl Fn() -> i64 + Send + Sync + 'static) {
        self.state().clock = Clock::new(now);
    }

    /// Returns all requests so far.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    /// Counts the requests so far by outcome.
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

    /// Returns how often the bot has called `getUpdates`.
    pub fn poll_count(&self) -> u64 {
        self.state().polls
    }

    /// Returns the number of updates that the bot has not confirmed.
    pub fn unconfirmed_updates(&self) -> usize {
        self.state().queue.len()
    }

    /// Returns the unanswered callback queries: the phone still shows a progress bar.
    pub fn pending_callbacks(&self) -> Vec<PendingCallback> {
        self.state().pending_callbacks.clone()
    }

    /// Expires all callback queries so far.
    pub fn expire_callbacks(&self) {
        self.state().pending_callbacks.clear();
    }

    /// Returns the URL of the webhook, if the bot has set one.
    pub fn webhook_url(&self) -> Option<String> {
        self.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// Returns the commands of the menu.
    pub fn commands(&self) -> Vec<(String, String)> {
        self.commands_in("")
    }

    /// The commands in the menu of a language; the one without a language has the code "".
    pub fn commands_in(&self, language: &str) -> Vec<(String, String)> {
        let state = self.state();
        let menu = state.profile.menu(language).iter();
        menu.map(|it| (it.command.clone(), it.description.clone())).collect()
    }

    /// Returns a file that a user or the bot has sent.
    pub fn file(&self, file_id: &str) -> Option<Vec<u8>> {
        self.state().files.get(file_id).map(|stored| stored.bytes.to_vec())
    }

    /// Lets the next requests of a method fail; of any method for `None`.
    pub fn fail_next(&self, method: Option<&str>, failure: Fault, times: u32) {
        self.state().fault_plan.fail_next(method, failure, times);
    }

    /// Lets this share of all requests fail in different ways; 0 ends it.
    pub fn fail_randomly(&self, percent: u32, seed: u64) {
        self.state().fault_plan.fail_randomly(percent, seed);
    }

    /// Enforces rate limits: a request that exceeds them gets 429.
    pub fn enforce_limits(&self, overall_per_second: u32, per_chat_per_second: u32) {
        self.state().limits = Some(RateLimits::new(overall_per_second, per_chat_per_second));
    }

    /// Returns how many requests have exceeded the rate limits.
    pub fn violations(&self) -> u64 {
        self.state().limits.as_ref().map_or(0, |limits| limits.violations)
    }

    /// Delivers an update once more, as Telegram does when a response was lost.
    pub fn redeliver(&self, update_id: i64) {
        self.state().queue.redeliver(update_id);
        self.inner.shared.notify_change();
    }

    /// Delivers an update with any content; returns its id.
    pub fn deliver_raw(&self, kind: &str, content: Value) -> i64 {
        let id = self.state().queue.push_raw(kind, content);
        self.inner.shared.notify_change();
        id
    }

    /// Delivers a whole update; without `update_id` it gets the next one. Returns the id.
    pub fn deliver_update(&self, update: Value) -> i64 {
        let id = self.state().queue.push_update(update);
        self.inner.shared.notify_change();
        id
    }

    /// Shuts the server down: connections are refused.
    pub fn shut_down(&self) {
        stop_thread(&self.inner.running);
    }

    /// Starts the server again at the same address.
    pub fn restart(&self) {
        let mut running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_none() {
            let listener = bind(self.inner.port);
            *running = Some(ServerThread::start(listener, Arc::clone(&self.inner.shared)));
        }
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
