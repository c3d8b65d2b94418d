//! Wake-ups of background workers when there is work for them.

use std::sync::Arc;

use tokio::sync::Notify;

/// A background worker that waits for committed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackgroundWorker {
    /// Delivers the messages of the outbox.
    Outbox,
    /// Processes stored Telegram updates.
    TelegramInbox,
}

/// One notifier per worker. On PostgreSQL it is also triggered by other server instances. Such a wake-up
/// can get lost with a connection, so workers also poll now and then.
#[derive(Debug, Clone, Default)]
pub struct WorkerWakeups {
    outbox: Arc<Notify>,
    telegram_inbox: Arc<Notify>,
}

impl WorkerWakeups {
    fn notify_of(&self, worker: BackgroundWorker) -> &Notify {
        match worker {
            BackgroundWorker::Outbox => &self.outbox,
            BackgroundWorker::TelegramInbox => &self.telegram_inbox,
        }
    }

    /// Wakes the worker; a busy worker checks for work again when it is done.
    pub fn wake(&self, worker: BackgroundWorker) {
        self.notify_of(worker).notify_one();
    }

    /// Waits for the next wake-up of the worker.
    pub async fn wait_for_work(&self, worker: BackgroundWorker) {
        self.notify_of(worker).notified().await;
    }
}
