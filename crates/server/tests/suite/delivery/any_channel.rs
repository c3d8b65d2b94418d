//! Delivery over a channel that is not Telegram: the worker knows a channel by its trait only.

use std::time::Duration;

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox as table;
use notify::ChannelLimits;
use services::Error;
use services::delivery::{DeliveryOutcome, PauseReason};
use shared::NotificationId;
use shared::notification::{DeliveryFailure, MessageStatus, ReportedStatus};

use super::fixtures::{OutboxRow, all_sent, outbox_rows, wait_for_rows};
use super::test_channel::{FAST, TestChannel, enqueue, external_id, insert, report};
use crate::harness::telegram::fast;
use crate::harness::{Backend, TestApp};
use crate::on_both_databases;

on_both_databases!(starting:
    a_message_is_sent_and_keeps_the_id_of_the_provider,
    an_unknown_outcome_is_not_sent_again_until_a_report_settles_it,
    a_report_can_come_before_the_answer,
    reports_can_come_in_any_order,
    an_interrupted_delivery_is_not_repeated,
    an_address_gets_a_burst_and_then_one_message_per_interval,
    a_paused_account_holds_back_all_messages_and_costs_no_attempt,
);

const SITI: &str = "+6281234567890";
const BUDI: &str = "+6285700001111";
/// Longer than the worker waits before it reads the outbox again.
const QUIET: Duration = Duration::from_millis(1_500);

async fn app(backend: Backend) -> TestApp {
    TestApp::start_with_running_clock(backend, &[], fast()).await
}

fn status(row: &OutboxRow) -> (MessageStatus, Option<DeliveryFailure>) {
    (row.status, row.failure)
}

async fn a_message_is_sent_and_keeps_the_id_of_the_provider(backend: Backend) {
    let app = app(backend).await;
    let channel = TestChannel::new(&app, FAST);
    let worker = channel.start();
    enqueue(&app, SITI, &["satu", "dua"]).await;
    let rows = wait_for_rows(&app, "both are sent", all_sent).await;
    worker.stop().await;
    let texts: Vec<String> = channel.sent().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["satu", "dua"]);
    assert_eq!(rows[0].address.as_deref(), Some(SITI));
    assert_eq!(rows[0].external_id, Some(external_id(NotificationId(rows[0].id))));
}

async fn an_unknown_outcome_is_not_sent_again_until_a_report_settles_it(backend: Backend) {
    let app = app(backend).await;
    let channel = TestChannel::new(&app, FAST);
    channel.end_next_with(DeliveryOutcome::Unknown);
    channel.end_next_with(DeliveryOutcome::Unknown);
    let worker = channel.start();
    enqueue(&app, SITI, &["satu"]).await;
    enqueue(&app, BUDI, &["dua"]).await;
    let unknown = |rows: &[OutboxRow]| rows.iter().all(|row| row.status == MessageStatus::Unknown);
    let stored = wait_for_rows(&app, "both outcomes are unknown", unknown).await;
    // Later messages to the same address are not held up.
    enqueue(&app, SITI, &["tiga"]).await;
    wait_for_rows(&app, "the later one is sent", |rows| rows[2].status == MessageStatus::Sent)
        .await;
    tokio::time::sleep(QUIET).await;
    assert_eq!(channel.sent().len(), 3, "{:?}", channel.sent());
    report(&app.db, NotificationId(stored[0].id), ReportedStatus::Delivered).await;
    report(&app.db, NotificationId(stored[1].id), ReportedStatus::Failed).await;
    let settled = outbox_rows(&app).await;
    assert_eq!(status(&settled[0]), (MessageStatus::Sent, None));
    assert_eq!(status(&settled[1]), (MessageStatus::Dead, Some(DeliveryFailure::Rejected)));
    worker.stop().await;
}

async fn a_report_can_come_before_the_answer(backend: Backend) {
    let app = app(backend).await;
    let channel = TestChannel::new(&app, ChannelLimits { max_concurrent: 1, ..FAST });
    let failed = DeliveryOutcome::Failed(DeliveryFailure::Unreachable);
    for (report, outcome) in [
        (ReportedStatus::Accepted, DeliveryOutcome::Unknown),
        (ReportedStatus::Delivered, failed),
        (ReportedStatus::Failed, DeliveryOutcome::Delivered(None)),
    ] {
        channel.report_before_answer(report);
        channel.end_next_with(outcome);
    }
    let worker = channel.start();
    enqueue(&app, SITI, &["satu", "dua", "tiga"]).await;
    let ended = |rows: &[OutboxRow]| {
        rows.iter().all(|row| matches!(row.status, MessageStatus::Sent | MessageStatus::Dead))
    };
    let rows = wait_for_rows(&app, "all have ended", ended).await;
    let statuses: Vec<MessageStatus> = rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [MessageStatus::Sent, MessageStatus::Sent, MessageStatus::Dead]);
    assert_eq!(channel.sent().len(), 3, "{:?}", channel.sent());
    worker.stop().await;
}

