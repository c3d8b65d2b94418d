//! Delivery failures: retries, rate limits, permanent errors, crashes and outages.

use std::time::Duration;

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox as table;
use notify::ChannelLimits;
use notify::telegram::{Keyboard, Message};
use services::{Error, outbox};
use shared::notification::{DeliveryFailure, MessageStatus};
use shared::{ChatId, NotificationId, Role};
use telegram_fake::{Fault, RequestOutcome};

use super::fixtures::{
    all_finished, all_sent, enqueue_replies, outbox_rows, text_payload, wait_for_rows,
};
use crate::harness::Backend;
use crate::harness::telegram::{TelegramApp, fast};
use crate::on_both_databases;

on_both_databases!(starting:
    a_queued_message_is_delivered,
    a_server_error_only_delays_delivery,
    a_lost_connection_only_delays_delivery,
    retry_after_pauses_one_chat_only,
    a_global_retry_after_pauses_every_chat,
    a_user_who_blocked_the_bot_is_not_retried,
    a_permanent_error_is_not_retried,
    an_edit_without_changes_counts_as_sent,
    messages_claimed_by_a_dead_process_are_delivered,
    a_killed_server_loses_no_message,
    after_an_outage_the_backlog_is_delivered_soon,
);

const SLOW_RETRY: u64 = 2;

