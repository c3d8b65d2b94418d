//! What leaves first, and how fast.

use std::time::{Duration, Instant};

use db::Tx;
use notify::ChannelLimits;
use notify::telegram::LIMITS;
use services::Error;
use services::outbox::{self, Recipient};
use shared::ChatId;
use shared::notification::MessageStatus;
use telegram_fake::{Fault, TestUser};

use super::fixtures::{all_sent, answer, is_quiet, low_stock, until};
use crate::harness::Backend;
use crate::harness::telegram::{TelegramApp, fast};
use crate::on_both_databases;

on_both_databases!(starting:
    messages_of_a_chat_keep_their_order,
    a_broadcast_does_not_delay_responses,
    a_chat_gets_one_message_per_interval,
    the_global_rate_limit_per_second_is_kept,
);

async fn messages_of_a_chat_keep_their_order(backend: Backend) {
    let t = TelegramApp::start_running(backend, fast()).await;
    let budi = t.person("Budi");
    budi.open_chat();
    t.telegram.fail_next(Some("sendMessage"), Fault::Status(500), 2);
    let texts = ["satu", "dua", "tiga", "empat", "lima"];
    answer(&t.app, budi.id(), &texts).await;
    until(&t.app, "all are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), texts);
}

/// One notice for each.
async fn notices(t: &TelegramApp, people: &[TestUser]) {
    let chats: Vec<ChatId> = people.iter().map(|person| ChatId(person.id())).collect();
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for chat in &chats {
            outbox::enqueue(tx, Recipient::Chat(*chat), &low_stock(1), "1")?;
        }
        Ok(())
    };
    t.app.db.write(queue).await.unwrap();
}

fn crowd(t: &TelegramApp, count: usize) -> Vec<TestUser> {
    let people: Vec<TestUser> = (0..count).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    people
}

async fn a_broadcast_does_not_delay_responses(backend: Backend) {
    let limits = ChannelLimits { per_second: 20, ..fast() };
    let t = TelegramApp::start_running(backend, limits).await;
    let people = crowd(&t, 100);
    let budi = t.person("Budi");
    budi.open_chat();
    notices(&t, &people).await;
    until(&t.app, "some have left", |rows| {
        !is_quiet(rows) && rows.iter().any(|it| it.status != MessageStatus::Pending)
    })
    .await;
    let asked = Instant::now();
    answer(&t.app, budi.id(), &["Ini jawabannya"]).await;
    budi.expect("Ini jawabannya").await;
    let waited = asked.elapsed();
    let rows = super::fixtures::rows(&t.app).await;
    let waiting = rows.iter().filter(|row| row.status == MessageStatus::Pending).count();
    assert!(waiting > 40, "the answer came after {} notices", 100 - waiting);
    assert!(waited < Duration::from_secs(1), "{waited:?}");
}

async fn a_chat_gets_one_message_per_interval(backend: Backend) {
    let pause = Duration::from_millis(300);
    let t =
        TelegramApp::start_running(backend, ChannelLimits { address_interval: pause, ..fast() })
            .await;
    let (budi, siti) = (t.person("Budi"), t.person("Siti"));
    budi.open_chat();
    siti.open_chat();
    answer(&t.app, budi.id(), &["satu", "dua", "tiga"]).await;
    answer(&t.app, siti.id(), &["satu", "dua", "tiga"]).await;
    until(&t.app, "all are sent", all_sent).await;
    for person in [&budi, &siti] {
        assert_eq!(person.chat().texts(), ["satu", "dua", "tiga"]);
        let log = t.telegram.log();
        let at: Vec<Instant> =
            log.iter().filter(|it| it.chat == Some(person.id())).map(|it| it.at).collect();
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= pause), "{at:?}");
    }
}

async fn the_global_rate_limit_per_second_is_kept(backend: Backend) {
    let limits = LIMITS;
    let t = TelegramApp::start_running(backend, limits).await;
    t.telegram.enforce_limits(limits.per_second, 1);
    let people = crowd(&t, 60);
    let begun = Instant::now();
    for person in &people {
        answer(&t.app, person.id(), &["Halo"]).await;
    }
    until(&t.app, "all are sent", all_sent).await;
    assert_eq!(t.telegram.violations(), 0);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