async fn reports_can_come_in_any_order(backend: Backend) {
    let app = app(backend).await;
    let channel = TestChannel::new(&app, FAST);
    let worker = channel.start();
    enqueue(&app, SITI, &["satu"]).await;
    enqueue(&app, BUDI, &["dua"]).await;
    let sent = wait_for_rows(&app, "both are sent", all_sent).await;
    worker.stop().await;
    let (first, second) = (NotificationId(sent[0].id), NotificationId(sent[1].id));
    for status in [ReportedStatus::Read, ReportedStatus::Accepted, ReportedStatus::Failed] {
        report(&app.db, first, status).await;
    }
    assert_eq!(status(&outbox_rows(&app).await[0]), (MessageStatus::Sent, None), "it was read");
    for status in [ReportedStatus::Accepted, ReportedStatus::Failed, ReportedStatus::Delivered] {
        report(&app.db, second, status).await;
    }
    let failed = (MessageStatus::Dead, Some(DeliveryFailure::Rejected));
    assert_eq!(status(&outbox_rows(&app).await[1]), failed);
}

async fn an_interrupted_delivery_is_not_repeated(backend: Backend) {
    let app = app(backend).await;
    let claimed_before = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        insert(tx, SITI, "satu")?;
        let long_ago = (tx.now() - TimeDelta::minutes(1)).naive_utc();
        assert_eq!(table::claim(tx.conn(), &[NotificationId(1)], long_ago)?.len(), 1);
        Ok(())
    };
    app.db.write(claimed_before).await.unwrap();
    let channel = TestChannel::new(&app, FAST);
    let worker = channel.start();
    let unknown = |rows: &[OutboxRow]| rows[0].status == MessageStatus::Unknown;
    wait_for_rows(&app, "its outcome is unknown", unknown).await;
    tokio::time::sleep(QUIET).await;
    assert!(channel.sent().is_empty(), "{:?}", channel.sent());
    worker.stop().await;
}

async fn an_address_gets_a_burst_and_then_one_message_per_interval(backend: Backend) {
    let configured = Duration::from_secs(1);
    // The worker's timer and the times that the channel notes differ by some milliseconds.
    let interval = configured - Duration::from_millis(20);
    let limits = ChannelLimits { address_interval: configured, address_burst: 3, ..FAST };
    let app = app(backend).await;
    let channel = TestChannel::new(&app, limits);
    let worker = channel.start();
    enqueue(&app, SITI, &["satu", "dua", "tiga", "empat", "lima"]).await;
    enqueue(&app, BUDI, &["satu"]).await;
    wait_for_rows(&app, "all are sent", all_sent).await;
    worker.stop().await;
    let times = channel.times(SITI);
    // Without a burst the third one would wait for two intervals.
    assert!(times[2] - times[0] < interval * 2, "the burst waits: {times:?}");
    assert!(times[3] - times[0] >= interval, "the burst is too long: {times:?}");
    assert!(times[4] - times[3] >= interval, "the interval is too short: {times:?}");
    assert!(channel.times(BUDI)[0] < times[3], "one address holds up another");
}

async fn a_paused_account_holds_back_all_messages_and_costs_no_attempt(backend: Backend) {
    let pause = Duration::from_secs(2);
    let app = app(backend).await;
    let channel = TestChannel::new(&app, ChannelLimits { max_concurrent: 1, ..FAST });
    let wait = Some(TimeDelta::from_std(pause).unwrap());
    let reason = PauseReason::Billing;
    channel.end_next_with(DeliveryOutcome::AccountPaused { reason, wait });
    let worker = channel.start();
    enqueue(&app, SITI, &["satu"]).await;
    enqueue(&app, BUDI, &["dua"]).await;
    let rows = wait_for_rows(&app, "both are sent", all_sent).await;
    worker.stop().await;
    assert!(rows.iter().all(|row| row.attempts == 1), "{rows:?}");
    let sent = channel.sent();
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent[1].at - sent[0].at >= pause, "{sent:?}");
}
