//! Waking the workers of this process when there is something for them.

use std::sync::Arc;

use shared::notification::Channel;
use tokio::sync::Notify;

/// Who waits for committed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackgroundWorker {
    /// Delivers the outbox's messages of a channel.
    Outbox(Channel),
    /// Handles what Telegram told.
    TelegramInbox,
}

/// One bell for each worker. On PostgreSQL it is rung for the work of every server. A lost connection
/// can swallow that, so a worker also looks by itself now and then.
#[derive(Debug, Clone, Default)]
pub struct WorkerWakeups {
    telegram_outbox: Arc<Notify>,
    whatsapp_outbox: Arc<Notify>,
    telegram_inbox: Arc<Notify>,
}

impl WorkerWakeups {
    fn notify_of(&self, worker: BackgroundWorker) -> &Notify {
        match worker {
            BackgroundWorker::Outbox(Channel::Telegram) => &self.telegram_outbox,
            BackgroundWorker::Outbox(Channel::Whatsapp) => &self.whatsapp_outbox,
            BackgroundWorker::TelegramInbox => &self.telegram_inbox,
        }
    }

    /// Wakes the worker; if it is busy, it looks again afterwards.
    pub fn wake(&self, worker: BackgroundWorker) {
        self.notify_of(worker).notify_one();
    }

    /// Waits until there is something for the worker.
    pub async fn wait_for_work(&self, worker: BackgroundWorker) {
        self.notify_of(worker).notified().await;
    }
}
