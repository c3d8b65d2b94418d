//! Ten thousand messages through a Telegram that fails every fifth time and is away for a while.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::Tx;
use notify::telegram::Limits;
use services::Error;
use services::outbox::{self, Recipient};
use shared::job::Job;
use shared::message::MessageStatus;
use shared::{ChatId, Page, Role};
use telegram_fake::{Outcome, Person};

use super::world::low_stock;
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client};
use crate::on_both_databases;

on_both_databases!(starting: ten_thousand_messages_survive_a_bad_telegram);

const CHATS: usize = 500;
const EACH: i64 = 20;
const FAIL_PERCENT: u32 = 20;
const AWAY: Duration = Duration::from_secs(3);
/// Of the time that the permitted rate alone would take, how much may be added by a machine that has
/// other things to do, and by the pauses before what failed is tried again.
const SLACK: f64 = 1.4;
/// Lists that are read before, to know how long one takes.
const CALM_READS: usize = 40;

async fn queue(t: &TelegramApp, people: &[Person]) {
    let chats: Vec<ChatId> = people.iter().map(|person| ChatId(person.id())).collect();
    for on_hand in 0..EACH {
        let chats = chats.clone();
        let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
            let notice = low_stock(on_hand);
            let occasion = on_hand.to_string();
            for chat in &chats {
                outbox::send(tx, Recipient::Chat(*chat), &notice, &occasion)?;
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
        Limits { per_second: 700, chat_pause: Duration::from_millis(50), ..Limits::default() };
    survive(backend, limits, Duration::from_secs(180)).await;
}

/// As fast as Telegram permits: ten thousand take minutes, and not many more than they must.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_telegrams_rate_ten_thousand_messages_leave_as_fast_as_they_may() {
    let limits = Limits::default();
    let (took, requests) = survive(Backend::Sqlite, limits, Duration::from_secs(900)).await;
    let permitted = requests as f64 / f64::from(limits.per_second) + AWAY.as_secs_f64();
    let took = took.as_secs_f64();
    eprintln!("{requests} requests in {took:.0} s; the rate alone permits {permitted:.0} s");
    assert!(took <= permitted * SLACK, "{took} s instead of {permitted} s");
}

/// How long the queue took to drain, and how many requests Telegram got.
async fn survive(backend: Backend, limits: Limits, patience: Duration) -> (Duration, usize) {
    let per_chat = (1_000 / limits.chat_pause.as_millis()) as u32;
    let t = TelegramApp::start_running(backend, limits).await;
    let admin = t.app.login(Role::Admin).await;
    let mut calm = Vec::new();
    for _ in 0..CALM_READS {
        calm.push(read_once(&admin).await);
    }
    let people: Vec<Person> = (0..CHATS).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(Person::open_chat);
    t.telegram.enforce_limits(limits.per_second, per_chat);
    t.telegram.fail_share(FAIL_PERCENT, 7);
    queue(&t, &people).await;
    let begun = Instant::now();
    let drained = AtomicBool::new(false);
    let ((), busy) = tokio::join!(drain(&t, &drained, patience), read_meanwhile(&admin, &drained));
    let took = begun.elapsed();
    let requests = check(&t, &people);
    let (calm, busy) = (median(calm), median(busy));
    eprintln!(
        "{backend:?}: drained in {took:?}, a list took {calm:?} before and {busy:?} meanwhile"
    );
    assert!(busy < calm * 5 + Duration::from_millis(20), "{calm:?} became {busy:?}");
    (took, requests)
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
            t.telegram.go_away();
            tokio::time::sleep(AWAY).await;
            t.telegram.come_back();
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

/// How many requests to send there were.
fn check(t: &TelegramApp, people: &[Person]) -> usize {
    let log = t.telegram.log();
    let sends = log.iter().filter(|it| it.method == "sendmessage");
    let mut ended: BTreeMap<&'static str, usize> = BTreeMap::new();
    for send in sends {
        let name = match send.outcome {
            Outcome::Done => "done",
            Outcome::AnswerLost => "answer lost",
            Outcome::Refused | Outcome::Failed => "failed",
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
    ended.values().sum()
}
