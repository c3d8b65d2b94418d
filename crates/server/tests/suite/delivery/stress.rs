//! Delivery of ten thousand messages through a Telegram that fails for every fifth request.

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

use super::fixtures::low_stock_notice;
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client};
use crate::on_both_databases;

on_both_databases!(starting: ten_thousand_messages_survive_an_unreliable_telegram);

const CHATS: usize = 500;
/// Messages of the first run, in which nothing fails.
const BASELINE_MESSAGES: usize = 120;
const MESSAGES_PER_CHAT: i64 = 20;
const FAIL_PERCENT: u32 = 20;
const OUTAGE: Duration = Duration::from_secs(3);
/// Requests that measure the normal response time.
const BASELINE_READS: usize = 40;

async fn enqueue_notices(bot_app: &TelegramApp, people: &[TestUser], each: i64) {
    let chats: Vec<ChatId> = people.iter().map(|person| ChatId(person.id())).collect();
    for on_hand in 0..each {
        let chats = chats.clone();
        let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
            let notice = low_stock_notice(on_hand);
            let dedupe_key = on_hand.to_string();
            for chat in &chats {
                outbox::enqueue(tx, Recipient::Chat(*chat), &notice, &dedupe_key)?;
            }
            Ok(())
        };
        bot_app.app.db.write(queue).await.unwrap();
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

/// Counts the open messages.
async fn open_messages(bot_app: &TelegramApp) -> i64 {
    let count = |conn: &mut db::Conn| db::tables::outbox::count_open(conn);
    let open = bot_app.app.db.read(count).await.unwrap();
    let waits = |status| status != MessageStatus::Dead;
    open.iter().filter(|(_, status, _)| waits(*status)).map(|(.., count)| count).sum()
}

/// Limits so high that the speed of the machine decides.
async fn ten_thousand_messages_survive_an_unreliable_telegram(backend: Backend) {
    let limits =
        ChannelLimits { per_second: 700, address_interval: Duration::from_millis(50), ..LIMITS };
    deliver_all(backend, limits, Duration::from_secs(180)).await;
}

/// What a server sends by default is paced: that many messages take that long at least, on any machine. How
/// fast they leave is shown with a clock of its own where the pace is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_default_limits_stay_below_telegrams_rate() {
    let limits = LIMITS;
    assert!(limits.per_second < 30);
    let bot_app = TelegramApp::start_with_running_clock(Backend::Sqlite, limits).await;
    let people: Vec<TestUser> =
        (0..BASELINE_MESSAGES).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    let begun = Instant::now();
    enqueue_notices(&bot_app, &people, 1).await;
    let deadline = begun + Duration::from_secs(60);
    while open_messages(&bot_app).await > 0 {
        assert!(Instant::now() < deadline, "they are not sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The first second may contain a whole burst, each later one no more than the rate.
    let least = Duration::from_secs((BASELINE_MESSAGES / limits.per_second as usize) as u64);
    assert!(begun.elapsed() >= least, "{BASELINE_MESSAGES} were sent within {:?}", begun.elapsed());
}

/// Delivers ten thousand messages and checks the outcome.
async fn deliver_all(backend: Backend, limits: ChannelLimits, patience: Duration) {
    let per_chat = (1_000 / limits.address_interval.as_millis()) as u32;
    let bot_app = TelegramApp::start_with_running_clock(backend, limits).await;
    let admin = bot_app.app.sign_in_as(Role::Admin).await;
    let mut baseline = Vec::new();
    for _ in 0..BASELINE_READS {
        baseline.push(read_once(&admin).await);
    }
    let people: Vec<TestUser> =
        (0..CHATS).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    // Requests that were delayed by a busy machine arrive together.
    let under_way = limits.max_concurrent as u32;
    bot_app.telegram.enforce_limits(limits.per_second + under_way, per_chat);
    bot_app.telegram.fail_randomly(FAIL_PERCENT, 7);
    enqueue_notices(&bot_app, &people, MESSAGES_PER_CHAT).await;
    let begun = Instant::now();
    let drained = AtomicBool::new(false);
    let ((), busy) =
        tokio::join!(drain(&bot_app, &drained, patience), read_meanwhile(&admin, &drained));
    let took = begun.elapsed();
    check(&bot_app, &people);
    let (baseline, busy) = (median(baseline), median(busy));
    eprintln!(
        "{backend:?}: drained in {took:?}, a list took {baseline:?} before and {busy:?} meanwhile"
    );
    // Other work on the machine is not measured, only that requests do not wait for the queue.
    assert!(busy < baseline * 20 + Duration::from_millis(500), "{baseline:?} became {busy:?}");
}

/// Waits until the outbox is empty; Telegram fails when a third has been sent.
async fn drain(bot_app: &TelegramApp, drained: &AtomicBool, patience: Duration) {
    let begun = Instant::now();
    let all = CHATS as i64 * MESSAGES_PER_CHAT;
    let mut was_away = false;
    loop {
        let left = open_messages(bot_app).await;
        if left < all * 2 / 3 && !was_away {
            was_away = true;
            bot_app.telegram.shut_down();
            tokio::time::sleep(OUTAGE).await;
            bot_app.telegram.restart();
        }
        if left == 0 {
            break;
        }
        assert!(begun.elapsed() < patience, "{left} are still open");
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

fn check(bot_app: &TelegramApp, people: &[TestUser]) {
    let log = bot_app.telegram.log();
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
        let wanted = (0..MESSAGES_PER_CHAT).map(|on_hand| format!("tinggal {on_hand},"));
        let in_order = wanted.zip(&first_seen).all(|(part, text)| text.contains(&part));
        assert!(
            first_seen.len() as i64 == MESSAGES_PER_CHAT && in_order,
            "{}",
            person.transcript()
        );
    }
    eprintln!("requests by how they ended: {ended:?}; messages that arrived twice: {repeated}");
    assert!(ended["failed"] > CHATS, "Telegram was not unreliable enough: {ended:?}");
    // A message is repeated only where its response was lost.
    assert!(repeated <= ended["answer lost"], "{repeated} arrived twice, {ended:?}");
    assert_eq!(bot_app.telegram.violations(), 0, "faster than allowed");
}
