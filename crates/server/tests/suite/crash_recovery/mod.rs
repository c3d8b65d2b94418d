//! Recovery from crashes: the server process is killed at random moments while users work with the
//! bot. Nothing is lost, nothing is half done, and every user can continue.

mod data;
mod invariants;
mod workload;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use telegram_fake::FakeTelegram;

use crate::harness::Backend;
use crate::harness::server_process::{ServerProcess, ServerSetup};
use workload::Workload;

/// Users who work at the same time.
const CONCURRENT_USERS: usize = 12;
/// Longest that the end of all work is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The bot is idle when it has neither received nor sent anything for this long.
const IDLE_TIME: Duration = Duration::from_secs(3);

/// Both databases at the same time, because the test mostly waits. On PostgreSQL a server starts more
/// slowly, so it is killed less often and lives longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_nothing() {
    tokio::join!(
        survive_kills(Backend::Sqlite, 100, Duration::from_millis(700)),
        survive_kills(Backend::Postgres, 25, Duration::from_millis(1_500)),
    );
}

/// Kills the server so many times, after an uptime of at most `max_uptime`: a conversation takes a few of
/// these.
async fn survive_kills(backend: Backend, kills: usize, max_uptime: Duration) {
    let telegram = FakeTelegram::start();
    let workload = Arc::new(Workload::build(backend, &telegram).await);
    let setup = workload
        .setup()
        .with_variable("TELEGRAM_BOT_TOKEN", telegram.token())
        .with_variable("TELEGRAM_API_URL", &telegram.api_url());
    let (over, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut users = Vec::new();
    for lane in 0..CONCURRENT_USERS {
        let (workload, over, finished) =
            (Arc::clone(&workload), Arc::clone(&over), Arc::clone(&finished));
        users.push(tokio::spawn(async move {
            let mut turn = lane;
            while !over.load(Ordering::SeqCst) && workload.run_user(turn).await {
                finished.fetch_add(1, Ordering::SeqCst);
                turn += CONCURRENT_USERS;
            }
        }));
    }
    let server = kill_repeatedly(&setup, kills, max_uptime, &workload).await;
    over.store(true, Ordering::SeqCst);
    for user in users {
        user.await.unwrap();
    }
    wait_until_idle(&telegram).await;
    drop(server);
    let finished = finished.load(Ordering::SeqCst);
    assert!(finished >= CONCURRENT_USERS, "{backend:?}: only {finished} users have finished");
    workload.assert_consistent().await;
}

/// Starts and kills the server so many times. Returns one that stays alive.
async fn kill_repeatedly(
    setup: &ServerSetup,
    kills: usize,
    max_uptime: Duration,
    workload: &Workload,
) -> ServerProcess {
    let mut random = StdRng::seed_from_u64(20_261_126);
    let mut server = setup.start().await;
    for _ in 0..kills {
        tokio::time::sleep(random.random_range(Duration::ZERO..max_uptime)).await;
        server.kill();
        workload.expire_leases();
        server = setup.start().await;
    }
    server
}

/// Waits until Telegram has no updates for the bot and the bot sends nothing.
async fn wait_until_idle(telegram: &FakeTelegram) {
    let deadline = Instant::now() + PATIENCE;
    let (mut last_count, mut since) = (usize::MAX, Instant::now());
    while since.elapsed() < IDLE_TIME || telegram.unconfirmed_updates() > 0 {
        let count = telegram.log().iter().filter(|it| it.method != "getupdates").count();
        if count != last_count {
            (last_count, since) = (count, Instant::now());
        }
        assert!(Instant::now() < deadline, "the bot never becomes idle");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
