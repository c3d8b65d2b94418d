//! Deduplication of Telegram updates, and registration of the bot commands.

use telegram_fake::FakeTelegram;

use super::fixtures::{all_finished, wait_for_rows};
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, TestApp};
use crate::on_both_databases;

on_both_databases!(starting:
    a_repeated_update_is_answered_once,
    an_update_repeated_to_another_instance_is_answered_once,
    the_bot_registers_its_commands_once_telegram_is_reachable,
);

async fn a_repeated_update_is_answered_once(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    let first = budi.send("/help");
    budi.wait_for("an answer", |chat| chat.last().map(|_| ())).await;
    bot_app.telegram.redeliver(first);
    budi.send("/tidakada");
    budi.wait_for("the second answer", |chat| (chat.texts().len() >= 2).then_some(())).await;
    wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    assert_eq!(budi.chat().texts().len(), 2, "{}", budi.transcript());
}

async fn an_update_repeated_to_another_instance_is_answered_once(backend: Backend) {
    let mut bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    let first = budi.send("/help");
    budi.wait_for("an answer", |chat| chat.last().map(|_| ())).await;
    wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    bot_app.app.kill();
    // The next server does not know the confirmed offset.
    bot_app.telegram.redeliver(first);
    let another = bot_app.start_instance().await;
    another.clock.advance(chrono::TimeDelta::minutes(1));
    budi.send("/tidakada");
    budi.wait_for("the second answer", |chat| (chat.texts().len() >= 2).then_some(())).await;
    wait_for_rows(&another, "nothing waits", all_finished).await;
    assert_eq!(budi.chat().texts().len(), 2, "{}", budi.transcript());
}

async fn the_bot_registers_its_commands_once_telegram_is_reachable(backend: Backend) {
    let telegram = FakeTelegram::start();
    telegram.shut_down();
    let url = telegram.api_url();
    let variables = [("TELEGRAM_BOT_TOKEN", telegram.token()), ("TELEGRAM_API_URL", url.as_str())];
    // The server starts although Telegram is unreachable.
    let app = TestApp::start_with(backend, &variables).await;
    telegram.restart();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while telegram.commands().is_empty() {
        assert!(std::time::Instant::now() < deadline, "it did not happen in time");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let commands = telegram.commands();
    assert!(commands.iter().any(|(name, _)| name.trim_start_matches('/') == "myjobs"));
    assert!(telegram.log().iter().any(|it| it.method == "deletewebhook"));
    drop(app);
}
