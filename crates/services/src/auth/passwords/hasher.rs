//! Queue and worker threads for password hashing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use bcrypt::HashParts;
use shared::ErrorCode;
use subtle::ConstantTimeEq;
use thread_priority::ThreadPriority;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{bcrypt_error, hash, hash_with_salt, pre_hash};
use crate::error::{Error, Result};

/// bcrypt cost of recovery codes: they are random, so a quarter of the work is sufficient.
const RECOVERY_CODE_COST: u32 = 10;

/// Queued hashes per thread: about two seconds of work.
const MAX_QUEUED_PER_THREAD: usize = 8;
/// Seconds after which a caller that found the queue full may retry.
const RETRY_AFTER_SECONDS: u64 = 2;

type Job = Box<dyn FnOnce() + Send>;

/// Priority class of a hash. Each class has its own slots, so that neither can fill the other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueClass {
    /// A signed-in user, or a login from a device or network where it worked before: served first.
    Known,
    /// Anyone else.
    Unknown,
}

/// Hashes and verifies passwords on threads of the lowest priority, so that a burst of logins gets
/// only the CPU time that everything else leaves. Work that can not be done soon is rejected at
/// once.
#[derive(Clone)]
pub struct Hasher {
    queue: JobSender,
    known: Arc<Semaphore>,
    unknown: Arc<Semaphore>,
    done: Arc<AtomicU64>,
    cost: u32,
}

impl Hasher {
    /// Computes at most `at_once` hashes in parallel. The threads end with the last clone.
    pub fn new(at_once: usize, cost: u32) -> Self {
        let at_once = at_once.max(1);
        let (queue, jobs) = queue();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..at_once {
            let jobs = Arc::clone(&jobs);
            let thread = std::thread::Builder::new().name("password-hash".into());
            if let Err(error) = thread.spawn(move || run_worker(&jobs)) {
                log::error!("a thread for password hashes does not start: {error}");
            }
        }
        let places = || Arc::new(Semaphore::new(at_once * (1 + MAX_QUEUED_PER_THREAD)));
        Self { queue, known: places(), unknown: places(), done: Arc::default(), cost }
    }