async fn a_queued_message_is_delivered(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    enqueue_replies(&bot_app.app, budi.id(), &["<b>Halo</b> Budi", "Apa kabar?"]).await;
    let rows = wait_for_rows(&bot_app.app, "both are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["Halo Budi", "Apa kabar?"]);
    assert!(rows.iter().all(|row| row.attempts == 1 && row.external_id.is_some()));
}

async fn a_server_error_only_delays_delivery(backend: Backend) {
    let bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    bot_app.telegram.fail_next(Some("sendMessage"), Fault::Status(502), 2);
    enqueue_replies(&bot_app.app, budi.id(), &["Halo"]).await;
    let rows = wait_for_rows(&bot_app.app, "it is sent", all_sent).await;
    assert_eq!((rows[0].attempts, rows[0].failure), (3, None));
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn a_lost_connection_only_delays_delivery(backend: Backend) {
    let bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    bot_app.telegram.fail_next(Some("sendMessage"), Fault::ConnectionReset, 1);
    enqueue_replies(&bot_app.app, budi.id(), &["Halo"]).await;
    wait_for_rows(&bot_app.app, "it is sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn retry_after_pauses_one_chat_only(backend: Backend) {
    let bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let (budi, siti) = (bot_app.unknown_user("Budi"), bot_app.unknown_user("Siti"));
    budi.open_chat();
    siti.open_chat();
    let slower = Fault::TooManyRequests { retry_after: SLOW_RETRY };
    bot_app.telegram.fail_next(Some("sendMessage"), slower, 1);
    enqueue_replies(&bot_app.app, budi.id(), &["Halo Budi"]).await;
    wait_for_rows(&bot_app.app, "it was too fast", |rows| {
        rows[0].failure == Some(DeliveryFailure::TooFast)
    })
    .await;
    enqueue_replies(&bot_app.app, siti.id(), &["Halo Siti"]).await;
    siti.expect("Halo Siti").await;
    assert!(budi.chat().texts().is_empty());
    wait_for_rows(&bot_app.app, "both are sent", all_sent).await;
    let tries = tries(&bot_app, budi.id());
    assert!(tries[1] - tries[0] >= Duration::from_secs(SLOW_RETRY), "{tries:?}");
    assert!(tries[1] - tries[0] < Duration::from_secs(SLOW_RETRY + 2), "{tries:?}");
}

async fn a_global_retry_after_pauses_every_chat(backend: Backend) {
    let limits = ChannelLimits { max_concurrent: 1, ..fast() };
    let bot_app = TelegramApp::start_with_running_clock(backend, limits).await;
    let people: Vec<_> = (0..4).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(telegram_fake::TestUser::open_chat);
    let slower = Fault::TooManyRequests { retry_after: SLOW_RETRY };
    bot_app.telegram.fail_next(Some("sendMessage"), slower, 2);
    let queue = people.iter().map(|person| enqueue_replies(&bot_app.app, person.id(), &["Halo"]));
    futures_util::future::join_all(queue).await;
    wait_for_rows(&bot_app.app, "all are sent", all_sent).await;
    let log = bot_app.telegram.log();
    let sends: Vec<_> = log.iter().filter(|it| it.method == "sendmessage").collect();
    let failed = sends.iter().rposition(|it| it.outcome == RequestOutcome::Failed).unwrap();
    let pause = sends[failed + 1].at - sends[failed].at;
    assert!(pause >= Duration::from_secs(SLOW_RETRY), "{pause:?}");
}

/// Returns when messages to a chat were tried.
fn tries(bot_app: &TelegramApp, chat: i64) -> Vec<std::time::Instant> {
    let log = bot_app.telegram.log();
    let of_chat = log.iter().filter(|it| it.method == "sendmessage" && it.chat == Some(chat));
    of_chat.map(|it| it.at).collect()
}

async fn a_user_who_blocked_the_bot_is_not_retried(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let (client, siti) = bot_app.office_user(Role::Admin, "Siti").await;
    let user = crate::harness::telegram::user_id(&client).await;
    siti.block_bot();
    enqueue_replies(&bot_app.app, siti.id(), &["Halo"]).await;
    let rows = wait_for_rows(&bot_app.app, "it is given up", all_finished).await;
    assert_eq!(rows[0].status, MessageStatus::Dead);
    assert_eq!(rows[0].failure, Some(DeliveryFailure::Blocked));
    assert_eq!(rows[0].attempts, 1);
    let link = move |conn: &mut db::Conn| db::tables::telegram_links::find_by_user(conn, user);
    assert!(bot_app.app.db.read(link).await.unwrap().unwrap().blocked_at.is_some());
}

async fn a_permanent_error_is_not_retried(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    enqueue_replies(&bot_app.app, 4_711, &["Siapa di sana?"]).await;
    let rows = wait_for_rows(&bot_app.app, "it is given up", all_finished).await;
    assert_eq!(rows[0].status, MessageStatus::Dead);
    assert_eq!((rows[0].failure, rows[0].attempts), (Some(DeliveryFailure::Rejected), 1));
}

async fn an_edit_without_changes_counts_as_sent(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    enqueue_replies(&bot_app.app, budi.id(), &["Halo"]).await;
    let sent = wait_for_rows(&bot_app.app, "it is sent", all_sent).await;
    let message_id: i32 = sent[0].external_id.as_ref().unwrap().parse().unwrap();
    let edit = |message_id: i32, text: &str| {
        let text = text.to_owned();
        Message::Edit { message_id, text, keyboard: Keyboard::None }
    };
    let edits =
        [edit(message_id, "Halo"), edit(message_id + 100, "Hilang"), edit(message_id, "Hai")];
    let bodies = edits.map(|edit| serde_json::to_string(&edit).unwrap());
    let chat = ChatId(budi.id());
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for (position, body) in bodies.iter().enumerate() {
            outbox::enqueue_reply(tx, chat, body, 1, position)?;
        }
        Ok(())
    };
    bot_app.app.db.write(queue).await.unwrap();
    let rows = wait_for_rows(&bot_app.app, "all are done", all_sent).await;
    assert_eq!(rows.len(), 4);
    // The answer whose message is gone comes as a new one.
    assert_eq!(budi.chat().texts(), ["Hai", "Hilang"]);
}

async fn messages_claimed_by_a_dead_process_are_delivered(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    let chat = ChatId(budi.id());
    // Claimed in the same transaction, so that the running worker cannot be faster.
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        outbox::enqueue_reply(tx, chat, &text_payload("Halo"), 1, 0)?;
        let long_ago = (tx.now() - TimeDelta::minutes(1)).naive_utc();
        let taken = table::claim(tx.conn(), &[NotificationId(1)], long_ago)?;
        assert_eq!(taken.len(), 1);
        Ok(())
    };
    bot_app.app.db.write(queue).await.unwrap();
    let rows = wait_for_rows(&bot_app.app, "it is sent", all_sent).await;
    assert_eq!(rows[0].attempts, 2);
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn a_killed_server_loses_no_message(backend: Backend) {
    let mut bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    let silence = Fault::Hang(Duration::from_secs(10));
    bot_app.telegram.fail_next(Some("sendMessage"), silence, 1);
    enqueue_replies(&bot_app.app, budi.id(), &["satu", "dua", "tiga"]).await;
    wait_for_rows(&bot_app.app, "one is on its way", |rows| {
        rows.iter().any(|row| row.status == MessageStatus::Sending)
    })
    .await;
    bot_app.app.kill();
    let another = bot_app.start_instance().await;
    // The leases of the killed server expire.
    bot_app.app.clock.advance(TimeDelta::minutes(1));
    wait_for_rows(&another, "all are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["satu", "dua", "tiga"]);
}

async fn after_an_outage_the_backlog_is_delivered_soon(backend: Backend) {
    let bot_app = TelegramApp::start_with_running_clock(backend, fast()).await;
    let people: Vec<_> = (0..30).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(telegram_fake::TestUser::open_chat);
    bot_app.telegram.shut_down();
    for person in &people {
        enqueue_replies(&bot_app.app, person.id(), &["satu", "dua"]).await;
    }
    wait_for_rows(&bot_app.app, "several tries have failed", |rows| {
        rows.iter().filter(|row| row.failure == Some(DeliveryFailure::Unreachable)).count() >= 5
    })
    .await;
    bot_app.telegram.restart();
    wait_for_rows(&bot_app.app, "all are sent", all_sent).await;
    let tried = outbox_rows(&bot_app.app).await.iter().filter(|row| row.attempts > 1).count();
    assert!(people.iter().all(|person| person.chat().texts() == ["satu", "dua"]));
    // During the outage there were only occasional attempts.
    assert!(tried < 45, "{tried} of 60 attempts failed");
}
