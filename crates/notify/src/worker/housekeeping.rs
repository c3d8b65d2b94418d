//! Periodic work of the delivery worker: leadership and interrupted deliveries.

use std::time::Duration;

use services::{Conn, Tx};
use services::Error;
use services::delivery;
use tokio::time::Instant;

use super::state::WorkerState;
use super::{DeliveryWorker, POLL_INTERVAL};
use crate::channel::Channel;

const LEASE_RENEWAL_INTERVAL: Duration = Duration::from_secs(5);

impl<C: Channel> DeliveryWorker<C> {
    /// Renews the lease, releases expired claims, and notifies browsers.
    pub(super) async fn run_housekeeping(&self, state: &mut WorkerState) {
        let now = Instant::now();
        if state.renew_lease_at <= now {
            state.renew_lease_at = now + LEASE_RENEWAL_INTERVAL;
            state.is_leader = self.acquire_leadership().await;
        }
        if !state.is_leader || state.release_expired_at > now {
            return;
        }
        state.release_expired_at = now + POLL_INTERVAL;
        let changed = std::mem::take(&mut state.changed_messages);
        if let Err(error) = self.release_expired(changed).await {
            log::error!("interrupted deliveries were not released: {error}");
        }
    }

    async fn release_expired(&self, changed: i64) -> Result<(), Error> {
        let (channel, now) = (self.channel.kind(), self.db.clock().now());
        let expired = move |conn: &mut Conn| delivery::has_expired_claims(conn, channel, now);
        if self.db.read(expired).await? {
            let guarantee = self.channel.guarantee();
            let release = move |tx: &mut Tx<'_>| {
                delivery::release_expired_claims(tx, channel, guarantee)
            };
            let count = self.db.write_essential(release).await?;
            log::warn!("{}: {count} deliveries were interrupted", channel.as_str());
        }
        if changed > 0 {
            self.db.write_essential(move |tx| delivery::emit_updated(tx, changed)).await?;
        }
        Ok(())
    }

    pub(super) async fn recover_interrupted(&self) {
        let (channel, guarantee) = (self.channel.kind(), self.channel.guarantee());
        let recover =
            move |tx: &mut Tx<'_>| delivery::recover_interrupted(tx, channel, guarantee);
        if let Err(error) = self.db.write_essential(recover).await {
            log::error!("interrupted deliveries were not released: {error}");
        }
    }

    async fn acquire_leadership(&self) -> bool {
        let (channel, holder) = (self.channel.kind(), self.holder.clone());
        let acquire =
            move |tx: &mut Tx<'_>| delivery::acquire_leader_lease(tx, channel, &holder);
        self.db.write_essential(acquire).await.unwrap_or_else(|error| {
            log::error!("the delivery lease was not acquired: {error}");
            false
        })
    }

    pub(super) async fn release_leadership(&self) {
        let (channel, holder) = (self.channel.kind(), self.holder.clone());
        let release =
            move |tx: &mut Tx<'_>| delivery::release_leader_lease(tx, channel, &holder);
        if let Err(error) = self.db.write_essential(release).await {
            log::warn!("the delivery lease was not released: {error}");
        }
    }
}
