//! State of a fake that all its parts share, and notifications of changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::state::State;

pub(crate) struct SharedState {
    pub token: String,
    state: Mutex<State>,
    /// Notified of each change.
    change_notify: Notify,
    changes: AtomicU64,
}

impl SharedState {
    /// The state of a fake without users.
    pub fn new(token: &str) -> Self {
        Self {
            token: token.to_owned(),
            state: Mutex::new(State::default()),
            change_notify: Notify::new(),
            changes: AtomicU64::new(0),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn notify_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.change_notify.notify_waiters();
    }

    /// Waits for the next change from now on.
    pub fn next_change(&self) -> Notified<'_> {
        self.change_notify.notified()
    }

    /// Returns a number that grows with each change.
    pub fn change_count(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Adds a user, or changes the name.
    pub fn add_user(&self, id: i64, name: &str) {
        let mut state = self.state();
        state.names.insert(id, name.to_owned());
        state.chat(id);
        drop(state);
        self.notify_change();
    }
}
