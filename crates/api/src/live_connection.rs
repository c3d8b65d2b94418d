//! Supervision of one live connection by a task outside its actor.
//!
//! The actor of a connection is the body of its response: while the browser does not read, the
//! actor is not polled and its timers stand still. So a separate task decides when to end the
//! connection.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use services::auth::sessions;
use shared::SessionId;
use tokio::sync::mpsc::UnboundedSender;

use crate::live_limits::LiveLimits;
use crate::state::App;
use crate::transport::LiveSocket;

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloseReason {
    /// The user's access or the device changed, or the session ended.
    AccessChanged,
    /// The browser was too slow and missed messages.
    TooSlow,
    /// The server shuts down.
    ServerShutdown,
}

/// A ping without a pong so far. With the pong, everything sent before it has been read.
struct PendingPing {
    /// Random, so that only a browser that has read the ping can answer it.
    nonce: u64,
    sent: u64,
    at: Instant,
}

/// How far the browser has read; shared by the actor of a connection and its supervisor.
pub(crate) struct ReadProgress {
    sent_bytes: Cell<u64>,
    read_bytes: Cell<u64>,
    pending_pings: RefCell<VecDeque<PendingPing>>,
    last_pong: Cell<Instant>,
    closing_since: Cell<Option<Instant>>,
    closed: Cell<bool>,
}

impl ReadProgress {
    pub fn new() -> Self {
        Self {
            sent_bytes: Cell::new(0),
            read_bytes: Cell::new(0),
            pending_pings: RefCell::default(),
            last_pong: Cell::new(Instant::now()),
            closing_since: Cell::new(None),
            closed: Cell::new(false),
        }
    }

    /// Counts sent bytes. Returns the content of a ping if one is due.
    pub fn record_sent(&self, bytes: usize, limits: &LiveLimits) -> Option<[u8; 8]> {
        self.sent_bytes.set(self.sent_bytes.get() + bytes as u64);
        let asked =
            self.pending_pings.borrow().back().map_or(self.read_bytes.get(), |asked| asked.sent);
        (self.sent_bytes.get() - asked >= limits.ping_after_bytes).then(|| self.new_ping())
    }

    /// Registers a new ping and returns its content.
    pub fn new_ping(&self) -> [u8; 8] {
        let nonce = rand::random();
        let asked = PendingPing { nonce, sent: self.sent_bytes.get(), at: Instant::now() };
        self.pending_pings.borrow_mut().push_back(asked);
        nonce.to_be_bytes()
    }

    /// Handles a pong. Nothing else that the browser sends proves that it reads.
    pub fn record_pong(&self, answer: &[u8]) {
        let Ok(nonce) = answer.try_into().map(u64::from_be_bytes) else { return };
        let mut asked = self.pending_pings.borrow_mut();
        let Some(place) = asked.iter().position(|one| one.nonce == nonce) else { return };
        if let Some(answered) = asked.drain(..=place).next_back() {
            self.read_bytes.set(answered.sent);
            self.last_pong.set(Instant::now());
        }
    }

    /// Starts the time for the closing handshake.
    pub fn start_closing(&self) {
        self.closing_since.set(self.closing_since.get().or_else(|| Some(Instant::now())));
    }

    /// Marks the connection as closed: its actor ended.
    pub fn mark_closed(&self) {
        self.closed.set(true);
    }

    /// Returns whether the connection has to be reset.
    fn must_abort(&self, limits: &LiveLimits, now: Instant) -> bool {
        let since = |then: Instant| now.saturating_duration_since(then);
        let unread = self.sent_bytes.get() - self.read_bytes.get();
        let ping_overdue = self
            .pending_pings
            .borrow()
            .front()
            .is_some_and(|asked| since(asked.at) > limits.unread_timeout);
        since(self.last_pong.get()) > limits.pong_timeout
            || (unread > limits.max_unread_bytes && ping_overdue)
            || self.closing_since.get().is_some_and(|left| since(left) > limits.close_timeout)
    }
}

/// The session of a connection, and when it expires.
pub(crate) struct SessionExpiry {
    pub session: SessionId,
    pub expires_at: DateTime<Utc>,
}

/// Supervises a connection until it is closed. `close` reaches its actor, as long as the browser
/// reads.
pub(crate) async fn supervise(
    app: App,
    progress: Rc<ReadProgress>,
    transport: LiveSocket,
    mut session: SessionExpiry,
    close: UnboundedSender<CloseReason>,
) {
    let limits = app.live_limits;
    loop {
        let shutdown = app.shutdown.triggered();
        let closing = progress.closing_since.get().is_some();
        tokio::select! {
            () = shutdown, if !closing => request_close(&progress, &close, CloseReason::ServerShutdown),
            () = tokio::time::sleep(limits.check_every) => {}
        }
        if progress.closed.get() {
            return;
        }
        if progress.must_abort(&limits, Instant::now()) {
            return transport.abort();
        }
        if progress.closing_since.get().is_none() && has_expired(&app, &mut session).await {
            request_close(&progress, &close, CloseReason::AccessChanged);
        }
    }
}

fn request_close(
    progress: &ReadProgress,
    close: &UnboundedSender<CloseReason>,
    reason: CloseReason,
) {
    // Without a receiver the connection is closed already.
    let _ = close.send(reason);
    progress.start_closing();
}

/// Returns whether the session has expired. It is read again because a renewal extends it.
async fn has_expired(app: &App, session: &mut SessionExpiry) -> bool {
    let now = app.db.clock().now();
    if session.expires_at > now {
        return false;
    }
    let id = session.session;
    match app.db.read(move |conn| sessions::expires_at(conn, id)).await {
        Ok(Some(expires_at)) if expires_at > now => {
            session.expires_at = expires_at;
            false
        }
        Ok(_) => true,
        Err(error) => {
            log::warn!("the expiry of session {id} can not be read: {error}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMITS: LiveLimits = LiveLimits {
        ping_every: Duration::from_secs(20),
        pong_timeout: Duration::from_secs(60),
        ping_after_bytes: 100,
        max_unread_bytes: 1_000,
        unread_timeout: Duration::from_secs(10),
        close_timeout: Duration::from_secs(2),
        check_every: Duration::from_secs(1),
    };

    #[test]
    fn a_reading_client_stays_connected() {
        let progress = ReadProgress::new();
        for _ in 0..1_000 {
            if let Some(question) = progress.record_sent(60, &LIMITS) {
                progress.record_pong(&question);
            }
        }
        assert!(progress.sent_bytes.get() - progress.read_bytes.get() < LIMITS.ping_after_bytes);
        assert!(!progress.must_abort(&LIMITS, Instant::now() + Duration::from_secs(59)));
    }

    #[test]
    fn a_client_that_does_not_read_is_aborted() {
        let progress = ReadProgress::new();
        for _ in 0..20 {
            progress.record_sent(60, &LIMITS);
            progress.record_pong(b"");
            progress.record_pong(&7_u64.to_be_bytes());
        }
        let later = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!progress.must_abort(&LIMITS, later(9)) && progress.must_abort(&LIMITS, later(11)));
        let silent = ReadProgress::new();
        silent.new_ping();
        assert!(!silent.must_abort(&LIMITS, later(59)) && silent.must_abort(&LIMITS, later(61)));
    }

    #[test]
    fn a_closing_connection_has_a_grace_period() {
        let progress = ReadProgress::new();
        progress.start_closing();
        let later = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!progress.must_abort(&LIMITS, later(1)) && progress.must_abort(&LIMITS, later(3)));
    }
}
