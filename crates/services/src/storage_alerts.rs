//! Messages to administrators about storage faults and recovery.

use db::Db;
use shared::StorageFault;

use crate::error::Result;
use crate::outbox::{self, Notice, Recipient};

/// A storage location of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageLocation {
    Database,
    Photos,
}

/// The states last notified by this process.
#[derive(Debug, Default)]
pub struct StorageAlerts {
    database: Option<StorageFault>,
    photos: Option<StorageFault>,
}

impl StorageAlerts {
    /// Queues one message per change of state. While the database accepts no writes, only the log
    /// reports; `photos` is the state of the photo folder.
    ///
    /// A message that can not be queued is tried again with the next call.
    pub async fn notify_changes(&mut self, db: &Db, photos: Option<StorageFault>) -> Result<()> {
        let database = db.health().fault();
        if database.is_some_and(|fault| fault != StorageFault::Full) {
            return Ok(());
        }
        notify_change(db, StorageLocation::Database, &mut self.database, database).await?;
        notify_change(db, StorageLocation::Photos, &mut self.photos, photos).await
    }
}

async fn notify_change(
    db: &Db,
    place: StorageLocation,
    reported: &mut Option<StorageFault>,
    now: Option<StorageFault>,
) -> Result<()> {
    if *reported == now {
        return Ok(());
    }
    let notice = match now {
        Some(fault) => Notice::StorageFault { place, fault },
        None => Notice::StorageRecovered { place },
    };
    db.write_essential(move |tx| {
        // Several servers notice a fault within seconds, but one message is enough.
        let dedupe_key = format!("{place:?}:{now:?}:{}", tx.now().format("%Y-%m-%dT%H:%M"));
        outbox::enqueue(tx, Recipient::Admins, &notice, &dedupe_key)
    })
    .await?;
    *reported = now;
    Ok(())
}