    /// Reserves a slot in the queue; do this before any other work for a password.
    ///
    /// # Errors
    /// `Unavailable` if too many of this class are queued.
    pub fn reserve(&self, waiting: QueueClass) -> Result<QueueSlot> {
        let places = match waiting {
            QueueClass::Known => &self.known,
            QueueClass::Unknown => &self.unknown,
        };
        match Arc::clone(places).try_acquire_owned() {
            Ok(permit) => Ok(QueueSlot { hasher: self.clone(), waiting, permit: Arc::new(permit) }),
            Err(_) => Err(Error::refuse_with(ErrorCode::Unavailable, RETRY_AFTER_SECONDS)),
        }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hash(&self, waiting: QueueClass, password: String) -> Result<String> {
        self.reserve(waiting)?.hash(password).await
    }

    /// Number of hashes computed so far.
    pub fn completed(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

/// Sending side: a job, followed by a wake-up for whichever thread is idle.
#[derive(Clone)]
struct JobSender {
    known: Sender<Job>,
    unknown: Sender<Job>,
    wakeups: Sender<()>,
}

/// Receiving side.
struct JobReceiver {
    known: Receiver<Job>,
    unknown: Receiver<Job>,
    wakeups: Receiver<()>,
}

fn queue() -> (JobSender, JobReceiver) {
    let ((known, known_jobs), (strangers, strange_jobs), (wakeups, wakeup_receiver)) =
        (channel(), channel(), channel());
    (
        JobSender { known, unknown: strangers, wakeups },
        JobReceiver { known: known_jobs, unknown: strange_jobs, wakeups: wakeup_receiver },
    )
}

impl JobSender {
    fn send(&self, waiting: QueueClass, job: Job) -> Result<()> {
        let stopped = || Error::Internal("the password hash threads stopped".into());
        let way = match waiting {
            QueueClass::Known => &self.known,
            QueueClass::Unknown => &self.unknown,
        };
        way.send(job).map_err(|_| stopped())?;
        self.wakeups.send(()).map_err(|_| stopped())
    }
}

impl JobReceiver {
    /// The next job, known callers first; `None` once all senders are gone.
    fn next(&self) -> Option<Job> {
        self.wakeups.recv().ok()?;
        self.known.try_recv().or_else(|_| self.unknown.try_recv()).ok()
    }
}

/// Loop of a worker thread.
fn run_worker(jobs: &Mutex<JobReceiver>) {
    if let Err(error) = thread_priority::set_current_thread_priority(ThreadPriority::Min) {
        log::warn!("password hashes run at normal priority: {error}");
    }
    loop {
        let next = jobs.lock().ok().and_then(|jobs| jobs.next());
        let Some(job) = next else { return };
        // The caller of a job that panicked gets an error, because its reply channel is dropped.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// A slot in the queue of [`Hasher`]; released when it is dropped and its work is done.
pub struct QueueSlot {
    hasher: Hasher,
    waiting: QueueClass,
    permit: Arc<OwnedSemaphorePermit>,
}

impl QueueSlot {
    /// Hashes a new password.
    pub async fn hash(&self, password: String) -> Result<String> {
        let cost = self.hasher.cost;
        self.run(move || hash(&password, cost)).await?
    }

    /// Verifies a password. Without a stored hash (unknown user) it does the same work, so that the
    /// duration reveals nothing.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let cost = self.hasher.cost;
        self.run(move || match stored {
            Some(stored) => bcrypt::verify(pre_hash(&password), &stored).unwrap_or(false),
            None => {
                let _ = hash(&password, cost);
                false
            }
        })
        .await
    }

    /// Hashes a set of recovery codes with one salt, so that a code needs to be hashed only once to
    /// be found in the set.
    pub async fn hash_codes(&self, codes: Vec<String>) -> Result<Vec<String>> {
        let (cost, salt) = (self.hasher.cost.min(RECOVERY_CODE_COST), rand::random());
        let hash_all = move || codes.iter().map(|code| hash_with_salt(code, cost, salt)).collect();
        self.run(hash_all).await?
    }

    /// Finds the hash of a recovery code in its set. Without hashes it does the same work, so that
    /// the duration reveals nothing.
    pub async fn find_code(&self, code: String, hashes: Vec<String>) -> Result<Option<String>> {
        let cost = self.hasher.cost.min(RECOVERY_CODE_COST);
        let find = move || {
            let Some(first) = hashes.first() else {
                return hash_with_salt(&code, cost, [0; 16]).map(|_| None);
            };
            let parts: HashParts = first.parse().map_err(bcrypt_error)?;
            let found = hash_with_salt(&code, parts.get_cost(), parts.get_salt_raw())?;
            let same = |hash: &String| bool::from(hash.as_bytes().ct_eq(found.as_bytes()));
            Ok(hashes.into_iter().find(same))
        };
        self.run(find).await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let (place, done) = (Arc::clone(&self.permit), Arc::clone(&self.hasher.done));
        let job = move || {
            // The caller has gone away.
            if reply.is_closed() {
                return;
            }
            let value = work();
            done.fetch_add(1, Ordering::SeqCst);
            drop(place);
            let _ = reply.send(value);
        };
        self.hasher.queue.send(self.waiting, Box::new(job))?;
        answer.await.map_err(|_| Error::Internal("a password hash was not computed".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_busy<T>(result: Result<T>) -> bool {
        matches!(result, Err(Error::Refused(refusal)) if refusal.code == ErrorCode::Unavailable)
    }

    #[tokio::test]
    async fn a_full_queue_rejects_at_once_and_slots_are_released() {
        let hasher = Hasher::new(2, 4);
        let places: Vec<QueueSlot> = (0..2 * (1 + MAX_QUEUED_PER_THREAD))
            .map(|_| hasher.reserve(QueueClass::Unknown).unwrap())
            .collect();
        assert!(is_busy(hasher.hash(QueueClass::Unknown, "rahasia".into()).await));
        assert!(places[0].hash("rahasia".into()).await.is_ok());
        drop(places);
        assert!(hasher.hash(QueueClass::Unknown, "rahasia".into()).await.is_ok());
    }

    #[tokio::test]
    async fn unknown_callers_never_take_slots_of_known_ones_who_go_first() {
        let hasher = Hasher::new(1, 4);
        let (free, held) = channel::<()>();
        let blocking = hasher.reserve(QueueClass::Unknown).unwrap();
        let blocked = tokio::spawn(async move { blocking.run(move || held.recv().is_err()).await });
        tokio::task::yield_now().await;
        let strangers: Vec<QueueSlot> =
            std::iter::from_fn(|| hasher.reserve(QueueClass::Unknown).ok()).collect();
        assert_eq!(strangers.len(), MAX_QUEUED_PER_THREAD);
        let known = hasher.reserve(QueueClass::Known).unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let record = |who: &'static str| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push(who)
        };
        let stranger = strangers[0].run(record("stranger"));
        let owner = known.run(record("known"));
        // Both wait for the thread; the unknown one has been waiting longer.
        let (first, second, ()) = tokio::join!(stranger, owner, async { drop(free) });
        first.unwrap();
        second.unwrap();
        assert!(blocked.await.unwrap().unwrap());
        assert_eq!(*order.lock().unwrap(), ["known", "stranger"]);
    }

    #[tokio::test]
    async fn abandoned_work_is_skipped_and_frees_its_slot() {
        let hasher = Hasher::new(1, 4);
        let (free, held) = channel::<()>();
        let blocking = hasher.reserve(QueueClass::Unknown).unwrap();
        let blocked = tokio::spawn(async move { blocking.run(move || held.recv().is_err()).await });
        // Lets the first job start before the second one.
        tokio::task::yield_now().await;
        let gone = hasher.reserve(QueueClass::Unknown).unwrap();
        let hung_up = tokio::time::timeout(std::time::Duration::ZERO, gone.hash("x".into()));
        assert!(hung_up.await.is_err());
        drop((gone, free));
        assert!(blocked.await.unwrap().unwrap());
        hasher.hash(QueueClass::Unknown, "y".into()).await.unwrap();
        assert_eq!(hasher.completed(), 2);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashes_run_at_the_lowest_priority() {
        let place = Hasher::new(1, 4).reserve(QueueClass::Known).unwrap();
        let stat = place.run(|| std::fs::read_to_string("/proc/thread-self/stat").unwrap());
        let stat = stat.await.unwrap();
        // proc(5): the nice value is field 19, the 17th after the name in parentheses.
        let nice = stat.rsplit(')').next().unwrap().split_whitespace().nth(16).unwrap().to_owned();
        assert_eq!(nice, "19");
    }

    #[tokio::test]
    async fn each_recovery_code_is_found_with_one_hash() {
        let hasher = Hasher::new(1, 4);
        let place = hasher.reserve(QueueClass::Unknown).unwrap();
        let hashes = place.hash_codes(vec!["abcde".into(), "fghij".into()]).await.unwrap();
        let found = place.find_code("fghij".into(), hashes.clone()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&hashes[1]));
        assert_eq!(place.find_code("klmno".into(), hashes).await.unwrap(), None);
        assert_eq!(place.find_code("abcde".into(), Vec::new()).await.unwrap(), None);
        assert_eq!(hasher.completed(), 4);
    }
}
