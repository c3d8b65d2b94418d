//! What is known of the callers, so that not every request asks the database.

use std::collections::HashMap;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use db::{Db, LiveBus};
use services::sessions;
use services::users::LoginFacts;
use shared::SessionId;

/// Another server instance may change a login: its word comes over the database within
/// milliseconds, and if it were ever lost, an entry is not trusted for longer than this.
const MAX_AGE: Duration = Duration::from_secs(5);

/// More sessions than this are not remembered at once.
const MAX_ENTRIES: usize = 20_000;

struct Entry {
    facts: LoginFacts,
    /// Count of changed logins when the facts were read.
    changes: u64,
    read_at: Instant,
}

/// Remembers the facts of open sessions until any login changes.
pub struct Logins {
    bus: LiveBus,
    entries: RwLock<HashMap<SessionId, Entry>>,
}

impl Logins {
    pub fn new(bus: LiveBus) -> Self {
        Self { bus, entries: RwLock::default() }
    }

    /// The facts if they are known and fresh.
    pub fn known(&self, session: SessionId) -> Option<LoginFacts> {
        let entries = self.entries.read().ok()?;
        let entry = entries.get(&session)?;
        let fresh = entry.changes == self.bus.login_changes() && entry.read_at.elapsed() < MAX_AGE;
        fresh.then(|| entry.facts.clone())
    }

    /// Reads the facts from the database; `None` if the session has ended.
    pub async fn read(&self, db: &Db, session: SessionId) -> services::Result<Option<LoginFacts>> {
        // Counted before the read: a change during the read makes the entry stale at once.
        let changes = self.bus.login_changes();
        let facts = db.read(move |conn| sessions::facts(conn, session)).await?;
        if let (Some(facts), Ok(mut entries)) = (&facts, self.entries.write()) {
            if entries.len() >= MAX_ENTRIES {
                entries.clear();
            }
            let entry = Entry { facts: facts.clone(), changes, read_at: Instant::now() };
            entries.insert(session, entry);
        }
        Ok(facts)
    }
}
