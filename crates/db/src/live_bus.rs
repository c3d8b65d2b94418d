//! In-process broadcast of committed live events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shared::live::{LiveEvent, LiveMessage};
use tokio::sync::broadcast;

/// Messages that a slow subscriber may lag behind before it has to resync.
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
            // An error only means that nobody has subscribed.
            let _ = self.sender.send(Arc::new(message));
        }
    }

    /// Subscribes to all events committed from now on, in commit order.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LiveMessage>> {
        self.sender.subscribe()
    }

    /// A counter that grows with every change of a user, session or API key, before the change is
    /// acknowledged. Cached data read at a lower count is stale.
    pub fn auth_changes(&self) -> u64 {
        self.auth_changes.load(Ordering::SeqCst)
    }
}
