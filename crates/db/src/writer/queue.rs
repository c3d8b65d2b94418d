//! The queue between those who change something and the threads that write.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::change::WriteJob;
use crate::error::DbError;

type Change = Box<dyn WriteJob>;

/// Changes in the order in which they arrived.
pub(super) struct WriteQueue {
    state: Mutex<QueueState>,
    arrived: Condvar,
}

struct QueueState {
    changes: VecDeque<Change>,
    closed: bool,
    /// Threads that still write.
    threads: usize,
    /// Told when the last thread has ended.
    closing: Vec<oneshot::Sender<()>>,
}

impl WriteQueue {
    pub fn new(threads: usize) -> Self {
        let state =
            QueueState { changes: VecDeque::new(), closed: false, threads, closing: Vec::new() };
        Self { state: Mutex::new(state), arrived: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        // The state is valid after each statement, so a panic elsewhere did not damage it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a change.
    pub fn push(&self, change: Change) -> Result<(), DbError> {
        let mut state = self.lock();
        if state.closed {
            return Err(DbError::Stopped);
        }
        state.changes.push_back(change);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for a change; `None` at the end.
    pub fn wait(&self) -> Option<Change> {
        let mut state = self.lock();
        loop {
            if let Some(change) = state.changes.pop_front() {
                return Some(change);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Returns the next change if one is queued.
    pub fn next(&self) -> Option<Change> {
        self.lock().changes.pop_front()
    }

    /// Takes no more changes; the queued ones are still written. `done` is told at the end.
    pub fn close(&self, done: Option<oneshot::Sender<()>>) {
        let mut state = self.lock();
        state.closed = true;
        if state.threads > 0 {
            state.closing.extend(done);
        }
        drop(state);
        self.arrived.notify_all();
    }

    /// Marks the calling thread as one that writes, until the value is dropped, also by a panic.
    pub fn running_thread(&self) -> RunningThread<'_> {
        RunningThread(self)
    }

    fn thread_ended(&self) {
        let mut state = self.lock();
        state.threads = state.threads.saturating_sub(1);
        if state.threads == 0 {
            // Nobody is left to write them: their callers learn that by the dropped channel.
            state.closed = true;
            state.changes.clear();
            state.closing.drain(..).for_each(|done| {
                let _ = done.send(());
            });
        }
    }
}

/// A thread that writes. When the last one ends, nobody waits for it any longer.
pub(super) struct RunningThread<'a>(&'a WriteQueue);

impl Drop for RunningThread<'_> {
    fn drop(&mut self) {
        self.0.thread_ended();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;

    use super::*;
    use crate::tx::Tx;
    use crate::writer::change::{Answer, WriteOutcome};

    struct Unwritten;

    impl WriteJob for Unwritten {
        fn run(&mut self, _: Tx<'_>) -> WriteOutcome {
            WriteOutcome::Panicked
        }

        fn answer(&mut self, _: Result<Answer, DbError>) {}
    }

    #[test]
    fn nothing_is_queued_for_a_thread_that_has_panicked() {
        let queue = Arc::new(WriteQueue::new(1));
        queue.push(Box::new(Unwritten)).unwrap();
        let thread = Arc::clone(&queue);
        let ended = catch_unwind(AssertUnwindSafe(move || {
            let _running = thread.running_thread();
            panic!("outside of a change");
        }));
        assert!(ended.is_err());
        assert!(matches!(queue.push(Box::new(Unwritten)), Err(DbError::Stopped)));
        assert!(queue.next().is_none(), "the callers of queued changes learn it");
    }
}
