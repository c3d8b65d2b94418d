//! What a change is to the threads that write: something to run, and to answer after the commit.

use std::any::Any;

use shared::StorageFault;

use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::tx::{Tx, TxDrafts};
use crate::worker_wakeups::WorkerWakeups;

/// The result of one change, held back until the commit.
pub(super) enum WriteOutcome {
    /// `drafts` are written at the end of the transaction.
    Done {
        answer: Answer,
        drafts: TxDrafts,
    },
    Failed(Failure),
    /// It succeeded, but what it left for the end can not be written.
    Unwritable(DbError),
    Panicked,
}

/// The value for the caller of a change.
pub(super) type Answer = Box<dyn Any + Send>;

/// A failed change.
pub(super) struct Failure {
    pub answer: Answer,
    /// Why the storage is the reason, if it is.
    pub fault: Option<StorageFault>,
    /// Whether the change can succeed when it runs again.
    pub retryable: bool,
}

/// One queued change. It can run several times, but is answered once.
pub(super) trait WriteJob: Send {
    /// Runs the change inside an open transaction.
    fn run(&mut self, tx: Tx<'_>) -> WriteOutcome;
    /// Sends the result to the caller.
    fn answer(&mut self, answer: Result<Answer, DbError>);
}

/// What happens after a commit.
#[derive(Clone)]
pub(super) struct Sinks {
    pub bus: Option<LiveBus>,
    pub worker_wakeups: WorkerWakeups,
}
