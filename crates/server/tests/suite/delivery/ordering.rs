//! Delivery order, priorities and rate limits.

use std::time::{Duration, Instant};

use db::Tx;
use notify::ChannelLimits;
use notify::telegram::LIMITS;
use services::Error;
use services::outbox::{self, Recipient};
use shared::ChatId;
use shared::notification::MessageStatus;
use telegram_fake::{Fault, TestUser};

use super::fixtures::{all_finished, all_sent, enqueue_replies, low_stock_notice, wait_for_rows};
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
    let bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    bot_app.telegram.fail_next(Some("sendMessage"), Fault::Status(500), 2);
    let texts = ["satu", "dua", "tiga", "empat", "lima"];
    enqueue_replies(&bot_app.app, budi.id(), &texts).await;
    wait_for_rows(&bot_app.app, "all are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), texts);
}

/// Queues one notice per chat.
async fn notices(bot_app: &TelegramApp, people: &[TestUser]) {
    let chats: Vec<ChatId> = people.iter().map(|person| ChatId(person.id())).collect();
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for chat in &chats {
            outbox::enqueue(tx, Recipient::Chat(*chat), &low_stock_notice(1), "1")?;
        }
        Ok(())
    };
    bot_app.app.db.write(queue).await.unwrap();
}

fn crowd(bot_app: &TelegramApp, count: usize) -> Vec<TestUser> {
    let people: Vec<TestUser> =
        (0..count).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    people
}

async fn a_broadcast_does_not_delay_responses(backend: Backend) {
    let limits = ChannelLimits { per_second: 20, ..fast() };
    let bot_app = TelegramApp::start_with_running_clock(backend, limits).await;
    let people = crowd(&bot_app, 100);
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    notices(&bot_app, &people).await;
    wait_for_rows(&bot_app.app, "some have left", |rows| {
        !all_finished(rows) && rows.iter().any(|it| it.status != MessageStatus::Pending)
    })
    .await;
    let asked = Instant::now();
    enqueue_replies(&bot_app.app, budi.id(), &["Ini jawabannya"]).await;
    budi.expect("Ini jawabannya").await;
    let waited = asked.elapsed();
    let rows = super::fixtures::outbox_rows(&bot_app.app).await;
    let waiting = rows.iter().filter(|row| row.status == MessageStatus::Pending).count();
    assert!(waiting > 40, "the reply came after {} notices", 100 - waiting);
    assert!(waited < Duration::from_secs(1), "{waited:?}");
}

async fn a_chat_gets_one_message_per_interval(backend: Backend) {
    let pause = Duration::from_millis(300);
    let bot_app = TelegramApp::start_with_running_clock(
        backend,
        ChannelLimits { address_interval: pause, address_burst: 1, ..fast() },
    )
    .await;
    let (budi, siti) = (bot_app.unknown_user("Budi"), bot_app.unknown_user("Siti"));
    budi.open_chat();
    siti.open_chat();
    enqueue_replies(&bot_app.app, budi.id(), &["satu", "dua", "tiga"]).await;
    enqueue_replies(&bot_app.app, siti.id(), &["satu", "dua", "tiga"]).await;
    wait_for_rows(&bot_app.app, "all are sent", all_sent).await;
    for person in [&budi, &siti] {
        assert_eq!(person.chat().texts(), ["satu", "dua", "tiga"]);
        let log = bot_app.telegram.log();
        let at: Vec<Instant> =
            log.iter().filter(|it| it.chat == Some(person.id())).map(|it| it.at).collect();
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= pause), "{at:?}");
    }
}

async fn the_global_rate_limit_per_second_is_kept(backend: Backend) {
    let limits = LIMITS;
    let bot_app = TelegramApp::start_with_running_clock(backend, limits).await;
    // What Telegram allows; the limit of the worker leaves room for delays of the network.
    bot_app.telegram.enforce_limits(30, 1);
    let people = crowd(&bot_app, 60);
    let begun = Instant::now();
    for person in &people {
        enqueue_replies(&bot_app.app, person.id(), &["Halo"]).await;
    }
    wait_for_rows(&bot_app.app, "all are sent", all_sent).await;
    assert_eq!(bot_app.telegram.violations(), 0);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
