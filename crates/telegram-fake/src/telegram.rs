//! The running stand-in.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};
use serde_json::Value;
use tokio::sync::Notify;

use crate::failures::Failure;
use crate::person::Person;
use crate::state::{Limits, Logged, State};
use crate::webhook;
use crate::{control, http};

/// The token that the bot needs here.
pub const TOKEN: &str = "700000:uji-coba_bukan-rahasia";

pub(crate) struct Core {
    pub token: String,
    state: Mutex<State>,
    /// Rings whenever something has changed.
    pub bell: Notify,
}

impl Core {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn changed(&self) {
        self.bell.notify_waiters();
    }
}

struct Running {
    handle: ServerHandle,
    thread: JoinHandle<()>,
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
        let listener = listen(port);
        let port = listener.local_addr().map_or(port, |address| address.port());
        let core = Arc::new(Core {
            token: TOKEN.into(),
            state: Mutex::new(State::default()),
            bell: Notify::new(),
        });
        let running = Mutex::new(Some(run(listener, Arc::clone(&core))));
        Self { inner: Arc::new(Inner { core, port, running }) }
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
        self.inner.core.state().names.insert(id, name.to_owned());
        self.inner.core.state().chat(id);
        Person::new(Arc::clone(&self.inner.core), id)
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Logged> {
        self.inner.core.state().log.clone()
    }

    /// How often the bot has asked for updates.
    pub fn polls(&self) -> u64 {
        self.inner.core.state().polls
    }

    /// Updates that the bot has not confirmed.
    pub fn unconfirmed(&self) -> usize {
        self.inner.core.state().updates.len()
    }

    /// The address of the webhook, if the bot has set one.
    pub fn webhook_url(&self) -> Option<String> {
        self.inner.core.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// The commands that the bot has put into the menu.
    pub fn commands(&self) -> Vec<(String, String)> {
        self.inner.core.state().commands.clone()
    }

    /// The next requests of this method (of any, for `None`) fail.
    pub fn fail_next(&self, method: Option<&str>, failure: Failure, times: u32) {
        self.inner.core.state().failures.next(method, failure, times);
    }

    /// So many of a hundred requests fail, each in one of several ways; 0 ends it.
    pub fn fail_share(&self, percent: u32, seed: u64) {
        self.inner.core.state().failures.share(percent, seed);
    }

    /// Keeps to limits as Telegram does: who sends faster gets 429.
    pub fn enforce_limits(&self, overall_per_second: u32, per_chat_per_second: u32) {
        self.inner.core.state().limits = Some(Limits {
            overall_per_second,
            per_chat_per_second,
            recent: Default::default(),
            violations: 0,
        });
    }

    /// How often somebody was faster than the limits.
    pub fn violations(&self) -> u64 {
        self.inner.core.state().limits.as_ref().map_or(0, |limits| limits.violations)
    }

    /// Tells the bot an update once more, as Telegram does when an answer was lost.
    pub fn redeliver(&self, update_id: i64) {
        let mut state = self.inner.core.state();
        if let Some(update) = state.told.get(&update_id).cloned() {
            state.updates.push_front((update_id, update));
        }
        drop(state);
        self.inner.core.changed();
    }

    /// Tells the bot something that no method here makes; gives the number of the update.
    pub fn tell(&self, kind: &str, content: Value) -> i64 {
        let id = self.inner.core.state().tell(kind, content);
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
            *running = Some(run(listen(self.inner.port), Arc::clone(&self.inner.core)));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        stop(&self.running);
    }
}

fn stop(running: &Mutex<Option<Running>>) {
    let taken = running.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Running { handle, thread }) = taken {
        // The command is sent at once; the future only waits for its end.
        drop(handle.stop(false));
        let _ = thread.join();
    }
}

fn listen(port: u16) -> TcpListener {
    // After a stop the port may need a moment.
    for _ in 0..100 {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("port {port} is taken");
}

fn run(listener: TcpListener, core: Arc<Core>) -> Running {
    let (ready, started) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            actix_web::rt::spawn(webhook::deliver_forever(Arc::clone(&core)));
            let factory = move || {
                App::new()
                    .configure(http::configure(Arc::clone(&core)))
                    .configure(control::configure)
            };
            let server = HttpServer::new(factory).workers(1).disable_signals().shutdown_timeout(0);
            let server = match server.listen(listener) {
                Ok(server) => server.run(),
                Err(error) => panic!("cannot listen: {error}"),
            };
            let _ = ready.send(server.handle());
            let _ = server.await;
        });
    });
    match started.recv() {
        Ok(handle) => Running { handle, thread },
        Err(_) => panic!("the server did not start"),
    }
}
