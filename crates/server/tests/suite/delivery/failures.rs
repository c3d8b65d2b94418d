//! What goes wrong on the way, and what becomes of the message.

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

use super::fixtures::{all_sent, answer, is_quiet, rows, text, until};
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
    let t = TelegramApp::start(backend).await;
    let budi = t.person("Budi");
    budi.open_chat();
    answer(&t.app, budi.id(), &["<b>Halo</b> Budi", "Apa kabar?"]).await;
    let rows = until(&t.app, "both are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["Halo Budi", "Apa kabar?"]);
    assert!(rows.iter().all(|row| row.attempts == 1 && row.external_id.is_some()));
}

async fn a_server_error_only_delays_delivery(backend: Backend) {
    let t = TelegramApp::start_running(backend, fast()).await;
    let budi = t.person("Budi");
    budi.open_chat();
    t.telegram.fail_next(Some("sendMessage"), Fault::Status(502), 2);
    answer(&t.app, budi.id(), &["Halo"]).await;
    let rows = until(&t.app, "it is sent", all_sent).await;
    assert_eq!((rows[0].attempts, rows[0].failure), (3, None));
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn a_lost_connection_only_delays_delivery(backend: Backend) {
    let t = TelegramApp::start_running(backend, fast()).await;
    let budi = t.person("Budi");
    budi.open_chat();
    t.telegram.fail_next(Some("sendMessage"), Fault::ConnectionReset, 1);
    answer(&t.app, budi.id(), &["Halo"]).await;
    until(&t.app, "it is sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn retry_after_pauses_one_chat_only(backend: Backend) {
    let t = TelegramApp::start_running(backend, fast()).await;
    let (budi, siti) = (t.person("Budi"), t.person("Siti"));
    budi.open_chat();
    siti.open_chat();
    let slower = Fault::TooManyRequests { retry_after: SLOW_RETRY };
    t.telegram.fail_next(Some("sendMessage"), slower, 1);
    answer(&t.app, budi.id(), &["Halo Budi"]).await;
    until(&t.app, "it was too fast", |rows| rows[0].failure == Some(DeliveryFailure::TooFast))
        .await;
    answer(&t.app, siti.id(), &["Halo Siti"]).await;
    siti.expect("Halo Siti").await;
    assert!(budi.chat().texts().is_empty());
    until(&t.app, "both are sent", all_sent).await;
    let tries = tries(&t, budi.id());
    assert!(tries[1] - tries[0] >= Duration::from_secs(SLOW_RETRY), "{tries:?}");
    assert!(tries[1] - tries[0] < Duration::from_secs(SLOW_RETRY + 2), "{tries:?}");
}

async fn a_global_retry_after_pauses_every_chat(backend: Backend) {
    let limits = ChannelLimits { max_concurrent: 1, ..fast() };
    let t = TelegramApp::start_running(backend, limits).await;
    let people: Vec<_> = (0..4).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(telegram_fake::TestUser::open_chat);
    let slower = Fault::TooManyRequests { retry_after: SLOW_RETRY };
    t.telegram.fail_next(Some("sendMessage"), slower, 2);
    let queue = people.iter().map(|person| answer(&t.app, person.id(), &["Halo"]));
    futures_util::future::join_all(queue).await;
    until(&t.app, "all are sent", all_sent).await;
    let log = t.telegram.log();
    let sends: Vec<_> = log.iter().filter(|it| it.method == "sendmessage").collect();
    let failed = sends.iter().rposition(|it| it.outcome == RequestOutcome::Failed).unwrap();
    let pause = sends[failed + 1].at - sends[failed].at;
    assert!(pause >= Duration::from_secs(SLOW_RETRY), "{pause:?}");
}

/// When messages to a chat were tried.
fn tries(t: &TelegramApp, chat: i64) -> Vec<std::time::Instant> {
    let log = t.telegram.log();
    let of_chat = log.iter().filter(|it| it.method == "sendmessage" && it.chat == Some(chat));
    of_chat.map(|it| it.at).collect()
}

async fn a_user_who_blocked_the_bot_is_not_retried(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let (client, siti) = t.office(Role::Admin, "Siti").await;
    let user = crate::harness::telegram::user_id(&client).await;
    siti.block_bot();
    answer(&t.app, siti.id(), &["Halo"]).await;
    let rows = until(&t.app, "it is given up", is_quiet).await;
    assert_eq!(rows[0].status, MessageStatus::Dead);
    assert_eq!(rows[0].failure, Some(DeliveryFailure::Blocked));
    assert_eq!(rows[0].attempts, 1);
    let link = move |conn: &mut db::Conn| db::tables::telegram_links::find_by_user(conn, user);
    assert!(t.app.db.read(link).await.unwrap().unwrap().blocked_at.is_some());
}

async fn a_permanent_error_is_not_retried(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    answer(&t.app, 4_711, &["Siapa di sana?"]).await;
    let rows = until(&t.app, "it is given up", is_quiet).await;
    assert_eq!(rows[0].status, MessageStatus::Dead);
    assert_eq!((rows[0].failure, rows[0].attempts), (Some(DeliveryFailure::Rejected), 1));
}

async fn an_edit_without_changes_counts_as_sent(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let budi = t.person("Budi");
    budi.open_chat();
    answer(&t.app, budi.id(), &["Halo"]).await;
    let sent = until(&t.app, "it is sent", all_sent).await;
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
    t.app.db.write(queue).await.unwrap();
    let rows = until(&t.app, "all are done", all_sent).await;
    assert_eq!(rows.len(), 4);
    assert_eq!(budi.chat().texts(), ["Hai"]);
}

async fn messages_claimed_by_a_dead_process_are_delivered(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let budi = t.person("Budi");
    budi.open_chat();
    let chat = ChatId(budi.id());
    // Taken up in the same transaction, so that the running worker can't be faster.
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        outbox::enqueue_reply(tx, chat, &text("Halo"), 1, 0)?;
        let long_ago = (tx.now() - TimeDelta::minutes(1)).naive_utc();
        let taken = table::claim(tx.conn(), &[NotificationId(1)], long_ago)?;
        assert_eq!(taken.len(), 1);
        Ok(())
    };
    t.app.db.write(queue).await.unwrap();
    let rows = until(&t.app, "it is sent", all_sent).await;
    assert_eq!(rows[0].attempts, 2);
    assert_eq!(budi.chat().texts(), ["Halo"]);
}

async fn a_killed_server_loses_no_message(backend: Backend) {
    let mut t = TelegramApp::start_running(backend, fast()).await;
    let budi = t.person("Budi");
    budi.open_chat();
    let silence = Fault::Hang(Duration::from_secs(10));
    t.telegram.fail_next(Some("sendMessage"), silence, 1);
    answer(&t.app, budi.id(), &["satu", "dua", "tiga"]).await;
    until(&t.app, "one is on its way", |rows| {
        rows.iter().any(|row| row.status == MessageStatus::Sending)
    })
    .await;
    t.app.kill();
    let another = t.another().await;
    // The leases of the killed one run out.
    t.app.clock.advance(TimeDelta::minutes(1));
    until(&another, "all are sent", all_sent).await;
    assert_eq!(budi.chat().texts(), ["satu", "dua", "tiga"]);
}

async fn after_an_outage_the_backlog_is_delivered_soon(backend: Backend) {
    let t = TelegramApp::start_running(backend, fast()).await;
    let people: Vec<_> = (0..30).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(telegram_fake::TestUser::open_chat);
    t.telegram.shut_down();
    for person in &people {
        answer(&t.app, person.id(), &["satu", "dua"]).await;
    }
    until(&t.app, "several tries have failed", |rows| {
        rows.iter().filter(|row| row.failure == Some(DeliveryFailure::Unreachable)).count() >= 5
    })
    .await;
    t.telegram.restart();
    until(&t.app, "all are sent", all_sent).await;
    let tried = rows(&t.app).await.iter().filter(|row| row.attempts > 1).count();
    assert!(people.iter().all(|person| person.chat().texts() == ["satu", "dua"]));
    // While it was away, it was only asked now and then.
    assert!(tried < 45, "{tried} of 60 were tried in vain");
}
