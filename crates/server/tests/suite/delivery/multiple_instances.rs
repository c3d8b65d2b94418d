//! Several servers on one database.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use notify::ChannelLimits;
use telegram_fake::TestUser;

use super::fixtures::{all_sent, answer, until};
use crate::harness::Backend;
use crate::harness::telegram::{TelegramApp, fast};

const CHATS: usize = 20;
const EACH: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_deliver_each_message_once_and_survive_a_failover() {
    let limits = ChannelLimits { per_second: 100, ..fast() };
    let mut t = TelegramApp::start_running(Backend::Postgres, limits).await;
    let another = t.another().await;
    let people: Vec<TestUser> = (0..CHATS).map(|n| t.person(&format!("Orang {n}"))).collect();
    people.iter().for_each(TestUser::open_chat);
    for person in &people {
        let texts: Vec<String> = (0..EACH).map(|n| format!("Pesan {n}")).collect();
        answer(&t.app, person.id(), &texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    until(&another, "some are sent", |rows| {
        rows.iter().filter(|row| row.external_id.is_some()).count() > CHATS
    })
    .await;
    t.app.kill();
    another.clock.advance(TimeDelta::minutes(1));
    let rows = until(&another, "all are sent", all_sent).await;
    assert_eq!(rows.len(), CHATS * EACH);
    let begun_twice = rows.iter().filter(|row| row.attempts > 1).count();
    let mut twice = 0;
    for person in &people {
        let chat = person.chat();
        let texts: BTreeSet<&str> = chat.texts().into_iter().collect();
        assert_eq!(texts.len(), EACH, "{}", person.transcript());
        twice += chat.texts().len() - EACH;
    }
    // Only what was on its way when the first server was killed can have arrived twice.
    assert!(twice <= begun_twice, "{twice} arrived twice, {begun_twice} were begun twice");
}
