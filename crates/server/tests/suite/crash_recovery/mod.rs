//! The server is killed at random moments while people work with the bot: nothing is lost, nothing is
//! half done, and everybody can go on.

mod process;
mod workload;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use telegram_fake::FakeTelegram;

use process::Server;
use workload::Town;

/// How often the server is killed.
const KILLS: usize = 100;
/// People who are at work at the same time.
const AT_ONCE: usize = 12;
/// Longest that a server lives, in milliseconds; a conversation takes a few of these.
const LIFE: u64 = 700;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_nothing() {
    let telegram = FakeTelegram::start();
    let town = Arc::new(Town::build(&telegram).await);
    let server = Server::start(&town, &telegram);
    let (over, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut people = Vec::new();
    for lane in 0..AT_ONCE {
        let (town, over, finished) = (Arc::clone(&town), Arc::clone(&over), Arc::clone(&finished));
        people.push(tokio::spawn(async move {
            let mut turn = lane;
            while !over.load(Ordering::SeqCst) && town.play(turn).await {
                finished.fetch_add(1, Ordering::SeqCst);
                turn += AT_ONCE;
            }
        }));
    }
    let server = kill_often(server, &town, &telegram).await;
    over.store(true, Ordering::SeqCst);
    for person in people {
        person.await.unwrap();
    }
    server.settle(&telegram).await;
    drop(server);
    assert!(finished.load(Ordering::SeqCst) >= AT_ONCE, "people came to the end of what they did");
    town.holds().await;
}

async fn kill_often(mut server: Server, town: &Town, telegram: &FakeTelegram) -> Server {
    let mut random = StdRng::seed_from_u64(20_261_126);
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(random.random_range(0..LIFE))).await;
        server.kill();
        server = Server::start(town, telegram);
    }
    server
}
