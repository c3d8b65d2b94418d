//! Where committed live events are heard within this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shared::live::{LiveEvent, LiveMessage};
use tokio::sync::broadcast;

/// Messages that a slow listener may fall behind before it has to resync.
const CAPACITY: usize = 4096;

/// The bus of one server process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LiveBus {
    sender: broadcast::Sender<Arc<LiveMessage>>,
    auth_changes: Arc<AtomicU64>,
}

impl LiveBus {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::channel(CAPACITY).0, auth_changes: Arc::default() }
    }

    pub(crate) fn publish(&self, messages: Vec<LiveMessage>) {
        for message in messages {
            let of_logins = matches!(
                message.event,
                LiveEvent::UserChanged(_)
                    | LiveEvent::SessionEnded(_)
                    | LiveEvent::ApiKeyChanged(_)
            );
            if of_logins {
                self.auth_changes.fetch_add(1, Ordering::SeqCst);
            }
            // No listener is no fault: nobody has a browser open.
            let _ = self.sender.send(Arc::new(message));
        }
    }

    /// Everything that is committed from now on, in the order of its commit.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LiveMessage>> {
        self.sender.subscribe()
    }

    /// Grows with every change of a login or an API key, before the change is acknowledged: what was
    /// read about them at an older count is stale.
    pub fn auth_changes(&self) -> u64 {
        self.auth_changes.load(Ordering::SeqCst)
    }
}
