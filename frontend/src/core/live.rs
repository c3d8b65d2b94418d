//! Live connection: a WebSocket that delivers the changes of others.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::sync::LazyLock;

use futures_util::StreamExt;
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::{LiveEvent, LiveMessage};

use crate::api;

/// Status of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveStatus {
    Connecting,
    Live,
    Reconnecting,
}

type Listener = Rc<dyn Fn(&LiveEvent)>;

static STATUS: LazyLock<ArcRwSignal<LiveStatus>> =
    LazyLock::new(|| ArcRwSignal::new(LiveStatus::Connecting));

thread_local! {
    static LISTENERS: RefCell<Vec<(u32, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u32> = const { Cell::new(0) };
    static LAST_SEQ: Cell<Option<i64>> = const { Cell::new(None) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    /// Number of the current connection loop: a loop with another number ends.
    static RUN: Cell<u32> = const { Cell::new(0) };
}

const INITIAL_DELAY_MS: f64 = 500.0;
const MAX_DELAY_MS: f64 = 30_000.0;
/// Delay after the account or session changed: another tab may be signing in again after a password change.
const SESSION_CHANGED_DELAY_MS: u32 = 400;

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disconnect {
    /// It was never established.
    NeverOpened,
    Lost,
    /// The server stops or restarts, for everybody at once.
    ServerStopping,
    /// The server closed it because the account or the session changed.
    SessionChanged,
}

/// Close code after a change of the account or session.
const CLOSE_POLICY_VIOLATION: u16 = 1008;
/// Close code of a server that stops.
const CLOSE_GOING_AWAY: u16 = 1001;
/// Browsers reconnect within this time after a restart, spread evenly.
const RECONNECT_SPREAD_MS: f64 = 5_000.0;

/// Returns the status of the connection. Tracks.
pub fn status() -> LiveStatus {
    STATUS.get()
}

/// Calls `listener` for each event until the surrounding component is unmounted.
pub fn on_event(listener: impl Fn(&LiveEvent) + 'static) {
    let id = NEXT_ID.replace(NEXT_ID.get() + 1);
    LISTENERS.with_borrow_mut(|listeners| listeners.push((id, Rc::new(listener))));
    on_cleanup(move || {
        LISTENERS.with_borrow_mut(|listeners| listeners.retain(|(other, _)| *other != id));
    });
}

/// Connects and reconnects until [`stop`].
pub fn start() {
    let run = RUN.get() + 1;
    RUN.set(run);
    RUNNING.set(true);
    LAST_SEQ.set(None);
    STATUS.set(LiveStatus::Connecting);
    spawn_local(async move {
        let mut delay = INITIAL_DELAY_MS;
        while RUN.get() == run {
            let end = connection(run).await;
            if end != Disconnect::NeverOpened {
                delay = INITIAL_DELAY_MS;
            }
            if RUN.get() != run {
                return;
            }
            STATUS.set(LiveStatus::Reconnecting);
            if end == Disconnect::SessionChanged {
                // If the session has ended, the sign-in page has to appear now.
                TimeoutFuture::new(SESSION_CHANGED_DELAY_MS).await;
                continue;
            }
            if end == Disconnect::ServerStopping {
                TimeoutFuture::new((RECONNECT_SPREAD_MS * js_sys::Math::random()) as u32).await;
                continue;
            }
            // Jitter: after a restart not every browser connects at the same moment.
            TimeoutFuture::new((delay * (0.5 + js_sys::Math::random())) as u32).await;
            delay = (delay * 2.0).min(MAX_DELAY_MS);
        }
    });
}

/// Runs `work` without the connection, because it changes the session.
pub async fn while_disconnected<T>(work: impl Future<Output = T>) -> T {
    let was_running = RUNNING.get();
    stop();
    let outcome = work.await;
    if was_running {
        start();
    }
    outcome
}

/// Closes the connection.
pub fn stop() {
    RUNNING.set(false);
    RUN.set(RUN.get() + 1);
}

/// Runs one connection from ticket to end.
async fn connection(run: u32) -> Disconnect {
    let Ok(ticket) = api::auth::live_ticket().await else { return Disconnect::NeverOpened };
    let Some(address) = address(&ticket.ticket) else { return Disconnect::NeverOpened };
    let Ok(mut socket) = WebSocket::open(&address) else { return Disconnect::NeverOpened };
    if !opened(&socket).await {
        return Disconnect::NeverOpened;
    }
    STATUS.set(LiveStatus::Live);
    while let Some(message) = socket.next().await {
        if RUN.get() != run {
            break;
        }
        match message {
            Ok(Message::Text(text)) => receive(&text),
            Ok(Message::Bytes(_)) => {}
            Err(WebSocketError::ConnectionClose(close)) if close.code == CLOSE_POLICY_VIOLATION => {
                return Disconnect::SessionChanged;
            }
            Err(WebSocketError::ConnectionClose(close)) if close.code == CLOSE_GOING_AWAY => {
                return Disconnect::ServerStopping;
            }
            Err(_) => break,
        }
    }
    Disconnect::Lost
}

async fn opened(socket: &WebSocket) -> bool {
    use gloo_net::websocket::State;
    const STEP_MS: u32 = 20;
    const STEPS: u32 = 500;
    for _ in 0..STEPS {
        match socket.state() {
            State::Connecting => TimeoutFuture::new(STEP_MS).await,
            State::Open => return true,
            State::Closing | State::Closed => return false,
        }
    }
    false
}

fn address(ticket: &str) -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let host = location.host().ok()?;
    let seq = LAST_SEQ.get().map(|seq| format!("&last_seq={seq}")).unwrap_or_default();
    Some(format!("{scheme}://{host}/api/ws?ticket={ticket}{seq}"))
}

fn receive(text: &str) {
    // An unknown event of a newer server changes nothing that this version shows.
    let Ok(message) = serde_json::from_str::<LiveMessage>(text) else { return };
    let first = LAST_SEQ.replace(Some(message.seq)).is_none();
    match message.event {
        // Changes between the first page load and this moment were not delivered.
        LiveEvent::Ready if first => publish(&LiveEvent::Resync),
        LiveEvent::Ready => {}
        event => publish(&event),
    }
}

fn publish(event: &LiveEvent) {
    // Listeners may be added or removed while they are called, so the list is not borrowed meanwhile.
    let listeners: Vec<Listener> =
        LISTENERS.with_borrow(|list| list.iter().map(|(_, listener)| listener.clone()).collect());
    for listener in listeners {
        listener(event);
    }
}
