//! Cache of the facts of callers (sessions, API keys), so that not every request reads the
//! database.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use services::{Conn, Db, LiveBus};

/// Lifetime of an entry. A change by another server instance is announced through the database
/// within milliseconds; this limits the damage should that announcement be lost.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Largest number of entries; the cache is cleared when it is reached.
const MAX_ENTRIES: usize = 20_000;

struct Entry<V> {
    facts: V,
    /// Number of user changes when the facts were read.
    changes: u64,
    read_at: Instant,
}

/// Keeps the facts of callers until any user or API key changes.
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

    /// Returns the facts if they are cached and fresh.
    pub fn fresh(&self, caller: K) -> Option<V> {
        let entries = self.entries.read().ok()?;
        let entry = entries.get(&caller)?;
        let fresh = entry.changes == self.bus.auth_changes() && entry.read_at.elapsed() < MAX_AGE;
        fresh.then(|| entry.facts.clone())
    }

    /// Returns cached facts of any age: enough to count a caller, not to authenticate it.
    pub fn last_read(&self, caller: K) -> Option<V> {
        Some(self.entries.read().ok()?.get(&caller)?.facts.clone())
    }

    /// Returns the facts, from the database where they are not cached; `None` if the session or key
    /// ended.
    pub async fn get(
        &self,
        db: &Db,
        caller: K,
        read: impl FnOnce(&mut Conn) -> services::Result<Option<V>> + Send + 'static,
    ) -> services::Result<Option<V>> {
        if let Some(facts) = self.fresh(caller) {
            return Ok(Some(facts));
        }
        // Read before the facts: a change in between makes the entry stale at once.
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
