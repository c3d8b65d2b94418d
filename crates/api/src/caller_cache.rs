//! What is known of the callers, so that not every request asks the database.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use services::{Conn, Db, LiveBus};

/// Another server instance may change a login: its word comes over the database within
/// milliseconds, and if it were ever lost, an entry is not trusted for longer than this.
const MAX_AGE: Duration = Duration::from_secs(5);

/// More callers than this are not remembered at once.
const MAX_ENTRIES: usize = 20_000;

struct Entry<V> {
    facts: V,
    /// Count of changed logins when the facts were read.
    changes: u64,
    read_at: Instant,
}

/// Remembers the facts of callers (open sessions, API keys) until any login or key changes.
pub struct CallerCache<K, V> {
    bus: LiveBus,
    entries: RwLock<HashMap<K, Entry<V>>>,
}

impl<K, V> CallerCache<K, V>
where
    K: Eq + Hash + Copy + Send + 'static,
    V: Clone + Send + 'static,
{
    pub fn new(bus: LiveBus) -> Self {
        Self { bus, entries: RwLock::default() }
    }

    /// The facts if they are known and fresh.
    pub fn fresh(&self, caller: K) -> Option<V> {
        let entries = self.entries.read().ok()?;
        let entry = entries.get(&caller)?;
        let fresh = entry.changes == self.bus.auth_changes() && entry.read_at.elapsed() < MAX_AGE;
        fresh.then(|| entry.facts.clone())
    }

    /// The facts as they were when they were last read: to count a caller, not to let it in.
    pub fn last_read(&self, caller: K) -> Option<V> {
        Some(self.entries.read().ok()?.get(&caller)?.facts.clone())
    }

    /// The facts, from the database where they are not known; `None` if the caller has ended.
    pub async fn get(
        &self,
        db: &Db,
        caller: K,
        read: impl FnOnce(&mut Conn) -> services::Result<Option<V>> + Send + 'static,
    ) -> services::Result<Option<V>> {
        if let Some(facts) = self.fresh(caller) {
            return Ok(Some(facts));
        }
        // Counted before the read: a change during the read makes the entry stale at once.
        let changes = self.bus.auth_changes();
        let facts = db.read(read).await?;
        if let Ok(mut entries) = self.entries.write() {
            match &facts {
                Some(facts) => {
                    if entries.len() >= MAX_ENTRIES {
                        entries.clear();
                    }
                    let entry = Entry { facts: facts.clone(), changes, read_at: Instant::now() };
                    entries.insert(caller, entry);
                }
                None => {
                    entries.remove(&caller);
                }
            }
        }
        Ok(facts)
    }
}
