//! The queue in front of the slow hashes, and the threads that compute them.

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

/// bcrypt cost of recovery codes: they are random, so a quarter of the work is plenty.
const RECOVERY_CODE_COST: u32 = 10;

/// Hashes that may wait for each thread that computes them: about two seconds of work.
const MAX_QUEUED_PER_THREAD: usize = 8;
/// Seconds after which whoever found the queue full may come again.
const RETRY_AFTER_SECONDS: u64 = 2;

type Job = Box<dyn FnOnce() + Send>;

/// Who waits for a hash. Each kind has places of its own, so that none fills those of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueClass {
    /// Somebody signed in, or who tries to sign in from a device or place where that worked before:
    /// comes first.
    Known,
    /// Anybody else.
    Unknown,
}

/// Hashes and checks passwords on threads of its own, of the lowest priority: a storm of logins gets
/// only what everything else leaves of the cores. What can not be done soon is refused at once.
#[derive(Clone)]
pub struct Hasher {
    queue: JobSender,
    known: Arc<Semaphore>,
    unknown: Arc<Semaphore>,
    done: Arc<AtomicU64>,
    cost: u32,
}

impl Hasher {
    /// At most `at_once` hashes in flight. The threads end with the last copy.
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

    /// A place in the queue, before anything else is done for a password.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] at once if too many of this kind wait already.
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
    /// Too many wait already; no randomness to be had.
    pub async fn hash(&self, waiting: QueueClass, password: String) -> Result<String> {
        self.reserve(waiting)?.hash(password).await
    }

    /// How many pieces of work were done so far.
    pub fn completed(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

/// The way in: a job, and then a bell for whichever thread is free.
#[derive(Clone)]
struct JobSender {
    known: Sender<Job>,
    unknown: Sender<Job>,
    wakeups: Sender<()>,
}

/// The way out.
struct JobReceiver {
    known: Receiver<Job>,
    unknown: Receiver<Job>,
    wakeups: Receiver<()>,
}

fn queue() -> (JobSender, JobReceiver) {
    let ((known, known_jobs), (strangers, strange_jobs), (bell, rings)) =
        (channel(), channel(), channel());
    (
        JobSender { known, unknown: strangers, wakeups: bell },
        JobReceiver { known: known_jobs, unknown: strange_jobs, wakeups: rings },
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
    /// The next job, those of known people first; `None` once nobody can send another.
    fn next(&self) -> Option<Job> {
        self.wakeups.recv().ok()?;
        self.known.try_recv().or_else(|_| self.unknown.try_recv()).ok()
    }
}

/// The life of one thread.
fn run_worker(jobs: &Mutex<JobReceiver>) {
    if let Err(error) = thread_priority::set_current_thread_priority(ThreadPriority::Min) {
        log::warn!("password hashes run at normal priority: {error}");
    }
    loop {
        let next = jobs.lock().ok().and_then(|jobs| jobs.next());
        let Some(job) = next else { return };
        // Whoever waits for a job that panicked finds its answer dropped.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// A place in the queue of [`Hasher`]. It is free again when it is dropped and its work is done.
pub struct QueueSlot {
    hasher: Hasher,
    waiting: QueueClass,
    permit: Arc<OwnedSemaphorePermit>,
}

impl QueueSlot {
    /// Hashes a new password.
    ///
    /// # Errors
    /// No randomness to be had.
    pub async fn hash(&self, password: String) -> Result<String> {
        let cost = self.hasher.cost;
        self.run(move || hash(&password, cost)).await?
    }

    /// Whether the password belongs to the hash. Without a hash (unknown user) the same work is
    /// done for nothing, so that the time tells nothing.
    ///
    /// # Errors
    /// The worker stopped.
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

    /// Hashes a set of recovery codes, with one salt for the set: so that a code that comes back has
    /// to be hashed only once, whichever of them it is.
    ///
    /// # Errors
    /// The worker stopped.
    pub async fn hash_codes(&self, codes: Vec<String>) -> Result<Vec<String>> {
        let (cost, salt) = (self.hasher.cost.min(RECOVERY_CODE_COST), rand::random());
        let hash_all = move || codes.iter().map(|code| hash_with_salt(code, cost, salt)).collect();
        self.run(hash_all).await?
    }

    /// Which of the hashes of a set belongs to this recovery code. Without hashes the same work is done
    /// for nothing, so that the time tells nothing.
    ///
    /// # Errors
    /// The worker stopped; a stored hash is none.
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
            // Nobody waits any more: whoever asked has hung up.
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
        let noted = |who: &'static str| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push(who)
        };
        let stranger = strangers[0].run(noted("stranger"));
        let owner = known.run(noted("known"));
        // Both wait for the thread, the stranger since before.
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
        // The first job is on its way before the second one.
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
        // proc(5): the nice value is the 19th field, the 17th after the name in brackets.
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
