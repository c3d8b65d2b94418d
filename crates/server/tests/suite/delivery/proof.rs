//! Ten thousand messages through a Telegram that fails every fifth time and is away for a while.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::Tx;
use notify::ChannelLimits;
use notify::telegram::LIMITS;
use services::Error;
use services::outbox::{self, Recipient};
use shared::job::Job;
use shared::notification::MessageStatus;
use shared::{ChatId, Page, Role};
use telegram_fake::{RequestOutcome, TestUser};

use super::world::low_stock;
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client};
use crate::on_both_databases;

on_both_databases!(starting: ten_thousand_messages_survive_a_bad_telegram);

const CHATS: usize = 500;
/// Messages where nothing goes wrong.
const CALM: usize = 120;
const EACH: i64 = 20;
const FAIL_PERCENT: u32 = 20;
const AWAY: Duration = Duration::from_secs(3);
/// Lists that are read before, to know how long one takes.
const CALM_READS: usize = 40;

async fn queue(t: &TelegramApp, people: &[TestUser], each: i64) {
    let chats: Vec<ChatId> = people.iter().map(|person| ChatId(person.id())).collect();
    for on_hand in 0..each {
        let chats = chats.clone();
        let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
            let notice = low_stock(on_hand);
            let occasion = on_hand.to_string();
            for chat in &chats {
                outbox::enqueue(tx, Recipient::Chat(*chat), &notice, &occasion)?;
            }
            Ok(())
        };
        t.app.db.write(queue).await.unwrap();
    }
}

async fn read_once(client: &Client) -> Duration {
    let begun = Instant::now();
    let _: Page<Job> = client.get("/jobs?limit=20").await;
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How many wait, without reading them all.
async fn waiting(t: &TelegramApp) -> i64 {
    let count = |conn: &mut db::Conn| db::tables::outbox::count_open(conn);
    let open = t.app.db.read(count).await.unwrap();
    let waits = |status| status != MessageStatus::Dead;
    open.iter().filter(|(_, status, _)| waits(*status)).map(|(.., count)| count).sum()
}

/// As fast as the machine can, so that both databases have their turn.
async fn ten_thousand_messages_survive_a_bad_telegram(backend: Backend) {
    let limits =
        ChannelLimits { per_second: 700, address_interval: Duration::from_millis(50), ..LIMITS };
    survive(backend, limits, Duration::from_secs(180)).await;
}

/// What a server sends by default is paced: that many messages take that long at least, on any machine. How
/// fast they leave is shown with a clock of its own where the pace is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_a_server_keeps_below_telegrams_rate() {
    let limits = LIMITS;
    assert!(limits.per_second < 30);
    let t = TelegramApp::start_running(Backend::Sqlite, limits).await;
    let people: Vec<TestUser> = (0..CALM).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    let begun = Instant::now();
    queue(&t, &people, 1).await;
    let deadline = begun + Duration::from_secs(60);
    while waiting(&t).await > 0 {
        assert!(Instant::now() < deadline, "they do not leave");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The first second may see the whole rate, each later one no more than it.
    let least = Duration::from_secs((CALM / limits.per_second as usize) as u64);
    assert!(begun.elapsed() >= least, "{CALM} left within {:?}", begun.elapsed());
}

/// Drains a queue of ten thousand.
async fn survive(backend: Backend, limits: ChannelLimits, patience: Duration) {
    let per_chat = (1_000 / limits.address_interval.as_millis()) as u32;
    let t = TelegramApp::start_running(backend, limits).await;
    let admin = t.app.login(Role::Admin).await;
    let mut calm = Vec::new();
    for _ in 0..CALM_READS {
        calm.push(read_once(&admin).await);
    }
    let people: Vec<TestUser> = (0..CHATS).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    // What was under way while the machine did something else arrives together.
    let under_way = limits.max_concurrent as u32;
    t.telegram.enforce_limits(limits.per_second + under_way, per_chat);
    t.telegram.fail_randomly(FAIL_PERCENT, 7);
    queue(&t, &people, EACH).await;
    let begun = Instant::now();
    let drained = AtomicBool::new(false);
    let ((), busy) = tokio::join!(drain(&t, &drained, patience), read_meanwhile(&admin, &drained));
    let took = begun.elapsed();
    check(&t, &people);
    let (calm, busy) = (median(calm), median(busy));
    eprintln!(
        "{backend:?}: drained in {took:?}, a list took {calm:?} before and {busy:?} meanwhile"
    );
    // Work of others on the machine is not what is measured: only that nobody waits for the queue.
    assert!(busy < calm * 20 + Duration::from_millis(500), "{calm:?} became {busy:?}");
}

/// Until nothing waits; Telegram goes away when a third has left.
async fn drain(t: &TelegramApp, drained: &AtomicBool, patience: Duration) {
    let begun = Instant::now();
    let all = CHATS as i64 * EACH;
    let mut was_away = false;
    loop {
        let left = waiting(t).await;
        if left < all * 2 / 3 && !was_away {
            was_away = true;
            t.telegram.shut_down();
            tokio::time::sleep(AWAY).await;
            t.telegram.restart();
        }
        if left == 0 {
            break;
        }
        assert!(begun.elapsed() < patience, "{left} still wait");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(was_away);
    drained.store(true, Ordering::SeqCst);
}

async fn read_meanwhile(client: &Client, drained: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !drained.load(Ordering::SeqCst) {
        times.push(read_once(client).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    times
}

fn check(t: &TelegramApp, people: &[TestUser]) {
    let log = t.telegram.log();
    let sends = log.iter().filter(|it| it.method == "sendmessage");
    let mut ended: BTreeMap<&'static str, usize> = BTreeMap::new();
    for send in sends {
        let name = match send.outcome {
            RequestOutcome::Done => "done",
            RequestOutcome::ResponseLost => "answer lost",
            RequestOutcome::Refused | RequestOutcome::Failed => "failed",
        };
        *ended.entry(name).or_default() += 1;
    }
    let mut repeated = 0;
    for person in people {
        let chat = person.chat();
        let texts = chat.texts();
        let mut first_seen = Vec::new();
        for text in texts {
            if first_seen.contains(&text) {
                repeated += 1;
            } else {
                first_seen.push(text);
            }
        }
        let wanted = (0..EACH).map(|on_hand| format!("tinggal {on_hand},"));
        let in_order = wanted.zip(&first_seen).all(|(part, text)| text.contains(&part));
        assert!(first_seen.len() as i64 == EACH && in_order, "{}", person.transcript());
    }
    eprintln!("requests by how they ended: {ended:?}; messages that arrived twice: {repeated}");
    assert!(ended["failed"] > CHATS, "Telegram was not bad enough: {ended:?}");
    // A message is repeated only where its answer was lost: nobody could know that it had arrived.
    assert!(repeated <= ended["answer lost"], "{repeated} arrived twice, {ended:?}");
    assert_eq!(t.telegram.violations(), 0, "faster than allowed");
}
