//! Delivery by several server instances on one database.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use notify::ChannelLimits;
use telegram_fake::TestUser;

use super::fixtures::{all_sent, enqueue_replies, wait_for_rows};
use crate::harness::Backend;
use crate::harness::telegram::{TelegramApp, fast};

const CHATS: usize = 20;
const MESSAGES_PER_CHAT: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_deliver_each_message_once_and_survive_a_failover() {
    let limits = ChannelLimits { per_second: 100, ..fast() };
    let mut bot_app = TelegramApp::start_with_running_clock(Backend::Postgres, limits).await;
    let another = bot_app.start_instance().await;
    let people: Vec<TestUser> =
        (0..CHATS).map(|n| bot_app.unknown_user(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    for person in &people {
        let texts: Vec<String> = (0..MESSAGES_PER_CHAT).map(|n| format!("Pesan {n}")).collect();
        enqueue_replies(
            &bot_app.app,
            person.id(),
            &texts.iter().map(String::as_str).collect::<Vec<_>>(),
        )
        .await;
    }
    wait_for_rows(&another, "some are sent", |rows| {
        rows.iter().filter(|row| row.external_id.is_some()).count() > CHATS
    })
    .await;
    bot_app.app.kill();
    another.clock.advance(TimeDelta::minutes(1));
    let rows = wait_for_rows(&another, "all are sent", all_sent).await;
    assert_eq!(rows.len(), CHATS * MESSAGES_PER_CHAT);
    let begun_twice = rows.iter().filter(|row| row.attempts > 1).count();
    let mut twice = 0;
    for person in &people {
        let chat = person.chat();
        let texts: BTreeSet<&str> = chat.texts().into_iter().collect();
        assert_eq!(texts.len(), MESSAGES_PER_CHAT, "{}", person.transcript());
        twice += chat.texts().len() - MESSAGES_PER_CHAT;
    }
    // Only messages in flight at the kill can arrive twice.
    assert!(twice <= begun_twice, "{twice} arrived twice, {begun_twice} were in flight");
}
