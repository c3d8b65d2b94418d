//! Supervision of one live connection by a task outside its actor.
//!
//! The actor of a connection is part of the answer to its request: while its browser does not read, nobody
//! asks the actor anything, and its own timers stand still. So what must end a connection whatever the
//! browser does is decided in a task beside it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use services::sessions;
use shared::SessionId;
use tokio::sync::mpsc::UnboundedSender;

use crate::state::App;
use crate::transport::LiveTransport;

/// What a live connection may cost.
#[derive(Debug, Clone, Copy)]
pub struct LiveLimits {
    /// Between two questions whether the browser is there. A proxy in between may close a silent
    /// connection after a minute.
    pub ping_every: Duration,
    /// A browser that has not answered for this long is gone.
    pub gone_after: Duration,
    /// Bytes after which the browser is asked whether it has read them.
    pub ask_after: u64,
    /// A browser that has more than so many bytes unread,
    pub most_unread: u64,
    /// and that for this long, is too slow.
    pub slow_after: Duration,
    /// Time to say goodbye in.
    pub goodbye: Duration,
    /// How often all of this is looked at.
    pub look_every: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(20),
            gone_after: Duration::from_secs(60),
            ask_after: 64 * 1024,
            most_unread: 256 * 1024,
            slow_after: Duration::from_secs(10),
            goodbye: Duration::from_secs(2),
            look_every: Duration::from_secs(1),
        }
    }
}

/// Why the server ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Something about the login or the device has changed, or the session is over.
    Changed,
    /// The browser was too slow, and messages were lost for it.
    FellBehind,
    /// The server stops.
    Stopping,
}

/// A question whether the browser is there, and what it has read when it answers.
struct Asked {
    /// Random: whoever has not read it can not answer.
    nonce: u64,
    sent: u64,
    at: Instant,
}

/// What the actor of a connection and its watch know together.
pub(crate) struct Pulse {
    sent: Cell<u64>,
    read: Cell<u64>,
    asked: RefCell<VecDeque<Asked>>,
    answered: Cell<Instant>,
    leaving: Cell<Option<Instant>>,
    over: Cell<bool>,
}

impl Pulse {
    pub fn new() -> Self {
        Self {
            sent: Cell::new(0),
            read: Cell::new(0),
            asked: RefCell::default(),
            answered: Cell::new(Instant::now()),
            leaving: Cell::new(None),
            over: Cell::new(false),
        }
    }

    /// Counts bytes that are sent. Returns what to ask the browser if it is time to.
    pub fn sends(&self, bytes: usize, limits: &LiveLimits) -> Option<[u8; 8]> {
        self.sent.set(self.sent.get() + bytes as u64);
        let asked = self.asked.borrow().back().map_or(self.read.get(), |asked| asked.sent);
        (self.sent.get() - asked >= limits.ask_after).then(|| self.asks())
    }

    /// A question to the browser.
    pub fn asks(&self) -> [u8; 8] {
        let nonce = rand::random();
        let asked = Asked { nonce, sent: self.sent.get(), at: Instant::now() };
        self.asked.borrow_mut().push_back(asked);
        nonce.to_be_bytes()
    }

    /// The browser has answered. Anything else that it sends proves nothing: it need not have read.
    pub fn hears(&self, answer: &[u8]) {
        let Ok(nonce) = answer.try_into().map(u64::from_be_bytes) else { return };
        let mut asked = self.asked.borrow_mut();
        let Some(place) = asked.iter().position(|one| one.nonce == nonce) else { return };
        if let Some(answered) = asked.drain(..=place).next_back() {
            self.read.set(answered.sent);
            self.answered.set(Instant::now());
        }
    }

    /// From now on there is only a moment left to say goodbye in.
    pub fn leaves(&self) {
        self.leaving.set(self.leaving.get().or_else(|| Some(Instant::now())));
    }

    /// The actor is gone, and the connection with it.
    pub fn ends(&self) {
        self.over.set(true);
    }

