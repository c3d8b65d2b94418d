//! The threads that read.
//!
//! About as many read at the same time as there are processors. With a thread for each request the processors would
//! spend much of their time on switching between threads. When the first read in the queue waits for long, because the
//! others are slow or wait for the disk, another thread helps.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// A read that waits for so long gets another thread.
const PATIENCE: Duration = Duration::from_millis(5);

type Job = Box<dyn FnOnce() + Send>;

/// The queue of reads and its threads, which end when this is dropped.
pub(crate) struct Readers(Arc<ReadQueue>);

/// Number of threads that read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReaderThreads {
    /// At the same time, while no read is slow.
    pub usual: usize,
    /// At most: each needs a connection of its own.
    pub most: usize,
}

struct ReadQueue {
    threads: ReaderThreads,
    state: Mutex<State>,
    /// A thread shall read.
    arrived: Condvar,
    /// A read has to wait.
    waiting: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<(Instant, Job)>,
    /// Threads that read, or have been called to.
    active: usize,
    /// Threads that have been called and have not started.
    called: usize,
    /// Whether the watch looks at the queue.
    watched: bool,
    closed: bool,
}

impl Readers {
    /// Starts the threads.
    ///
    /// # Errors
    /// A thread can not be started.
    pub fn start(threads: ReaderThreads) -> std::io::Result<Self> {
        let queue = Arc::new(ReadQueue {
            threads,
            state: Mutex::default(),
            arrived: Condvar::new(),
            waiting: Condvar::new(),
        });
        let readers = Self(Arc::clone(&queue));
        for number in 1..=threads.most {
            let queue = Arc::clone(&queue);
            let builder = std::thread::Builder::new().name(format!("reader-{number}"));
            builder.spawn(move || queue.read_until_closed())?;
        }
        let builder = std::thread::Builder::new().name("reader-watch".to_owned());
        builder.spawn(move || queue.watch_until_closed())?;
        Ok(readers)
    }

    /// Runs `read` on one of the threads. `None` if it panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.0.push(Box::new(move || {
            // The caller may be gone, for example because a browser closed its connection.
            if !reply.is_closed() {
                let _ = reply.send(read());
            }
        }));
        answer.await.ok()
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.arrived.notify_all();
        self.0.waiting.notify_all();
    }
}

impl ReadQueue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid after each statement, so a panic elsewhere did not damage it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) {
        let mut state = self.lock();
        state.jobs.push_back((Instant::now(), job));
        if state.active < self.threads.usual {
            self.call_thread(&mut state);
        } else if !state.watched {
            state.watched = true;
            self.waiting.notify_one();
        }
    }

    fn call_thread(&self, state: &mut State) {
        if state.active < self.threads.most {
            state.active += 1;
            state.called += 1;
            self.arrived.notify_one();
        }
    }

    fn read_until_closed(&self) {
        let mut state = self.lock();
        loop {
            while state.called == 0 {
                if state.closed {
                    return;
                }
                state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.called -= 1;
            while let Some((_, job)) = state.jobs.pop_front() {
                drop(state);
                // The caller learns of a panic by the dropped channel.
                let _ = catch_unwind(AssertUnwindSafe(job));
                state = self.lock();
            }
            state.active -= 1;
        }
    }

    fn watch_until_closed(&self) {
        let mut state = self.lock();
        while !state.closed {
            if !state.watched {
                state = self.waiting.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let waited = self.waiting.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            match state.jobs.front() {
                Some((since, _)) if since.elapsed() >= PATIENCE => self.call_thread(&mut state),
                Some(_) => {}
                None => state.watched = false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Longer than any test needs.
    const LONG: Duration = Duration::from_secs(20);

    fn readers(usual: usize, most: usize) -> Readers {
        Readers::start(ReaderThreads { usual, most }).unwrap()
    }

    #[tokio::test]
    async fn a_read_returns_its_result() {
        assert_eq!(readers(1, 1).run(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn a_panic_stops_neither_the_thread_nor_the_next_read() {
        let readers = readers(1, 1);
        assert_eq!(readers.run(|| -> u8 { panic!("a fault in the program") }).await, None);
        assert_eq!(readers.run(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn slow_reads_do_not_keep_others_waiting() {
        let readers = readers(1, 3);
        let (finish, finished) = mpsc::channel::<()>();
        let finished = Mutex::new(finished);
        let slow = readers.run(move || finished.lock().unwrap().recv_timeout(LONG).is_ok());
        let quick = async {
            let seven = readers.run(|| 7).await;
            finish.send(()).unwrap();
            seven
        };
        assert_eq!(tokio::join!(slow, quick), (Some(true), Some(7)));
    }

    #[tokio::test]
    async fn all_reads_run_when_there_are_more_than_threads() {
        let readers = readers(2, 2);
        let reads = (0..200).map(|number| readers.run(move || number));
        let results = futures_util::future::join_all(reads).await;
        assert_eq!(results, (0..200).map(Some).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_read_that_nobody_waits_for_is_left_out() {
        let readers = readers(1, 1);
        let (finish, finished) = mpsc::channel::<()>();
        let finished = Mutex::new(finished);
        let slow = readers.run(move || finished.lock().unwrap().recv_timeout(LONG).is_ok());
        let (ran, has_run) = mpsc::channel();
        let abandoned = async {
            let mut read = Box::pin(readers.run(move || ran.send(())));
            // Puts it into the queue.
            assert!(futures_util::poll!(&mut read).is_pending());
            drop(read);
            finish.send(()).unwrap();
        };
        assert_eq!(tokio::join!(slow, abandoned).0, Some(true));
        assert_eq!(readers.run(|| 7).await, Some(7));
        assert!(has_run.try_recv().is_err());
    }

    #[tokio::test]
    async fn threads_end_with_the_readers() {
        let readers = readers(2, 3);
        readers.run(|| ()).await;
        let queue = Arc::downgrade(&readers.0);
        drop(readers);
        let deadline = Instant::now() + LONG;
        while queue.strong_count() > 0 {
            assert!(Instant::now() < deadline, "a thread goes on");
            std::thread::yield_now();
        }
    }
}