    /// Whether nothing but ending the connection is left.
    fn is_lost(&self, limits: &LiveLimits, now: Instant) -> bool {
        let since = |then: Instant| now.saturating_duration_since(then);
        let unread = self.sent.get() - self.read.get();
        let waits =
            self.asked.borrow().front().is_some_and(|asked| since(asked.at) > limits.slow_after);
        since(self.answered.get()) > limits.gone_after
            || (unread > limits.most_unread && waits)
            || self.leaving.get().is_some_and(|left| since(left) > limits.goodbye)
    }
}

/// The session that a connection belongs to.
pub(crate) struct Belongs {
    pub session: SessionId,
    pub expires_at: DateTime<Utc>,
}

/// Watches a connection until it is over. `leave` reaches its actor, as long as the browser reads.
pub(crate) async fn watch(
    app: App,
    pulse: Rc<Pulse>,
    transport: LiveTransport,
    mut belongs: Belongs,
    leave: UnboundedSender<Leave>,
) {
    let limits = app.live_limits;
    loop {
        let stops = app.stopping.begun();
        let told = pulse.leaving.get().is_some();
        tokio::select! {
            () = stops, if !told => tell(&pulse, &leave, Leave::Stopping),
            () = tokio::time::sleep(limits.look_every) => {}
        }
        if pulse.over.get() {
            return;
        }
        if pulse.is_lost(&limits, Instant::now()) {
            return transport.abort();
        }
        if pulse.leaving.get().is_none() && is_over(&app, &mut belongs).await {
            tell(&pulse, &leave, Leave::Changed);
        }
    }
}

fn tell(pulse: &Pulse, leave: &UnboundedSender<Leave>, why: Leave) {
    // If nobody listens any more, it is over already.
    let _ = leave.send(why);
    pulse.leaves();
}

/// Whether the session has come to its end. Renewing it moves that end.
async fn is_over(app: &App, belongs: &mut Belongs) -> bool {
    let now = app.db.clock().now();
    if belongs.expires_at > now {
        return false;
    }
    let session = belongs.session;
    match app.db.read(move |conn| sessions::expiry(conn, session)).await {
        Ok(Some(expires_at)) if expires_at > now => {
            belongs.expires_at = expires_at;
            false
        }
        Ok(_) => true,
        Err(error) => {
            log::warn!("whether session {session} is over can not be read: {error}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: LiveLimits = LiveLimits {
        ping_every: Duration::from_secs(20),
        gone_after: Duration::from_secs(60),
        ask_after: 100,
        most_unread: 1_000,
        slow_after: Duration::from_secs(10),
        goodbye: Duration::from_secs(2),
        look_every: Duration::from_secs(1),
    };

    #[test]
    fn who_reads_stays_however_much_there_is() {
        let pulse = Pulse::new();
        for _ in 0..1_000 {
            if let Some(question) = pulse.sends(60, &LIMITS) {
                pulse.hears(&question);
            }
        }
        assert!(pulse.sent.get() - pulse.read.get() < LIMITS.ask_after);
        assert!(!pulse.is_lost(&LIMITS, Instant::now() + Duration::from_secs(59)));
    }

    #[test]
    fn who_does_not_read_is_lost_whatever_it_sends() {
        let pulse = Pulse::new();
        for _ in 0..20 {
            pulse.sends(60, &LIMITS);
            pulse.hears(b"");
            pulse.hears(&7_u64.to_be_bytes());
        }
        let later = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!pulse.is_lost(&LIMITS, later(9)) && pulse.is_lost(&LIMITS, later(11)));
        let silent = Pulse::new();
        silent.asks();
        assert!(!silent.is_lost(&LIMITS, later(59)) && silent.is_lost(&LIMITS, later(61)));
    }

    #[test]
    fn whoever_was_told_to_go_has_a_moment() {
        let pulse = Pulse::new();
        pulse.leaves();
        let later = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!pulse.is_lost(&LIMITS, later(1)) && pulse.is_lost(&LIMITS, later(3)));
    }
}
